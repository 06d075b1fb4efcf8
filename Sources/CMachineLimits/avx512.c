// AVX-512, with VNNI and BF16 where the processor has them.
#include "loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))
#define VNNI __attribute__((target("avx512f,avx512vnni")))
#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define KEEP(value) __asm__ volatile("" ::"v"(value))
#define HIDE(value) __asm__ volatile("" : "+v"(value))
#define START_F(i) __m512 c##i = _mm512_set1_ps(i);
#define STEP_F(i) c##i = _mm512_fmadd_ps(c##i, m, a);
#define START_I(i) __m512i c##i = _mm512_set1_epi32(i);
#define STEP_I(i) c##i = _mm512_dpbusd_epi32(c##i, m, a);
#define STEP_B(i) c##i = _mm512_dpbf16_ps(c##i, (__m512bh)m, (__m512bh)a);

#define FLOATS __m512 m = _mm512_set1_ps(.5f), a = _mm512_set1_ps(1);
#define CODES __m512i m = _mm512_set1_epi32(0x03030303), a = _mm512_set1_epi32(0x01010101);
#define BRAIN_FLOATS __m512i m = _mm512_set1_epi32(0x3f003f00), a = _mm512_set1_epi32(0x3f803f80);
ML_COMPUTE_4(fma, 8, 12, 16, 20, AVX512, START_F, STEP_F, 32.0, FLOATS)
ML_COMPUTE_4(dot, 10, 12, 16, 20, VNNI, START_I, STEP_I, 128.0, CODES)
ML_COMPUTE_4(bf16, 10, 12, 16, 20, BF16, START_F, STEP_B, 64.0, BRAIN_FLOATS)

#define LOAD(p, i) KEEP(_mm512_load_ps(p + i))
ML_READ_LOOPS(AVX512, __m512)

#define LOAD_R(i) LOAD(r, i);
#define LOAD_S(i) LOAD(s, i);
AVX512 static double read_4(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const size_t quarter = bytes / sizeof(__m512) / 4;
    const __m512 *p = memory, *q = p + quarter, *r = q + quarter, *s = r + quarter;
    for (const __m512 *end = q; p < end; p += 8, q += 8, r += 8, s += 8) {
      ML_8(ML_LOAD_P) ML_8(ML_LOAD_Q) ML_8(LOAD_R) ML_8(LOAD_S)
    }
  }
  return (double)bytes * (double)times;
}

// As the kernels read: every load is used by a multiply-add.
AVX512 static double read_fma(const void *memory, size_t bytes, long times) {
  __m512 m = _mm512_set1_ps(.5f);
  ML_8(START_F)
  for (long t = 0; t < times; t++) {
    const __m512 *p = memory, *end = p + bytes / sizeof(__m512);
    for (; p < end; p += 8) {
#define USE(i) c##i = _mm512_fmadd_ps(_mm512_load_ps(p + i), m, c##i);
      ML_8(USE)
    }
    ML_8(ML_KEEP_ACCUMULATOR)
  }
  return (double)bytes * (double)times;
}

static const ml_loop plain[] = {
    ML_ROWS_4("avx512", ml_f32_fma, fma, 8, 12, 16, 20),
    {"avx512-1", ml_read, read_1}, {"avx512-ahead", ml_read, read_ahead},
    {"avx512-2", ml_read, read_2}, {"avx512-4", ml_read, read_4}, {"avx512-fma", ml_read, read_fma},
};
static const ml_loop vnni[] = {ML_ROWS_4("vnni", ml_int8_dot, dot, 10, 12, 16, 20)};
static const ml_loop bf16[] = {ML_ROWS_4("bf16", ml_bf16_dot, bf16, 10, 12, 16, 20)};

void ml_add_avx512(ml_list *list) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512f")) return;
  ml_add(list, plain, ML_COUNT(plain));
  if (__builtin_cpu_supports("avx512vnni")) ml_add(list, vnni, ML_COUNT(vnni));
  if (__builtin_cpu_supports("avx512bf16")) ml_add(list, bf16, ML_COUNT(bf16));
}
#else
void ml_add_avx512(ml_list *list) { (void)list; }
#endif
