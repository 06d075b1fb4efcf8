// One row of input against the weights: what a chunk of one frame spends its time on.
//
// A panel at a time, so that the weights are one gapless stream.

// Columns of a panel, all 32 or the first 16, of the only row.
#define ROW_SUMS(name, vectors) \
  INLINE void name(const product_call *call, intptr_t panel, V *results) { \
    const intptr_t depth = call->depth; \
    const INPUT *x = (const INPUT *)call->input; \
    const ELEMENT *w = (const ELEMENT *)call->matrix->panels + panel * depth * CK_PANEL_WIDTH; \
    ROW_SUM even[vectors], odd[vectors]; \
    UNROLL for (int j = 0; j < vectors; j++) even[j] = odd[j] = NAMED_ROW(zero)(); \
    intptr_t k = 0; \
    for (; k + 1 < depth; k += 2, w += 2 * CK_PANEL_WIDTH) { \
      UNROLL for (int j = 0; j < vectors; j++) \
        even[j] = NAMED_ROW(add)(even[j], w + 16 * j, x + k); \
      UNROLL for (int j = 0; j < vectors; j++) \
        odd[j] = NAMED_ROW(add)(odd[j], w + CK_PANEL_WIDTH + 16 * j, x + k + 1); \
    } \
    if (k < depth) \
      UNROLL for (int j = 0; j < vectors; j++) \
        even[j] = NAMED_ROW(add)(even[j], w + 16 * j, x + k); \
    UNROLL for (int j = 0; j < vectors; j++) { \
      const COLUMN_TERMS terms = LOAD_TERMS(call->matrix, panel * CK_PANEL_WIDTH + 16 * j); \
      results[j] = RESULT(NAMED_ROW(vector)(even[j]), NAMED_ROW(vector)(odd[j]), terms, \
                          call->row_scales, 0); \
    } \
  }
ROW_SUMS(NAMED(row_panel), 2)
ROW_SUMS(NAMED(row_half_panel), 1)
#undef ROW_SUMS

static void NAMED(row_product)(const product_call *call) {
  const ck_matrix *m = call->matrix;
  intptr_t column = 0;
  for (; column + 16 < m->rows; column += CK_PANEL_WIDTH) {
    V results[2];
    NAMED(row_panel)(call, column / CK_PANEL_WIDTH, results);
    UNROLL for (int j = 0; j < 2; j++) {
      const intptr_t n = column + 16 * j;
      store_result(results[j], call->output + n, m->rows - n, call->epilogue);
    }
  }
  // Of a last panel that is at most half full, a head of one output mostly, half is read.
  if (column < m->rows) {
    V result;
    NAMED(row_half_panel)(call, column / CK_PANEL_WIDTH, &result);
    store_result(result, call->output + column, m->rows - column, call->epilogue);
  }
}

// Cells are updated one pair of panels late: their long chain of dependent operations then waits for
// nothing, and the weights of the next pair are on their way meanwhile.
static void NAMED(row_lstm)(
    const product_call *call, intptr_t hidden_size, float *cell, float *hidden) {
  const intptr_t panels = call->matrix->rows / CK_PANEL_WIDTH;
  V before[4], gates[4];
  for (intptr_t panel = 0; panel < panels; panel += 2) {
    NAMED(row_panel)(call, panel, gates);
    // Of a last panel without a partner the second eight cells are never stored.
    NAMED(row_panel)(call, panel + 1 < panels ? panel + 1 : panel, gates + 2);
    if (panel > 0) row_cells(before, (panel - 2) * 8, hidden_size, cell, hidden);
    UNROLL for (int j = 0; j < 4; j++) before[j] = gates[j];
  }
  row_cells(before, (panels - 1) / 2 * 16, hidden_size, cell, hidden);
}
