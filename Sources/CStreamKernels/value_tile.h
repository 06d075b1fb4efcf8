// Weighted values of ROWS queries, VECTORS vectors of 16 of the head: chains over even and odd positions.
static void VALUE(ROWS, VECTORS)(
    const value_call *c, const KV *head, intptr_t dimension, intptr_t row, const float *inverse) {
  V even[ROWS][VECTORS], odd[ROWS][VECTORS];
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int j = 0; j < VECTORS; j++) even[r][j] = odd[r][j] = v_zero();
  const float *weights = c->weights + row * c->weight_stride;
  const intptr_t stride = c->value_stride;
  intptr_t slot = c->first_slot;
  for (intptr_t b = 0; b < c->blocks; b++) {
    const KV *v = head + slot * CK_BLOCK_SIZE * stride + dimension;
    for (intptr_t p = 0; p < CK_BLOCK_SIZE; p += 2, v += 2 * stride, weights += 2) {
      V ve[VECTORS], vo[VECTORS];
      UNROLL for (int j = 0; j < VECTORS; j++) {
        ve[j] = LOAD_KV(v + 16 * j);
        vo[j] = LOAD_KV(v + stride + 16 * j);
      }
      UNROLL for (int r = 0; r < ROWS; r++) {
        const V x = v_set1(weights[r * c->weight_stride]);
        const V y = v_set1(weights[r * c->weight_stride + 1]);
        UNROLL for (int j = 0; j < VECTORS; j++) {
          even[r][j] = v_fma(x, ve[j], even[r][j]);
          odd[r][j] = v_fma(y, vo[j], odd[r][j]);
        }
      }
    }
    slot = slot + 1 == c->block_count ? 0 : slot + 1;
  }
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int j = 0; j < VECTORS; j++)
      store_values(v_add(even[r][j], odd[r][j]), inverse[row + r],
                   c->output + (row + r) * c->output_stride, dimension + 16 * j, c->head_size);
}
#undef ROWS
