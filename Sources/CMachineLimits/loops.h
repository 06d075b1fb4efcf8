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

#endif
