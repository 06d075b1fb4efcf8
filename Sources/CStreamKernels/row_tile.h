// One row of input against the weights: what a chunk of one frame spends its time on.
//
// A panel at a time, so that the weights are one gapless stream.

INLINE void NAMED(row_start)(ROW_SUM *even, ROW_SUM *odd) {
  even[0] = even[1] = odd[0] = odd[1] = NAMED_ROW(zero)();
}

// Takes elements from ..< to of the depth, from even, into the chains of a panel's two vectors, or of
// its first one.
#define ROW_ADVANCE(name, vectors) \
  INLINE void name( \
      const product_call *call, intptr_t panel, intptr_t from, intptr_t to, ROW_SUM *even, \
      ROW_SUM *odd) { \
    const INPUT *x = (const INPUT *)call->input; \
    const ELEMENT *w = \
        (const ELEMENT *)call->matrix->panels + (panel * call->depth + from) * CK_PANEL_WIDTH; \
    intptr_t k = from; \
    for (; k + 1 < to; k += 2, w += 2 * CK_PANEL_WIDTH) { \
      UNROLL for (int j = 0; j < vectors; j++) \
        even[j] = NAMED_ROW(add)(even[j], w + 16 * j, x + k); \
      UNROLL for (int j = 0; j < vectors; j++) \
        odd[j] = NAMED_ROW(add)(odd[j], w + CK_PANEL_WIDTH + 16 * j, x + k + 1); \
    } \
    if (k < to) \
      UNROLL for (int j = 0; j < vectors; j++) \
        even[j] = NAMED_ROW(add)(even[j], w + 16 * j, x + k); \
  }
ROW_ADVANCE(NAMED(row_advance), 2)
ROW_ADVANCE(NAMED(row_advance_half), 1)
#undef ROW_ADVANCE

INLINE V NAMED(row_result)(
    const product_call *call, intptr_t column, ROW_SUM even, ROW_SUM odd) {
  const COLUMN_TERMS terms = LOAD_TERMS(call->matrix, column);
  return RESULT(NAMED_ROW(vector)(even), NAMED_ROW(vector)(odd), terms, call->row_scales, 0);
}

static void NAMED(row_product)(const product_call *call) {
  const intptr_t columns = call->matrix->rows, depth = call->depth;
  ROW_SUM even[2], odd[2];
  intptr_t n = 0;
  for (; n + 16 < columns; n += CK_PANEL_WIDTH) {
    NAMED(row_start)(even, odd);
    NAMED(row_advance)(call, n / CK_PANEL_WIDTH, 0, depth, even, odd);
    UNROLL for (int j = 0; j < 2; j++)
      store_result(NAMED(row_result)(call, n + 16 * j, even[j], odd[j]), call->output + n + 16 * j,
                   columns - n - 16 * j, call->epilogue);
  }
  // Of a last panel that is at most half full, a head of one output mostly, half is read.
  if (n < columns) {
    NAMED(row_start)(even, odd);
    NAMED(row_advance_half)(call, n / CK_PANEL_WIDTH, 0, depth, even, odd);
    store_result(NAMED(row_result)(call, n, even[0], odd[0]), call->output + n, columns - n,
                 call->epilogue);
  }
}

// Two panels are the gates of sixteen cells, which are updated in four steps during the next two: while
// the products wait for weights, a step's dependent operations cost nothing.
static void NAMED(row_lstm)(
    const product_call *call, intptr_t hidden_size, float *cell, float *hidden) {
  const intptr_t depth = call->depth, half = depth / 4 * 2;
  row_cells cells = {.count = 0};
  for (intptr_t unit = 0; unit < hidden_size; unit += 16) {
    // Of a last panel without a partner the second eight cells are never stored.
    const intptr_t first = unit / 8, second = hidden_size - unit > 8 ? first + 1 : first;
    ROW_SUM even[2], odd[2], other_even[2], other_odd[2];
    NAMED(row_start)(even, odd);
    IN_MEMORY(cells);
    NAMED(row_advance)(call, first, 0, half, even, odd);
    if (cells.count) row_cells_input(&cells);
    IN_MEMORY(cells);
    NAMED(row_advance)(call, first, half, depth, even, odd);
    if (cells.count) row_cells_state(&cells);
    NAMED(row_start)(other_even, other_odd);
    IN_MEMORY(cells);
    NAMED(row_advance)(call, second, 0, half, other_even, other_odd);
    if (cells.count) row_cells_output(&cells);
    IN_MEMORY(cells);
    NAMED(row_advance)(call, second, half, depth, other_even, other_odd);
    if (cells.count) row_cells_hidden(&cells);
    V gates[2], other_gates[2];
    UNROLL for (int j = 0; j < 2; j++) {
      gates[j] = NAMED(row_result)(call, first * CK_PANEL_WIDTH + 16 * j, even[j], odd[j]);
      other_gates[j] =
          NAMED(row_result)(call, second * CK_PANEL_WIDTH + 16 * j, other_even[j], other_odd[j]);
    }
    const intptr_t left = hidden_size - unit;
    cells = row_cells_from(
        gates, other_gates, cell + unit, hidden + unit, left < 16 ? left : 16);
  }
  row_cells_input(&cells);
  row_cells_state(&cells);
  row_cells_output(&cells);
  row_cells_hidden(&cells);
}
