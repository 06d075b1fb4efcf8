// One row of queries over f32 keys and values: one pass over each, by loads as wide as those of the
// products of one row, so that memory sets the pace.

// Scores against the blocks, one by one, so that the keys are one stream in the order of memory.
static void row_score(
    const ck_attention *a, const float *query, const float *head, const block_run *run,
    float *scores) {
  intptr_t slot = first_block(run);
  for (intptr_t b = 0; b < run->count; b++) {
    const float *keys = head + slot * CK_BLOCK_SIZE * a->head_size;
    f32_row_sum even = f32_row_zero(), odd = even;
    for (intptr_t i = 0; i < a->head_size; i += 2, keys += 2 * CK_BLOCK_SIZE) {
      even = f32_row_add(even, keys, query + i);
      odd = f32_row_add(odd, keys + CK_BLOCK_SIZE, query + i + 1);
    }
    v_store(scores + b * CK_BLOCK_SIZE, v_add(f32_row_vector(even), f32_row_vector(odd)));
    slot = next_block(run, b, slot);
  }
}

// Weighted values of `vectors` vectors of the head from dimension on.
#define ROW_VALUES(name, vectors) \
  INLINE void name(const value_call *c, const float *head, intptr_t dimension, float inverse) { \
    f32_row_sum even[vectors], odd[vectors]; \
    UNROLL for (int j = 0; j < vectors; j++) even[j] = odd[j] = f32_row_zero(); \
    const float *weights = c->weights; \
    const intptr_t stride = c->value_stride; \
    intptr_t slot = first_block(&c->run); \
    for (intptr_t b = 0; b < c->run.count; b++) { \
      const float *v = head + slot * CK_BLOCK_SIZE * stride + dimension; \
      for (intptr_t p = 0; p < CK_BLOCK_SIZE; p += 2, v += 2 * stride, weights += 2) { \
        UNROLL for (int j = 0; j < vectors; j++) \
          even[j] = f32_row_add(even[j], v + 16 * j, weights); \
        UNROLL for (int j = 0; j < vectors; j++) \
          odd[j] = f32_row_add(odd[j], v + stride + 16 * j, weights + 1); \
      } \
      slot = next_block(&c->run, b, slot); \
    } \
    UNROLL for (int j = 0; j < vectors; j++) \
      store_values(v_add(f32_row_vector(even[j]), f32_row_vector(odd[j])), inverse, c->output, \
                   dimension + 16 * j, c->head_size); \
  }
ROW_VALUES(row_values_1, 1)
ROW_VALUES(row_values_2, 2)
#if ONE_ROW_VECTORS == 4
ROW_VALUES(row_values_4, 4)
#endif
#undef ROW_VALUES

static void row_weigh(const value_call *c, const float *head, float inverse) {
  const intptr_t vectors = (c->head_size + 15) / 16;
  intptr_t j = 0;
#if ONE_ROW_VECTORS == 4
  for (; j + 4 <= vectors; j += 4) row_values_4(c, head, 16 * j, inverse);
#endif
  for (; j + 2 <= vectors; j += 2) row_values_2(c, head, 16 * j, inverse);
  for (; j < vectors; j++) row_values_1(c, head, 16 * j, inverse);
}
