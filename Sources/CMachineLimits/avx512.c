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
#define KEEP_C(i) KEEP(c##i);

#define FLOAT_LOOP(number)                                                              \
  AVX512 static double fma_##number(const void *memory, size_t bytes, long times) {     \
    (void)memory, (void)bytes;                                                          \
    __m512 m = _mm512_set1_ps(.5f), a = _mm512_set1_ps(1);                              \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START_F) for (long t = 0; t < times; t++) { ML_##number(STEP_F) }       \
    ML_##number(KEEP_C) return 32.0 * number * (double)times;                           \
  }
FLOAT_LOOP(8)
FLOAT_LOOP(12)
FLOAT_LOOP(16)
FLOAT_LOOP(20)

#define INTEGER_LOOP(number)                                                            \
  VNNI static double dot_##number(const void *memory, size_t bytes, long times) {       \
    (void)memory, (void)bytes;                                                          \
    __m512i m = _mm512_set1_epi32(0x03030303), a = _mm512_set1_epi32(0x01010101);       \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START_I) for (long t = 0; t < times; t++) { ML_##number(STEP_I) }       \
    ML_##number(KEEP_C) return 128.0 * number * (double)times;                          \
  }
INTEGER_LOOP(10)
INTEGER_LOOP(12)
INTEGER_LOOP(16)
INTEGER_LOOP(20)

#define BRAIN_LOOP(number)                                                              \
  BF16 static double bf16_##number(const void *memory, size_t bytes, long times) {      \
    (void)memory, (void)bytes;                                                          \
    __m512i m = _mm512_set1_epi32(0x3f003f00), a = _mm512_set1_epi32(0x3f803f80);       \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START_F) for (long t = 0; t < times; t++) { ML_##number(STEP_B) }       \
    ML_##number(KEEP_C) return 64.0 * number * (double)times;                           \
  }
BRAIN_LOOP(10)
BRAIN_LOOP(12)
BRAIN_LOOP(16)
BRAIN_LOOP(20)

#define LOADS(p) ML_8(LOAD_##p)
#define LOAD_p(i) KEEP(_mm512_load_ps(p + 16 * i));
#define LOAD_q(i) KEEP(_mm512_load_ps(q + 16 * i));
#define LOAD_r(i) KEEP(_mm512_load_ps(r + 16 * i));
#define LOAD_s(i) KEEP(_mm512_load_ps(s + 16 * i));

AVX512 static double read_1(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *end = p + bytes / 4;
    for (; p < end; p += 128) { LOADS(p) }
  }
  return (double)bytes * (double)times;
}

AVX512 static double read_ahead(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *end = p + bytes / 4;
    for (; p < end; p += 128) {
#define AHEAD(i) _mm_prefetch((const char *)p + 4096 + 64 * i, _MM_HINT_T0);
      ML_8(AHEAD)
      LOADS(p)
    }
  }
  return (double)bytes * (double)times;
}

AVX512 static double read_2(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *q = p + bytes / 8, *end = q;
    for (; p < end; p += 128, q += 128) { LOADS(p) LOADS(q) }
  }
  return (double)bytes * (double)times;
}

AVX512 static double read_4(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const float *p = memory, *q = p + bytes / 16, *r = q + bytes / 16, *s = r + bytes / 16;
    for (const float *end = q; p < end; p += 128, q += 128, r += 128, s += 128) {
      LOADS(p) LOADS(q) LOADS(r) LOADS(s)
    }
  }
  return (double)bytes * (double)times;
}

// As the kernels read: every load is used by a multiply-add.
AVX512 static double read_fma(const void *memory, size_t bytes, long times) {
  __m512 m = _mm512_set1_ps(.5f);
  ML_8(START_F)
  for (long t = 0; t < times; t++) {
    const float *p = memory, *end = p + bytes / 4;
    for (; p < end; p += 128) {
#define USE(i) c##i = _mm512_fmadd_ps(_mm512_load_ps(p + 16 * i), m, c##i);
      ML_8(USE)
    }
    ML_8(KEEP_C)
  }
  return (double)bytes * (double)times;
}

static const ml_loop plain[] = {
    {"avx512-8", ml_f32_fma, fma_8},     {"avx512-12", ml_f32_fma, fma_12},
    {"avx512-16", ml_f32_fma, fma_16},   {"avx512-20", ml_f32_fma, fma_20},
    {"avx512-1", ml_read, read_1},       {"avx512-ahead", ml_read, read_ahead},
    {"avx512-2", ml_read, read_2},       {"avx512-4", ml_read, read_4},
    {"avx512-fma", ml_read, read_fma},
};

static const ml_loop vnni[] = {
    {"vnni-10", ml_int8_dot, dot_10},
    {"vnni-12", ml_int8_dot, dot_12},
    {"vnni-16", ml_int8_dot, dot_16},
    {"vnni-20", ml_int8_dot, dot_20},
};

static const ml_loop bf16[] = {
    {"bf16-10", ml_bf16_dot, bf16_10},
    {"bf16-12", ml_bf16_dot, bf16_12},
    {"bf16-16", ml_bf16_dot, bf16_16},
    {"bf16-20", ml_bf16_dot, bf16_20},
};

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
