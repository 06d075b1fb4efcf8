// Which kernels there are and which of them this processor can run.
#include "variants/tables.h"

#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

static const ck_kernels *const tables[] = {
#if defined(__x86_64__)
    &ck_avx512_bf16,
    &ck_avx512_vnni,
    &ck_avx512,
    &ck_avx2,
#elif defined(__aarch64__)
    &ck_neon_dot,
    &ck_neon,
#endif
    &ck_portable,
};

#if defined(__aarch64__)
// Every Apple processor has it; Linux says so in the auxiliary vector (HWCAP_ASIMDDP).
static int has_dot(void) {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & (1ul << 20)) != 0;
#else
  return 1;
#endif
}
#endif

intptr_t ck_table_count(void) { return (intptr_t)(sizeof tables / sizeof tables[0]); }

const ck_kernels *ck_table(intptr_t index) { return tables[index]; }

int32_t ck_table_available(intptr_t index) {
#if defined(__x86_64__)
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (tables[index] == &ck_avx2) return avx2;
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("avx512dq");
  const int vnni = avx512 && __builtin_cpu_supports("avx512vnni");
  if (tables[index] == &ck_avx512) return avx512;
  if (tables[index] == &ck_avx512_vnni) return vnni;
  if (tables[index] == &ck_avx512_bf16) return vnni && __builtin_cpu_supports("avx512bf16");
#elif defined(__aarch64__)
  if (tables[index] == &ck_neon_dot) return has_dot();
#endif
  return 1;
}

int32_t ck_table_pays(intptr_t index) {
#if defined(__x86_64__)
  if (tables[index] == &ck_avx512_bf16) return ck_avx512_bf16_pays();
#endif
  return 1;
}

const char *ck_forced_name(void) { return getenv("LOCKSTEP_KERNELS"); }

intptr_t ck_code_bytes(intptr_t columns, intptr_t rows) {
  // Pairs of bf16 widened to floats need most: four bytes a column, whole elements, and as many bytes
  // behind the last row as a vector may write.
  return rows * ((columns + 1) / 2 * 8 + 4) + 192;
}

uint64_t ck_enter(void) {
#if defined(__x86_64__)
  const uint64_t mode = _mm_getcsr();
  // All exceptions masked, round to nearest, results and inputs flushed.
  _mm_setcsr(0x9FC0);
  return mode;
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)1 << 24));
  return mode;
#else
  return 0;
#endif
}

void ck_leave(uint64_t mode) {
#if defined(__x86_64__)
  _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}
