// The list of loops, clocks, and memory.
#define _GNU_SOURCE
#include "loops.h"

#include <sys/mman.h>
#include <time.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

static const ml_list *all(void) {
  static ml_list list;
  if (list.count == 0) {
    ml_add_portable(&list);
    ml_add_avx2(&list);
    ml_add_avx512(&list);
    ml_add_neon(&list);
  }
  return &list;
}

int ml_loop_count(void) { return all()->count; }

const ml_loop *ml_loop_at(int index) {
  const ml_list *list = all();
  return index >= 0 && index < list->count ? list->loops[index] : NULL;
}

int64_t ml_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t ml_ticks(void) {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return (uint64_t)ml_nanoseconds();
#endif
}

void ml_spin(long steps) {
  uint64_t value = 1;
  for (long i = 0; i < steps; i++) {
    value = value * 3 + 1;
    // Not to be worked out beforehand.
    __asm__ volatile("" : "+r"(value));
  }
}

void *ml_memory(size_t bytes) {
  const size_t huge = (size_t)2 << 20;
  const size_t size = (bytes + huge - 1) / huge * huge;
  char *raw = mmap(NULL, size + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (raw == MAP_FAILED) return NULL;
  char *memory = (char *)(((uintptr_t)raw + huge - 1) / huge * huge);
#ifdef MADV_HUGEPAGE
  madvise(memory, size, MADV_HUGEPAGE);
#endif
  // Written to, so that no two pages are the one page of zeros.
  for (size_t i = 0; i < size; i += 4096) memory[i] = 0;
  return memory;
}
