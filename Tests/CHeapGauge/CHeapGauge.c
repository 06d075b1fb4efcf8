#include "CHeapGauge.h"

#include <stdlib.h>

#include "CAllocationCounter.h"

static _Thread_local long bytes;

long heap_gauge_bytes(void) { return bytes; }

#if defined(__GLIBC__) && !ALLOCATOR_IS_TAKEN
#include <malloc.h>

void __libc_free(void *pointer);

static void took(void *pointer) { bytes += (long)malloc_usable_size(pointer); }
static void gives(void *pointer) { bytes -= (long)malloc_usable_size(pointer); }

__attribute__((constructor)) static void begin(void) {
  allocation_counter_took = took;
  allocation_counter_gives = gives;
}

void free(void *pointer) {
  if (pointer) gives(pointer);
  __libc_free(pointer);
}
#endif
