// Every table of kernels of this build, and the mode that kernels run in.
#include "variants/variant.h"

#include <stdlib.h>

// In order of preference. A new processor adds a line.
static const ck_variant *const variants[] = {
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

intptr_t ck_table_count(void) { return (intptr_t)(sizeof variants / sizeof variants[0]); }

const ck_kernels *ck_table(intptr_t index) { return variants[index]->kernels; }

int32_t ck_table_available(intptr_t index) {
  const ck_variant *variant = variants[index];
  return !variant->is_available || variant->is_available();
}

int32_t ck_table_pays(intptr_t index) {
  const ck_variant *variant = variants[index];
  return !variant->pays || variant->pays();
}

const char *ck_forced_name(void) { return getenv("LOCKSTEP_KERNELS"); }

intptr_t ck_product_scratch_bytes(intptr_t columns, intptr_t rows) {
  // Pairs of bf16 widened to floats need most: eight bytes for two columns, the scale of each row, and
  // as many bytes behind the last row as a vector may write.
  return rows * ((columns + 1) / 2 * 8 + 4) + 192;
}

intptr_t ck_gru_scratch_bytes(intptr_t inputs, intptr_t hidden_size, intptr_t rows) {
  return gru_hidden_scratch(inputs, rows) + ck_product_scratch_bytes(hidden_size, rows);
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
