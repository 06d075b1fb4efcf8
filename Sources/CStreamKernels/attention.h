// Attention over the ring for one type of stored keys and values, KV. Rows of a chunk share one pass over
// the keys and one over the values of a head: a block of keys is scored against every row before the
// next is read, and blocks one by one, so that the keys are one stream in the order of memory.

#define SCORE_EXPANDED(rows) ATTENTION_NAMED(score_##rows)
#define SCORE(rows) SCORE_EXPANDED(rows)
#define VALUE_EXPANDED(rows, vectors) ATTENTION_NAMED(value_##rows##x##vectors)
#define VALUE(rows, vectors) VALUE_EXPANDED(rows, vectors)
#define VALUE_ONE(rows) VALUE(rows, 1)
#define VALUE_TILE(rows) VALUE(rows, TILE_VECTORS)

#include "score_shapes.h"

#define VECTORS 1
#include "value_shapes.h"
#undef VECTORS
#define VECTORS TILE_VECTORS
#if TILE_VECTORS != 1
#include "value_shapes.h"
#endif
#undef VECTORS
#define VECTORS ONE_ROW_BLOCKS
#define ROWS 1
#include "value_tile.h"
#undef VECTORS

#define SHAPE(F, rows, ...) \
  switch (rows) { \
    case 1: F(1)(__VA_ARGS__); break; \
    case 2: F(2)(__VA_ARGS__); break; \
    SHAPES_TO_SIX(F, __VA_ARGS__) \
    default: F(3)(__VA_ARGS__); break; \
  }
#if TILE_ROWS > 3
#define SHAPES_TO_SIX(F, ...) \
  case 4: F(4)(__VA_ARGS__); break; \
  case 5: F(5)(__VA_ARGS__); break; \
  case 6: F(6)(__VA_ARGS__); break;
#else
#define SHAPES_TO_SIX(F, ...)
#endif

static void ATTENTION_NAMED(score_blocks)(
    const ck_attention *a, const float *queries, intptr_t rows, const KV *head,
    intptr_t first_slot, intptr_t blocks, float *scores, intptr_t score_stride) {
#if defined(ROW_SCORE)
  if (rows == 1) {
    ROW_SCORE(a, queries, head, first_slot, blocks, scores);
    return;
  }
#endif
  const intptr_t tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  intptr_t slot = first_slot;
  for (intptr_t b = 0; b < blocks; b++) {
    const KV *keys = head + slot * CK_BLOCK_SIZE * a->head_size;
    intptr_t row = 0;
    for (intptr_t t = 0; t < tiles; t++) {
      const intptr_t count = (rows - row + tiles - t - 1) / (tiles - t);
      const float *q = queries + row * a->query_stride;
      float *s = scores + row * score_stride + b * CK_BLOCK_SIZE;
      SHAPE(SCORE, count, q, a->query_stride, a->head_size, keys, s, score_stride)
      row += count;
    }
    slot = slot + 1 == a->block_count ? 0 : slot + 1;
  }
}

static void ATTENTION_NAMED(weigh_values)(
    const value_call *c, const KV *head, intptr_t rows, const float *inverse) {
#if defined(ROW_WEIGH)
  if (rows == 1) {
    ROW_WEIGH(c, head, inverse[0]);
    return;
  }
#endif
  const intptr_t tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  const intptr_t vectors = (c->head_size + 15) / 16;
  intptr_t row = 0;
  for (intptr_t t = 0; t < tiles; t++) {
    const intptr_t count = (rows - row + tiles - t - 1) / (tiles - t);
    intptr_t j = 0;
    if (count == 1)
      for (; j + ONE_ROW_BLOCKS <= vectors; j += ONE_ROW_BLOCKS)
        VALUE(1, ONE_ROW_BLOCKS)(c, head, 16 * j, row, inverse);
    for (; j + TILE_VECTORS <= vectors; j += TILE_VECTORS)
      SHAPE(VALUE_TILE, count, c, head, 16 * j, row, inverse)
    for (; j < vectors; j++) SHAPE(VALUE_ONE, count, c, head, 16 * j, row, inverse)
    row += count;
  }
}

static void ATTENTION_NAMED(attend)(const ck_attention *a) {
  const intptr_t score_stride = a->block_count * CK_BLOCK_SIZE + CK_BLOCK_SIZE;
  for (intptr_t first = 0; first < a->rows; first += CK_SCORE_ROWS) {
    const intptr_t rows = a->rows - first < CK_SCORE_ROWS ? a->rows - first : CK_SCORE_ROWS;
    // The blocks that any of these rows sees.
    const uint64_t first_block = window_first(a, first) / CK_BLOCK_SIZE;
    const uint64_t last_block = window_last(a, first + rows - 1) / CK_BLOCK_SIZE;
    const intptr_t blocks = (intptr_t)(last_block - first_block) + 1;
    const intptr_t first_slot = (intptr_t)(first_block % (uint64_t)a->block_count);
    for (intptr_t h = 0; h < a->head_count; h++) {
      const float *queries = a->queries + first * a->query_stride + h * a->head_size;
      float inverse[CK_SCORE_ROWS];
      ATTENTION_NAMED(score_blocks)(
          a, queries, rows, (const KV *)a->keys + h * a->key_head_stride, first_slot, blocks,
          a->scores, score_stride);
      soften(a, first, rows, first_block * CK_BLOCK_SIZE, blocks, first_slot, a->scores, score_stride,
             inverse);
      const value_call call = {
          a->scores, score_stride, a->value_stride, first_slot, blocks, a->block_count,
          a->head_size, a->output + first * a->output_stride + h * a->head_size, a->output_stride};
      ATTENTION_NAMED(weigh_values)(
          &call, (const KV *)a->values + h * a->value_head_stride, rows, inverse);
    }
  }
}

#undef KV
#undef ROW_SCORE
#undef ROW_WEIGH
#undef LOAD_KV
#undef ATTENTION_NAMED
#undef SCORE
#undef SCORE_EXPANDED
#undef VALUE
#undef VALUE_EXPANDED
#undef VALUE_ONE
#undef VALUE_TILE
#undef SHAPE
#undef SHAPES_TO_SIX
