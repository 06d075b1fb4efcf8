#include "CAllocationCounter.h"

#include <stddef.h>
// __GLIBC__ comes with any header that includes features.h; stddef.h is the compiler's own.
#include <stdlib.h>

static _Thread_local long count;

long allocation_counter_value(void) { return count; }

#if defined(__GLIBC__)
int allocation_counter_works(void) { return 1; }

// The program's own malloc comes before glibc's, which stays reachable under other names.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  count++;
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count++;
  return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
  count++;
  return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count++;
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  count++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  count++;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : 12;
}
#else
int allocation_counter_works(void) { return 0; }
#endif
