#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

/// The calls of malloc, calloc, realloc and their kin that this process made so far.
///
/// A program that links this target has the C library's allocator behind functions that count; what they cost is one
/// relaxed atomic addition a call.
unsigned long allocations_so_far(void);

#endif
