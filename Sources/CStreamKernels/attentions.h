// Attention over the ring: windows and softmax, then the passes over keys and values of each precision.

typedef struct {
  // [rows][weight_stride]
  const float *weights;
  intptr_t weight_stride;
  intptr_t value_stride;
  intptr_t first_slot;
  intptr_t blocks;
  intptr_t block_count;
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

// The lanes of a block that the row from...to sees are taken from x, the others from rest.
INLINE V visible(
    const ck_attention *a, V x, V rest, intptr_t block, intptr_t first_slot, intptr_t from,
    intptr_t to) {
  const intptr_t start = block * CK_BLOCK_SIZE;
  if (from > start || to < start + CK_BLOCK_SIZE - 1)
    x = v_range(x, rest, from > start ? from - start : 0, to - start + 1);
  if (!a->hidden) return x;
  const intptr_t slot = first_slot + block;
  const intptr_t wrapped = slot >= a->block_count ? slot - a->block_count : slot;
  return v_marked(a->hidden + wrapped * CK_BLOCK_SIZE, rest, x);
}

// Turns a row's scores from...to, counted from the first block, into weights; all others weigh +0.
// Returns 1 / sum.
static float soften(
    const ck_attention *a, float *scores, intptr_t blocks, intptr_t first_slot, intptr_t from,
    intptr_t to) {
  const intptr_t first = from / CK_BLOCK_SIZE, last = to / CK_BLOCK_SIZE;
  const V lowest = v_set1(-INFINITY);
  V largest = lowest;
  for (intptr_t b = first; b <= last; b++) {
    const V s = v_load(scores + b * CK_BLOCK_SIZE);
    largest = v_max(visible(a, s, lowest, b, first_slot, from, to), largest);
  }
  const V top = v_set1(v_largest(largest));
  V sum = v_zero();
  for (intptr_t b = 0; b < first; b++) v_store(scores + b * CK_BLOCK_SIZE, v_zero());
  for (intptr_t b = first; b <= last; b++) {
    const V e = v_exp(v_sub(v_load(scores + b * CK_BLOCK_SIZE), top));
    const V weight = visible(a, e, v_zero(), b, first_slot, from, to);
    sum = v_add(sum, weight);
    v_store(scores + b * CK_BLOCK_SIZE, weight);
  }
  for (intptr_t b = last + 1; b < blocks; b++) v_store(scores + b * CK_BLOCK_SIZE, v_zero());
  return 1.f / v_tree(sum);
}

#define ATTENTION_NAMED(x) x##_f32
#define KV float
#define LOAD_KV(p) v_load(p)
#include "attention.h"

#define ATTENTION_NAMED(x) x##_bf16
#define KV uint16_t
#define LOAD_KV(p) v_load_bf16(p)
#include "attention.h"

static void attend(const ck_attention *a) {
  if (a->precision == CK_BF16)
    attend_bf16(a);
  else
    attend_f32(a);
}
