// The tables of loops, one for each instruction set.
#ifndef CMACHINELIMITS_LOOPS_H
#define CMACHINELIMITS_LOOPS_H

#include "CMachineLimits.h"

/// Adds to the list; the list has room.
typedef struct {
  const ml_loop *loops[64];
  int count;
} ml_list;

static inline void ml_add(ml_list *list, const ml_loop *loops, int count) {
  for (int i = 0; i < count && list->count < 64; i++) list->loops[list->count++] = &loops[i];
}

void ml_add_portable(ml_list *list);
void ml_add_avx2(ml_list *list);
void ml_add_avx512(ml_list *list);
void ml_add_neon(ml_list *list);

#define ML_COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

// X(0) X(1) ... as often as a loop has accumulators.
#define ML_6(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define ML_8(X) ML_6(X) X(6) X(7)
#define ML_10(X) ML_8(X) X(8) X(9)
#define ML_12(X) ML_10(X) X(10) X(11)
#define ML_16(X) ML_12(X) X(12) X(13) X(14) X(15)
#define ML_20(X) ML_16(X) X(16) X(17) X(18) X(19)

// A loop of `number` accumulators that wait for nothing but themselves. The file says how one starts
// (START), what is done to it (STEP), and last what operands the steps take, m and a among them; an
// accumulator is c##i.
#define ML_COMPUTE_LOOP(name, number, TARGET, START, STEP, operations, ...)             \
  TARGET static double name##_##number(const void *memory, size_t bytes, long times) {  \
    (void)memory, (void)bytes;                                                          \
    __VA_ARGS__                                                                         \
    HIDE(m);                                                                            \
    HIDE(a);                                                                            \
    ML_##number(START) for (long t = 0; t < times; t++) { ML_##number(STEP) }           \
    ML_##number(ML_KEEP_ACCUMULATOR) return operations * number * (double)times;        \
  }
#define ML_KEEP_ACCUMULATOR(i) KEEP(c##i);

// Loops of three and four numbers of accumulators, and their rows in a table.
#define ML_COMPUTE_3(name, i, j, k, ...)                                                \
  ML_COMPUTE_LOOP(name, i, __VA_ARGS__)                                                 \
  ML_COMPUTE_LOOP(name, j, __VA_ARGS__)                                                 \
  ML_COMPUTE_LOOP(name, k, __VA_ARGS__)
#define ML_COMPUTE_4(name, h, i, j, k, ...)                                             \
  ML_COMPUTE_LOOP(name, h, __VA_ARGS__) ML_COMPUTE_3(name, i, j, k, __VA_ARGS__)
#define ML_ROW(set, kind, name, i) {set "-" #i, kind, name##_##i}
#define ML_ROWS_3(set, kind, name, i, j, k) \
  ML_ROW(set, kind, name, i), ML_ROW(set, kind, name, j), ML_ROW(set, kind, name, k)
#define ML_ROWS_4(set, kind, name, h, ...) \
  ML_ROW(set, kind, name, h), ML_ROWS_3(set, kind, name, __VA_ARGS__)

// Reads memory as one stream (read_1), as two (read_2), and as one that is asked for 4 KiB ahead. The
// file says how a vector is read: LOAD(p, i), the i-th of `type` behind p.
#define ML_READ_LOOPS(TARGET, type)                                                     \
  TARGET static double read_1(const void *memory, size_t bytes, long times) {           \
    for (long t = 0; t < times; t++) {                                                  \
      const type *p = memory, *end = p + bytes / sizeof(type);                          \
      for (; p < end; p += 8) { ML_8(ML_LOAD_P) }                                       \
    }                                                                                   \
    return (double)bytes * (double)times;                                               \
  }                                                                                     \
  TARGET static double read_2(const void *memory, size_t bytes, long times) {           \
    for (long t = 0; t < times; t++) {                                                  \
      const type *p = memory, *q = p + bytes / sizeof(type) / 2, *end = q;              \
      for (; p < end; p += 8, q += 8) { ML_8(ML_LOAD_P) ML_8(ML_LOAD_Q) }               \
    }                                                                                   \
    return (double)bytes * (double)times;                                               \
  }                                                                                     \
  TARGET static double read_ahead(const void *memory, size_t bytes, long times) {       \
    for (long t = 0; t < times; t++) {                                                  \
      const type *p = memory, *end = p + bytes / sizeof(type);                          \
      for (; p < end; p += 8) {                                                         \
        for (size_t line = 0; line < 8 * sizeof(type) / 64; line++)                     \
          __builtin_prefetch((const char *)p + 4096 + 64 * line, 0, 3);                 \
        ML_8(ML_LOAD_P)                                                                 \
      }                                                                                 \
    }                                                                                   \
    return (double)bytes * (double)times;                                               \
  }
#define ML_LOAD_P(i) LOAD(p, i);
#define ML_LOAD_Q(i) LOAD(q, i);

#endif
