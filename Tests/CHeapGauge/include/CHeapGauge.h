#pragma once
// Counts the bytes that the calling thread has on the heap, with CAllocationCounter's malloc and a free of its own.
// For tests alone: memory must come from glibc's allocator. Elsewhere, and under a
// sanitizer, it stays 0.

/// Bytes that this thread has allocated so far less those that it has freed, as the allocator rounds them.
long heap_gauge_bytes(void);
