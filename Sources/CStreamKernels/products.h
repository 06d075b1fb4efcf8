// Products and LSTM steps in every precision, and what they share.

typedef struct {
  const ck_matrix *matrix;
  // Elements of four bytes, [rows][stride].
  const void *input;
  intptr_t stride;
  // Elements of a row that count.
  intptr_t depth;
  // int8: the value of one step of each row of input.
  const float *row_scales;
  float *output;
  intptr_t output_stride;
  ck_epilogue epilogue;
} product_call;

#define GROUP_ROWS (GROUP_TILES * TILE_ROWS)

// The epilogue and the store of 16 columns, of which `columns` exist.
INLINE void store_result(V value, float *y, intptr_t columns, ck_epilogue epilogue) {
  if (epilogue == CK_RELU)
    value = v_max(value, v_zero());
  else if (epilogue == CK_GELU_TANH)
    value = v_gelu_tanh(value);
  if (columns >= 16) {
    if (epilogue == CK_ADD) value = v_add(value, v_load(y));
    v_store(y, value);
  } else if (columns > 0) {
    if (epilogue == CK_ADD) value = v_add(value, v_load_part(y, columns));
    v_store_part(y, value, columns);
  }
}

INLINE V load_units(const float *a, const float *b, intptr_t a_units, intptr_t b_units) {
  if (a_units >= 8 && b_units >= 8) {
    float both[16] __attribute__((aligned(64)));
    memcpy(both, a, 32);
    memcpy(both + 8, b, 32);
    return v_load(both);
  }
  return v_lows(
      v_load_part(a, a_units < 8 ? a_units : 8),
      v_load_part(b, b_units < 0 ? 0 : b_units < 8 ? b_units : 8));
}

INLINE void store_units(V v, float *a, float *b, intptr_t a_units, intptr_t b_units) {
  v_store_part(a, v, a_units < 8 ? a_units : 8);
  if (b_units > 0) v_store_part(b, v_highs(v, v), b_units < 8 ? b_units : 8);
}

// Two groups of eight cells; a group's gates are i, f, g, o of eight units each. Of each group only
// the units that exist are touched.
INLINE void lstm_cells(
    const float *a, const float *b, intptr_t a_units, intptr_t b_units, float *a_cell,
    float *b_cell, float *a_hidden, float *b_hidden) {
  const V aif = v_load(a), ago = v_load(a + 16), bif = v_load(b), bgo = v_load(b + 16);
  const V i = v_lows(aif, bif), f = v_highs(aif, bif);
  const V g = v_lows(ago, bgo), o = v_highs(ago, bgo);
  const int adjacent = b_cell == a_cell + 8 && b_units >= 8;
  const V before = adjacent ? v_load(a_cell) : load_units(a_cell, b_cell, a_units, b_units);
  const V state = v_fma(v_sigmoid(f), before, v_mul(v_sigmoid(i), v_tanh(g)));
  const V h = v_mul(v_sigmoid(o), v_tanh(state));
  if (adjacent) {
    v_store(a_cell, state);
    v_store(a_hidden, h);
  } else {
    store_units(state, a_cell, b_cell, a_units, b_units);
    store_units(h, a_hidden, b_hidden, a_units, b_units);
  }
}

#define NAMED(x) x##_f32
#define ELEMENT float
#define ACCUMULATOR V
#define ACCUMULATOR_ZERO v_zero()
#define WEIGHTS V
#define INPUTS V
#define LOAD_WEIGHTS(p) v_load(p)
#define BROADCAST(p) v_set1(*(p))
#define ACCUMULATE(sum, w, x) v_fma(x, w, sum)
#define RESULT(even, odd, m, n, scales, row) v_add(v_add(even, odd), v_load((m)->bias + (n)))
#include "product.h"

