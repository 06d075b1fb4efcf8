#pragma once
// Counts the heap allocations of the calling thread. Linux with glibc only; elsewhere, and under a sanitizer, it stays
// 0 and says so.

// A sanitizer's malloc and free belong together, and nothing may come between.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ALLOCATOR_IS_TAKEN 1
#endif
#endif
#ifndef ALLOCATOR_IS_TAKEN
#define ALLOCATOR_IS_TAKEN 0
#endif

/// Allocations of this thread so far.
long allocation_counter_value(void);

/// 1 where allocations are counted, else 0.
int allocation_counter_works(void);

/// 1 in a build with a sanitizer that has the allocator, so that nothing is counted.
int allocation_counter_stands_aside(void);

/// From here on an allocation that fails writes a sentence to standard error and ends the process with that code; 0, the
/// default, gives its caller null.
void allocation_failure_ends_process(int exit_code);

/// Called with what was allocated, and with what realloc is about to give up, where somebody asks; null by default.
extern void (*allocation_counter_took)(void *pointer);
extern void (*allocation_counter_gives)(void *pointer);
