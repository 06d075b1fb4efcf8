// Scores of ROWS queries against a block of 16 keys: keys in the lanes, chains over the head index.
static void SCORE(ROWS)(
    const float *q, intptr_t query_stride, intptr_t head_size, const KV *keys, float *scores,
    intptr_t score_stride) {
  V even[ROWS], odd[ROWS];
  UNROLL for (int r = 0; r < ROWS; r++) even[r] = odd[r] = v_zero();
  for (intptr_t i = 0; i < head_size; i += 2) {
    const V first = LOAD_KV(keys + i * CK_BLOCK_SIZE);
    const V second = LOAD_KV(keys + (i + 1) * CK_BLOCK_SIZE);
    UNROLL for (int r = 0; r < ROWS; r++) {
      even[r] = v_fma(v_set1(q[r * query_stride + i]), first, even[r]);
      odd[r] = v_fma(v_set1(q[r * query_stride + i + 1]), second, odd[r]);
    }
  }
  UNROLL for (int r = 0; r < ROWS; r++) v_store(scores + r * score_stride, v_add(even[r], odd[r]));
}
#undef ROWS
