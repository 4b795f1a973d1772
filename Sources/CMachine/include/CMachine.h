#ifndef CMACHINE_H
#define CMACHINE_H

// The messages of sock_diag(7), which the C library's module leaves out. No header of the C library itself: its types
// would then be this module's to Swift.
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

/// The number of processors that a thread may run on (sched_getaffinity(2)); 0 for `pid` means the calling thread.
///
/// Returns the count, at least 1, or a negated errno. Swift cannot call the function itself: glibc declares it only
/// where _GNU_SOURCE is defined.
int cmachine_processor_count(int pid);

#endif
