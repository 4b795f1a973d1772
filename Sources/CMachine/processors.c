#define _GNU_SOURCE
#include "CMachine.h"

#include <errno.h>
#include <sched.h>

int cmachine_processor_count(int pid) {
    // The kernel refuses a set that is smaller than its own with EINVAL; its largest configuration has 8,192 processors.
    for (int processors = 1024; processors <= 65536; processors *= 4) {
        cpu_set_t *set = CPU_ALLOC(processors);
        if (set == NULL) {
            return -ENOMEM;
        }
        size_t size = CPU_ALLOC_SIZE(processors);
        int result = sched_getaffinity(pid, size, set) == 0 ? CPU_COUNT_S(size, set) : -errno;
        CPU_FREE(set);
        if (result != -EINVAL) {
            return result;
        }
    }
    return -EINVAL;
}
