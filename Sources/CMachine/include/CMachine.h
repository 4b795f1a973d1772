#ifndef CMACHINE_H
#define CMACHINE_H

#include <sys/types.h>

/// The number of processors that a thread may run on (sched_getaffinity(2)); 0 for `pid` means the calling thread.
///
/// Returns the count, at least 1, or a negated errno. Swift cannot call the function itself: glibc declares it only
/// where _GNU_SOURCE is defined.
int cmachine_processor_count(pid_t pid);

#endif
