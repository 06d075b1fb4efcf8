// For every machine: vectors of 16 bytes as the compiler spells them.
#include "loops.h"

typedef float f32x4 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));

#if defined(__aarch64__)
#define KEEP(value) __asm__ volatile("" ::"w"(value))
#define HIDE(value) __asm__ volatile("" : "+w"(value))
#elif defined(__x86_64__)
#define KEEP(value) __asm__ volatile("" ::"x"(value))
#define HIDE(value) __asm__ volatile("" : "+x"(value))
#else
#define KEEP(value) __asm__ volatile("" ::"m"(value))
#define HIDE(value) __asm__ volatile("" : "+m"(value))
#endif

#define START_F(i) f32x4 c##i = {i, i, i, i};
#define STEP_F(i) c##i = c##i * m + a;
#define START_I(i) i32x4 c##i = {i, i, i, i};
#define STEP_I(i) c##i += m * a;  HIDE(c##i);
#define KEEP_C(i) KEEP(c##i);

// A multiply and an add count as a fused one: the same work.
#define FLOAT_LOOP(number)                                                              \
  static double multiply_add_##number(const void *memory, size_t bytes, long times) {   \
    (void)memory, (void)bytes;                                                          \
    f32x4 m = {.5f, .5f, .5f, .5f}, a = {1, 1, 1, 1};                                   \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START_F) for (long t = 0; t < times; t++) { ML_##number(STEP_F) }       \
    ML_##number(KEEP_C) return 8.0 * number * (double)times;                            \
  }
FLOAT_LOOP(6)
FLOAT_LOOP(8)
FLOAT_LOOP(12)

#define INTEGER_LOOP(number)                                                            \
  static double integer_##number(const void *memory, size_t bytes, long times) {        \
    (void)memory, (void)bytes;                                                          \
    i32x4 m = {3, 3, 3, 3}, a = {1, 1, 1, 1};                                           \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START_I) for (long t = 0; t < times; t++) {                             \
      HIDE(m);                                                                          \
      ML_##number(STEP_I)                                                               \
    }                                                                                   \
    ML_##number(KEEP_C) return 8.0 * number * (double)times;                            \
  }
INTEGER_LOOP(6)
INTEGER_LOOP(8)
INTEGER_LOOP(12)

static double read_1(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const f32x4 *p = memory, *end = p + bytes / 16;
    for (; p < end; p += 8) {
#define LOAD(i) KEEP(p[i]);
      ML_8(LOAD)
#undef LOAD
    }
  }
  return (double)bytes * (double)times;
}

static double read_sum(const void *memory, size_t bytes, long times) {
  ML_8(START_F)
  for (long t = 0; t < times; t++) {
    const f32x4 *p = memory, *end = p + bytes / 16;
    for (; p < end; p += 8) {
#define LOAD(i) c##i += p[i];
      ML_8(LOAD)
#undef LOAD
    }
    ML_8(KEEP_C)
  }
  return (double)bytes * (double)times;
}

static double read_2(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const f32x4 *p = memory, *q = p + bytes / 32, *end = q;
    for (; p < end; p += 8, q += 8) {
#define LOAD(i) KEEP(p[i]); KEEP(q[i]);
      ML_8(LOAD)
#undef LOAD
    }
  }
  return (double)bytes * (double)times;
}

static double read_ahead(const void *memory, size_t bytes, long times) {
  for (long t = 0; t < times; t++) {
    const f32x4 *p = memory, *end = p + bytes / 16;
    for (; p < end; p += 8) {
      __builtin_prefetch((const char *)p + 4096, 0, 3);
      __builtin_prefetch((const char *)p + 4160, 0, 3);
#define LOAD(i) KEEP(p[i]);
      ML_8(LOAD)
#undef LOAD
    }
  }
  return (double)bytes * (double)times;
}

static const ml_loop table[] = {
    {"portable-6", ml_f32_fma, multiply_add_6},  {"portable-8", ml_f32_fma, multiply_add_8},
    {"portable-12", ml_f32_fma, multiply_add_12}, {"portable-6", ml_int8_dot, integer_6},
    {"portable-8", ml_int8_dot, integer_8},      {"portable-12", ml_int8_dot, integer_12},
    {"portable-1", ml_read, read_1},             {"portable-sum", ml_read, read_sum},
    {"portable-2", ml_read, read_2},             {"portable-ahead", ml_read, read_ahead},
};

void ml_add_portable(ml_list *list) { ml_add(list, table, ML_COUNT(table)); }
