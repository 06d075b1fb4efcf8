// AVX-512 with VNNI and BF16: reduced products by their dot instructions.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512bf16"))), \
    apply_to = function)
#define CK_AVX512_VNNI
#define CK_AVX512_BF16
#include "vectors/avx512.h"

#define ONE_ROW_BLOCKS 4
#define TILE_ROWS 6
#define TILE_VECTORS 2
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

// A dot product does the work of two multiply-adds: on Zen in the time of one, on Sapphire Rapids in that
// of four.
int ck_avx512_bf16_pays(void) { return dot_ticks() < 2 * multiply_add_ticks(); }
#pragma clang attribute pop

const ck_kernels ck_avx512_bf16 = KERNEL_TABLE("avx512", "vnni bf16");
#endif
