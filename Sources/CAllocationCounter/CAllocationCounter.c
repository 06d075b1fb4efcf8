// For RTLD_NEXT.
#define _GNU_SOURCE
#include "CAllocationCounter.h"

#include <stddef.h>
// __GLIBC__ comes with any header that includes features.h; stddef.h is the compiler's own.
#include <stdlib.h>

int allocation_counter_stands_aside(void) { return ALLOCATOR_IS_TAKEN; }

static _Thread_local long count;

void (*allocation_counter_took)(void *pointer);
void (*allocation_counter_gives)(void *pointer);

static int failure_code;

void allocation_failure_ends_process(int exit_code) { failure_code = exit_code; }

long allocation_counter_value(void) { return count; }

#if defined(__GLIBC__) && !ALLOCATOR_IS_TAKEN
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

int allocation_counter_works(void) { return 1; }

// The program's own malloc comes before all others. What it passes calls on to is what there would be without it, a
// preloaded allocator or glibc's: memory must come from where free, which is not replaced, takes it back.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

// The next function of that name, looked up at the first call. Looking up allocates nothing where it succeeds; should
// it, the call that comes meanwhile goes to glibc's.
#define NEXT(name, fallback)                                        \
  static __typeof__(&fallback) next;                                \
  static _Thread_local int is_looking;                              \
  if (!next && !is_looking) {                                       \
    is_looking = 1;                                                 \
    next = (__typeof__(&fallback))dlsym(RTLD_NEXT, name);           \
    is_looking = 0;                                                 \
  }                                                                 \
  __typeof__(&fallback) call = next ? next : &fallback;             \
  count++

// Says what could not be had, with nothing but the stack, and ends the process.
static void fail(size_t size) {
  char line[128] = "Error: there is no memory for ", digits[24];
  size_t end = strlen(line), count = 0;
  do digits[count++] = (char)('0' + size % 10);
  while (size /= 10);
  while (count) line[end++] = digits[--count];
  static const char rest[] = " bytes more, expected them within the limits of this process\n";
  memcpy(line + end, rest, sizeof rest);
  if (write(2, line, end + sizeof rest - 1) < 0) _exit(failure_code);
  _exit(failure_code);
}

static void *took(void *pointer, size_t size) {
  if (!pointer && size && failure_code) fail(size);
  if (allocation_counter_took && pointer) allocation_counter_took(pointer);
  return pointer;
}

void *malloc(size_t size) {
  NEXT("malloc", __libc_malloc);
  return took(call(size), size);
}

void *calloc(size_t number, size_t size) {
  NEXT("calloc", __libc_calloc);
  return took(call(number, size), number && size ? number * size : 0);
}

void *realloc(void *pointer, size_t size) {
  NEXT("realloc", __libc_realloc);
  if (allocation_counter_gives && pointer) allocation_counter_gives(pointer);
  return took(call(pointer, size), size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  NEXT("aligned_alloc", __libc_memalign);
  return took(call(alignment, size), size);
}

void *memalign(size_t alignment, size_t size) {
  NEXT("memalign", __libc_memalign);
  return took(call(alignment, size), size);
}

// Its own error codes, EINVAL and ENOMEM.
int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) || alignment & (alignment - 1) || !alignment) return 22;
  NEXT("memalign", __libc_memalign);
  *result = took(call(alignment, size), size);
  return *result ? 0 : 12;
}
#else
int allocation_counter_works(void) { return 0; }
#endif
