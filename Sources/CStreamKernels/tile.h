// One tile of a product: ROWS rows of input against VECTORS vectors of 16 columns, both chains at once.
// Included once for each shape, because the accumulators stay in registers only when the bounds of the
// loops are literals.
//
// An element is four bytes: one f32, a pair of bf16, or four int8 codes. Elements from ..< to of the
// depth are taken; between two such blocks the chains wait in parts. If ahead is given, weights that are
// needed later are brought closer meanwhile: from there on one cache line for each element.
static void TILE(ROWS, VECTORS)(
    const product_call *call, intptr_t column, intptr_t row, intptr_t from, intptr_t to,
    ACCUMULATOR *parts, const char *ahead) {
  const ck_matrix *m = call->matrix;
  const intptr_t depth = call->depth;
  const intptr_t stride = call->stride;
  const INPUT *x = (const INPUT *)call->input + row * stride;
  const ELEMENT *w[(VECTORS + 1) / 2];
  UNROLL for (int j = 0; j < (VECTORS + 1) / 2; j++)
    w[j] = (const ELEMENT *)m->panels + (column / CK_PANEL_WIDTH + j) * depth * CK_PANEL_WIDTH +
           column % CK_PANEL_WIDTH;
  ACCUMULATOR even[ROWS][VECTORS], odd[ROWS][VECTORS];
  if (from == 0) {
    UNROLL for (int r = 0; r < ROWS; r++)
      UNROLL for (int j = 0; j < VECTORS; j++) even[r][j] = odd[r][j] = ACCUMULATOR_ZERO;
  } else {
    UNROLL for (int r = 0; r < ROWS; r++)
      UNROLL for (int j = 0; j < VECTORS; j++) {
        even[r][j] = parts[2 * (r * VECTORS + j)];
        odd[r][j] = parts[2 * (r * VECTORS + j) + 1];
      }
  }
  intptr_t k = from;
  for (; k + 1 < to; k += 2) {
    if (ROWS > 1 && ahead) {
      __builtin_prefetch(ahead + (k - from) * 64, 0, 2);
      __builtin_prefetch(ahead + (k - from) * 64 + 64, 0, 2);
    }
    ADD_ELEMENT(even, k)
    ADD_ELEMENT(odd, k + 1)
  }
  if (k < to) ADD_ELEMENT(even, k)
  if (to < depth) {
    UNROLL for (int r = 0; r < ROWS; r++)
      UNROLL for (int j = 0; j < VECTORS; j++) {
        parts[2 * (r * VECTORS + j)] = even[r][j];
        parts[2 * (r * VECTORS + j) + 1] = odd[r][j];
      }
    return;
  }
  UNROLL for (int j = 0; j < VECTORS; j++) {
    const intptr_t n = column + 16 * j;
    const COLUMN_TERMS terms = LOAD_TERMS(m, n);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const V value = RESULT(even[r][j], odd[r][j], terms, call->row_scales, row + r);
      store_result(value, call->output + (row + r) * call->output_stride + n, m->rows - n,
                   call->epilogue);
    }
  }
}
#undef ROWS