#define NAMED(x) x##_bf16
#define ELEMENT int32_t
#define ACCUMULATOR V
#define ACCUMULATOR_ZERO v_zero()
#define WEIGHTS VI
#define INPUTS VI
#define LOAD_WEIGHTS(p) vi_load(p)
#define BROADCAST(p) vi_set1(*(p))
#define ACCUMULATE(sum, w, x) v_dot_bf16(sum, w, x)
#define RESULT(even, odd, m, n, scales, row) v_add(v_add(even, odd), v_load((m)->bias + (n)))
#include "product.h"

// The exact sum, times the steps of weight row and frame, plus the bias.
INLINE V int8_result(VI sum, const ck_matrix *m, intptr_t n, float row_scale) {
#if CODE_OFFSET
  sum = vi_sub(sum, vi_load(m->corrections + n));
#endif
  const V scale = v_mul(v_set1(row_scale), v_load(m->scales + n));
  return v_fma(v_from_int(sum), scale, v_load(m->bias + n));
}

#define NAMED(x) x##_int8
#define ELEMENT int32_t
#define ACCUMULATOR VI
#define ACCUMULATOR_ZERO vi_zero()
#define WEIGHTS VI
#define INPUTS VI
#define LOAD_WEIGHTS(p) vi_load(p)
#define BROADCAST(p) vi_set1(*(p))
#define ACCUMULATE(sum, w, x) vi_dot_int8(sum, w, x)
#define RESULT(even, odd, m, n, scales, row) int8_result(vi_add(even, odd), m, n, (scales)[row])
#include "product.h"

// Points a call at its input in the matrix's precision, encoding it into codes where needed.
static void set_input(
    product_call *call, const float *input, intptr_t stride, intptr_t rows, void *codes) {
  const intptr_t columns = call->matrix->columns;
  call->input = codes;
  switch (call->matrix->precision) {
    case CK_BF16: {
      call->depth = call->stride = (columns + 1) / 2;
      uint16_t *pairs = (uint16_t *)codes;
      for (intptr_t r = 0; r < rows; r++)
        encode_bf16(input + r * stride, columns, pairs + r * 2 * call->stride);
      break;
    }
    case CK_INT8: {
      call->depth = call->stride = (columns + 3) / 4;
      float *scales = (float *)codes + rows * call->stride;
      for (intptr_t r = 0; r < rows; r++)
        scales[r] = encode_int8(input + r * stride, columns, (uint8_t *)codes + r * 4 * call->stride);
      call->row_scales = scales;
      break;
    }
    default:
      call->input = input;
      call->depth = columns;
      call->stride = stride;
  }
}

static void product(
    const ck_matrix *matrix, const float *input, intptr_t input_stride, intptr_t rows,
    float *output, intptr_t output_stride, ck_epilogue epilogue, void *codes) {
  product_call call = {.matrix = matrix,
                       .output = output,
                       .output_stride = output_stride,
                       .epilogue = epilogue};
  set_input(&call, input, input_stride, rows, codes);
  switch (matrix->precision) {
    case CK_BF16: run_product_bf16(&call, rows); break;
    case CK_INT8: run_product_int8(&call, rows); break;
    default: run_product_f32(&call, rows);
  }
}

static void lstm_step(
    const ck_matrix *gates, intptr_t hidden_size, float *state, intptr_t state_stride,
    intptr_t rows, float *cell, float *hidden, float *next, intptr_t next_stride, void *codes) {
  product_call call = {.matrix = gates, .output_stride = CK_PANEL_WIDTH, .epilogue = CK_STORE};
  set_input(&call, state, state_stride, rows, codes);
  switch (gates->precision) {
    case CK_BF16: run_lstm_bf16(&call, hidden_size, rows, cell, hidden); break;
    case CK_INT8: run_lstm_int8(&call, hidden_size, rows, cell, hidden); break;
    default: run_lstm_f32(&call, hidden_size, rows, cell, hidden);
  }
  const size_t bytes = (size_t)hidden_size * sizeof(float);
  for (intptr_t r = 0; r < rows; r++) {
    const float *h = hidden + r * hidden_size;
    memcpy(state + r * state_stride + gates->columns - hidden_size, h, bytes);
    if (next) memcpy(next + r * next_stride, h, bytes);
  }
}
