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
#define KEEP_C(i) KEEP(c##i);

#define FLOAT_LOOP(number)                                                              \
  AVX2 static double fma_##number(const void *memory, size_t bytes, long times) {       \
    (void)memory, (void)bytes;                                                          \
    __m256 m = _mm256_set1_ps(.5f), a = _mm256_set1_ps(1);                              \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START_F) for (long t = 0; t < times; t++) { ML_##number(STEP_F) }       \
    ML_##number(KEEP_C) return 16.0 * number * (double)times;                           \
  }
FLOAT_LOOP(8)
FLOAT_LOOP(10)
FLOAT_LOOP(12)

#define INTEGER_LOOP(number)                                                            \
  AVX2 static double dot_##number(const void *memory, size_t bytes, long times) {       \
    (void)memory, (void)bytes;                                                          \
    __m256i m = _mm256_set1_epi8(3), a = _mm256_set1_epi8(1), one = _mm256_set1_epi16(1); \
    HIDE(a);                                                                            \
    HIDE(one);                                                                          \
    ML_##number(START_I) for (long t = 0; t < times; t++) { ML_##number(STEP_I) }       \
    ML_##number(KEEP_C) return 64.0 * number * (double)times;                           \
  }
INTEGER_LOOP(6)
INTEGER_LOOP(8)
INTEGER_LOOP(10)

AVX2 static double read_1(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *end = p + bytes / 4;
    for (; p < end; p += 64) {
#define LOAD(i) KEEP(_mm256_load_ps(p + 8 * i));
      ML_8(LOAD)
#undef LOAD
    }
  }
  return (double)bytes * (double)times;
}

AVX2 static double read_ahead(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *end = p + bytes / 4;
    for (; p < end; p += 64) {
      for (int line = 0; line < 4; line++) _mm_prefetch((const char *)p + 4096 + 64 * line, _MM_HINT_T0);
#define LOAD(i) KEEP(_mm256_load_ps(p + 8 * i));
      ML_8(LOAD)
#undef LOAD
    }
  }
  return (double)bytes * (double)times;
}

AVX2 static double read_2(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *q = p + bytes / 8, *end = q;
    for (; p < end; p += 64, q += 64) {
#define LOAD(i) KEEP(_mm256_load_ps(p + 8 * i)); KEEP(_mm256_load_ps(q + 8 * i));
      ML_8(LOAD)
#undef LOAD
    }
  }
  return (double)bytes * (double)times;
}

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
