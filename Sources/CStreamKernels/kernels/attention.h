// Attention over the ring: scores, their softmax over the window, and weighted values.

// The blocks that rows see, in the order of their positions: those of the sinks, which lie behind the ring,
// then those of the window, which wraps.
typedef struct {
  intptr_t sinks;
  // Of the window.
  intptr_t first_slot;
  // All of them.
  intptr_t count;
  intptr_t ring_size;
} block_run;

INLINE intptr_t first_block(const block_run *run) {
  return run->sinks ? run->ring_size : run->first_slot;
}
// Where the block behind block b lies, which lies in the slot.
INLINE intptr_t next_block(const block_run *run, intptr_t b, intptr_t slot) {
  if (b + 1 == run->sinks) return run->first_slot;
  return slot + 1 == run->ring_size ? 0 : slot + 1;
}

typedef struct {
  // [rows][weight_stride]
  const float *weights;
  intptr_t weight_stride;
  intptr_t value_stride;
  block_run run;
  intptr_t head_size;
  float *output;
  intptr_t output_stride;
} value_call;

// The absolute positions that a row sees, both included.
INLINE uint64_t window_first(const ck_attention *a, intptr_t row) {
  const uint64_t from = a->position + (a->causal ? (uint64_t)row : 0);
  return from - a->origin < a->left_context ? a->origin : from - a->left_context;
}
INLINE uint64_t window_last(const ck_attention *a, intptr_t row) {
  return a->position + (uint64_t)(a->causal ? row : a->rows - 1);
}

// The sinks that a row sees beside its window: up to here, from the origin on, none if that is before it.
INLINE uint64_t sinks_end(const ck_attention *a, intptr_t row) {
  const uint64_t window = window_first(a, row);
  return window - a->origin < a->sink_count ? window : a->origin + a->sink_count;
}

// The lanes of a block that a row sees, the positions from ... to, of x; the others of rest.
INLINE V seen_lanes(
    const ck_attention *a, V x, V rest, intptr_t block, intptr_t first_slot, intptr_t from,
    intptr_t to) {
  const intptr_t start = block * CK_BLOCK_SIZE;
  if (from > start || to < start + CK_BLOCK_SIZE - 1)
    x = v_range(x, rest, from > start ? from - start : 0, to - start + 1);
  if (!a->masked) return x;
  const intptr_t slot = first_slot + block;
  const intptr_t wrapped = slot >= a->block_count ? slot - a->block_count : slot;
  return v_marked(a->masked + wrapped * CK_BLOCK_SIZE, rest, x);
}

// The same of a block of sinks, of which a row sees the positions from ..< to.
INLINE V seen_sinks(const ck_attention *a, V x, V rest, intptr_t block, intptr_t from, intptr_t to) {
  const intptr_t start = block * CK_BLOCK_SIZE;
  const intptr_t first = from > start ? from - start : 0;
  x = to > start + first ? v_range(x, rest, first, to - start) : rest;
  return a->masked ? v_marked(a->masked + (a->block_count + block) * CK_BLOCK_SIZE, rest, x) : x;
}

// Softmax of the scores of rows first ..< first + rows over their windows, without the division: leaves
// weights in scores and 1 / sum of each row in inverse. Positions that a row does not see weigh +0.
// Blocks of the window are counted from the one that the position start begins.
//
// All maxima come first, then all weights, then all sums: no row's reduction waits for another's.
static void softmax_windows(
    const ck_attention *a, intptr_t first, intptr_t rows, uint64_t start, const block_run *run,
    float *scores, intptr_t score_stride, float *inverse) {
  const V lowest = v_set1(-INFINITY), zero = v_zero();
  const intptr_t blocks = run->count - run->sinks, first_slot = run->first_slot;
  const intptr_t origin = (intptr_t)(a->origin % CK_BLOCK_SIZE);
  float tops[CK_SCORE_ROWS];
  V sums[CK_SCORE_ROWS];
  for (intptr_t r = 0; r < rows; r++) {
    const float *s = scores + r * score_stride;
    const intptr_t from = (intptr_t)(window_first(a, first + r) - start);
    const intptr_t to = (intptr_t)(window_last(a, first + r) - start);
    const intptr_t sunk = origin + (intptr_t)(sinks_end(a, first + r) - a->origin);
    V largest = lowest;
    for (intptr_t b = 0; b < run->sinks; b++, s += CK_BLOCK_SIZE)
      largest = v_max(seen_sinks(a, v_load(s), lowest, b, origin, sunk), largest);
    for (intptr_t b = from / CK_BLOCK_SIZE; b <= to / CK_BLOCK_SIZE; b++)
      largest = v_max(
          seen_lanes(a, v_load(s + b * CK_BLOCK_SIZE), lowest, b, first_slot, from, to), largest);
    tops[r] = v_largest(largest);
  }
  for (intptr_t r = 0; r < rows; r++) {
    float *s = scores + r * score_stride;
    const intptr_t from = (intptr_t)(window_first(a, first + r) - start);
    const intptr_t to = (intptr_t)(window_last(a, first + r) - start);
    const intptr_t from_block = from / CK_BLOCK_SIZE, to_block = to / CK_BLOCK_SIZE;
    const intptr_t sunk = origin + (intptr_t)(sinks_end(a, first + r) - a->origin);
    const V top = v_set1(tops[r]);
    V sum = zero;
    for (intptr_t b = 0; b < run->sinks; b++, s += CK_BLOCK_SIZE) {
      const V weight = seen_sinks(a, v_exp(v_sub(v_load(s), top)), zero, b, origin, sunk);
      sum = v_add(sum, weight);
      v_store(s, weight);
    }
    for (intptr_t b = 0; b < from_block; b++) v_store(s + b * CK_BLOCK_SIZE, zero);
    for (intptr_t b = from_block; b <= to_block; b++) {
      const V e = v_exp(v_sub(v_load(s + b * CK_BLOCK_SIZE), top));
      const V weight = seen_lanes(a, e, zero, b, first_slot, from, to);
      sum = v_add(sum, weight);
      v_store(s + b * CK_BLOCK_SIZE, weight);
    }
    for (intptr_t b = to_block + 1; b < blocks; b++) v_store(s + b * CK_BLOCK_SIZE, zero);
    sums[r] = sum;
  }
  for (intptr_t r = 0; r < rows; r++) inverse[r] = 1.f / v_tree(sums[r]);
}

// Sixteen dimensions, of which the head may have fewer. + 0, so that no -0 is left.
INLINE void store_values(
    V sum, float inverse, float *output, intptr_t dimension, intptr_t head_size) {
  const intptr_t left = head_size - dimension;
  v_store_part(output + dimension, v_add(v_mul(sum, v_set1(inverse)), v_zero()), left < 16 ? left : 16);
}

#include "kernels/attention_row.h"

typedef float f32_kv;
INLINE V f32_load_kv(const f32_kv *p) { return v_load(p); }
typedef uint16_t bf16_kv;
INLINE V bf16_load_kv(const bf16_kv *p) { return v_load_bf16(p); }

#define PRECISION f32
#define ROW_SCORE row_score
#define ROW_WEIGH row_weigh
#include "templates/attention.inc"

#define PRECISION bf16
#include "templates/attention.inc"

static void attend(const ck_attention *a) {
  if (a->precision == CK_BF16)
    bf16_attend(a);
  else
    f32_attend(a);
}
