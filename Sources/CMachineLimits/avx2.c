// AVX2 and FMA.
#include "loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
#define KEEP(value) __asm__ volatile("" ::"x"(value))
#define HIDE(value) __asm__ volatile("" : "+x"(value))
#define START_F(i) __m256 c##i = _mm256_set1_ps(i);
#define STEP_F(i) c##i = _mm256_fmadd_ps(c##i, m, a);
#define START_I(i) __m256i c##i = _mm256_set1_epi32(i);
// 16-bit pairs are exact where 7-bit codes are used; the most that AVX2 alone can do.
#define STEP_I(i) \
  c##i = _mm256_add_epi32(c##i, _mm256_madd_epi16(_mm256_maddubs_epi16(m, a), one)); \
  HIDE(m);

#define FLOATS                                           \
  __m256 m = _mm256_set1_ps(.5f), a = _mm256_set1_ps(1); \
  HIDE(m);                                               \
  HIDE(a);
#define CODES                                                                           \
  __m256i m = _mm256_set1_epi8(3), a = _mm256_set1_epi8(1), one = _mm256_set1_epi16(1); \
  HIDE(a);                                                                              \
  HIDE(one);
ML_COMPUTE_LOOP(fma, 8, AVX2, FLOATS, START_F, STEP_F, 16.0)
ML_COMPUTE_LOOP(fma, 10, AVX2, FLOATS, START_F, STEP_F, 16.0)
ML_COMPUTE_LOOP(fma, 12, AVX2, FLOATS, START_F, STEP_F, 16.0)
ML_COMPUTE_LOOP(dot, 6, AVX2, CODES, START_I, STEP_I, 64.0)
ML_COMPUTE_LOOP(dot, 8, AVX2, CODES, START_I, STEP_I, 64.0)
ML_COMPUTE_LOOP(dot, 10, AVX2, CODES, START_I, STEP_I, 64.0)

#define LOAD(p, i) KEEP(_mm256_load_ps((const float *)(p + i)))
ML_READ_LOOPS(AVX2, __m256)

static const ml_loop table[] = {
    {"avx2-8", ml_f32_fma, fma_8},    {"avx2-10", ml_f32_fma, fma_10},
    {"avx2-12", ml_f32_fma, fma_12},  {"avx2-6", ml_int8_dot, dot_6},
    {"avx2-8", ml_int8_dot, dot_8},   {"avx2-10", ml_int8_dot, dot_10},
    {"avx2-1", ml_read, read_1},      {"avx2-ahead", ml_read, read_ahead},
    {"avx2-2", ml_read, read_2},
};

void ml_add_avx2(ml_list *list) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    ml_add(list, table, ML_COUNT(table));
}
#else
void ml_add_avx2(ml_list *list) { (void)list; }
#endif
