// Scores of ROWS queries against BLOCKS blocks of 16 keys: keys in the lanes, chains over the head index.
static void SCORE(ROWS, BLOCKS)(
    const float *q, intptr_t query_stride, intptr_t head_size, const KV *const *keys, float *scores,
    intptr_t score_stride) {
  V even[ROWS][BLOCKS], odd[ROWS][BLOCKS];
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int b = 0; b < BLOCKS; b++) even[r][b] = odd[r][b] = v_zero();
  for (intptr_t i = 0; i < head_size; i += 2) {
    V ke[BLOCKS], ko[BLOCKS];
    UNROLL for (int b = 0; b < BLOCKS; b++) {
      ke[b] = LOAD_KV(keys[b] + i * CK_BLOCK_SIZE);
      ko[b] = LOAD_KV(keys[b] + (i + 1) * CK_BLOCK_SIZE);
    }
    UNROLL for (int r = 0; r < ROWS; r++) {
      const V x = v_set1(q[r * query_stride + i]), y = v_set1(q[r * query_stride + i + 1]);
      UNROLL for (int b = 0; b < BLOCKS; b++) {
        even[r][b] = v_fma(x, ke[b], even[r][b]);
        odd[r][b] = v_fma(y, ko[b], odd[r][b]);
      }
    }
  }
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int b = 0; b < BLOCKS; b++)
      v_store(scores + r * score_stride + b * CK_BLOCK_SIZE, v_add(even[r][b], odd[r][b]));
}
#undef ROWS
