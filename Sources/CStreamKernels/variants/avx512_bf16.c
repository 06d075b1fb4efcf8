// AVX-512 with VNNI and BF16: reduced products by their dot instructions.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#if defined(__x86_64__)
#define HAS_VNNI
#define HAS_BF16
BEGIN_TARGET(AVX512_BF16_INSTRUCTIONS)
#include "vectors/avx512.h"

#include "kernels/kernels.h"

// Ticks of a few hundred instructions, twelve of them independent, the least of several runs.
#define LEAST_TICKS(instruction) \
  uint64_t least = UINT64_MAX; \
  for (int run = 0; run < 16; run++) { \
    V sums[12]; \
    UNROLL for (int i = 0; i < 12; i++) sums[i] = v_zero(); \
    const uint64_t start = __rdtsc(); \
    for (int n = 0; n < 64; n++) { \
      UNROLL for (int i = 0; i < 12; i++) { \
        sums[i] = instruction; \
        __asm__ volatile("" : "+v"(sums[i])); \
      } \
    } \
    const uint64_t ticks = __rdtsc() - start; \
    if (ticks < least) least = ticks; \
  } \
  return least;

static uint64_t dot_ticks(void) { LEAST_TICKS(bf16_dot(sums[i], vi_zero(), vi_zero())) }
static uint64_t multiply_add_ticks(void) { LEAST_TICKS(v_fma(v_zero(), v_zero(), sums[i])) }

// A dot product does the work of two multiply-adds. It takes the time of one on Zen, of four on Sapphire
// Rapids.
static int pays(void) { return dot_ticks() < 2 * multiply_add_ticks(); }
END_TARGET

static int is_available(void) {
  return ck_avx512_vnni.is_available() && __builtin_cpu_supports("avx512bf16");
}

static const ck_kernels kernels = KERNEL_TABLE("avx512", "vnni bf16");
const ck_variant ck_avx512_bf16 = {
    .kernels = &kernels, .is_available = is_available, .pays = pays};
#endif
