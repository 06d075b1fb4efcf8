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

#define FLOATS __m256 m = _mm256_set1_ps(.5f), a = _mm256_set1_ps(1);
#define CODES                                                                           \
  __m256i m = _mm256_set1_epi8(3), a = _mm256_set1_epi8(1), one = _mm256_set1_epi16(1); \
  HIDE(one);
ML_COMPUTE_3(fma, 8, 10, 12, AVX2, START_F, STEP_F, 16.0, FLOATS)
ML_COMPUTE_3(dot, 6, 8, 10, AVX2, START_I, STEP_I, 64.0, CODES)

#define LOAD(p, i) KEEP(_mm256_load_ps((const float *)(p + i)))
ML_READ_LOOPS(AVX2, __m256)

static const ml_loop table[] = {
    ML_ROWS_3("avx2", ml_f32_fma, fma, 8, 10, 12), ML_ROWS_3("avx2", ml_int8_dot, dot, 6, 8, 10),
    {"avx2-1", ml_read, read_1}, {"avx2-ahead", ml_read, read_ahead}, {"avx2-2", ml_read, read_2},
};

void ml_add_avx2(ml_list *list) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    ml_add(list, table, ML_COUNT(table));
}
#else
void ml_add_avx2(ml_list *list) { (void)list; }
#endif
