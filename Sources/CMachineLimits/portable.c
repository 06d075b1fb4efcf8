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
// Once a round m is hidden, so that the products are not taken out of the loop.
#define STEP_I(i) \
  if (i == 0) HIDE(m); \
  c##i += m * a; \
  HIDE(c##i);

#define FLOATS f32x4 m = {.5f, .5f, .5f, .5f}, a = {1, 1, 1, 1};
#define INTEGERS i32x4 m = {3, 3, 3, 3}, a = {1, 1, 1, 1};
// A multiply and an add count as a fused one: the same work.
ML_COMPUTE_3(multiply_add, 6, 8, 12, , START_F, STEP_F, 8.0, FLOATS)
ML_COMPUTE_3(integer, 6, 8, 12, , START_I, STEP_I, 8.0, INTEGERS)

#define LOAD(p, i) KEEP(p[i])
ML_READ_LOOPS(, f32x4)

static double read_sum(const void *memory, size_t bytes, long times) {
  ML_8(START_F)
  for (long t = 0; t < times; t++) {
    const f32x4 *p = memory, *end = p + bytes / 16;
    for (; p < end; p += 8) {
#define ADD(i) c##i += p[i];
      ML_8(ADD)
    }
    ML_8(ML_KEEP_ACCUMULATOR)
  }
  return (double)bytes * (double)times;
}

static const ml_loop table[] = {
    ML_ROWS_3("portable", ml_f32_fma, multiply_add, 6, 8, 12),
    ML_ROWS_3("portable", ml_int8_dot, integer, 6, 8, 12),
    {"portable-1", ml_read, read_1}, {"portable-sum", ml_read, read_sum},
    {"portable-2", ml_read, read_2}, {"portable-ahead", ml_read, read_ahead},
};

void ml_add_portable(ml_list *list) { ml_add(list, table, ML_COUNT(table)); }
