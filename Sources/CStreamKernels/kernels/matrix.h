// Products and LSTM steps in every precision, and what they share.

typedef struct {
  const ck_matrix *matrix;
  // Elements, [rows][stride].
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

// The epilogue, but for GELU, and the store of 16 columns, of which `columns` exist.
INLINE void store_result(V value, float *y, intptr_t columns, ck_epilogue epilogue) {
  if (epilogue == CK_RELU) value = v_max(value, v_zero());
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
    const V *a, const V *b, intptr_t a_units, intptr_t b_units, float *a_cell, float *b_cell,
    float *a_hidden, float *b_hidden) {
  const V i = v_lows(a[0], b[0]), f = v_highs(a[0], b[0]);
  const V g = v_lows(a[1], b[1]), o = v_highs(a[1], b[1]);
  const V before = load_units(a_cell, b_cell, a_units, b_units);
  const V state = v_fma(v_sigmoid(f), before, v_mul(v_sigmoid(i), v_tanh(g)));
  const V h = v_mul(v_sigmoid(o), v_tanh(state));
  store_units(state, a_cell, b_cell, a_units, b_units);
  store_units(h, a_hidden, b_hidden, a_units, b_units);
}

// Puts a value away where registers are few, so that they are the chains' in the loop that follows: of the
// sixteen of AVX2 one chain would go through memory at every element otherwise.
#if TILE_VECTORS == 1
#define IN_MEMORY(value) __asm__ volatile("" : : "r"(&(value)) : "memory")
#else
#define IN_MEMORY(value)
#endif

// Sixteen cells of one row on their way, and the four steps of their update.
typedef struct {
  V i, f, g, o, state;
  float *cell, *hidden;
  // Cells that exist; 0 before the first.
  intptr_t count;
} row_cells;

INLINE row_cells row_cells_from(
    const V *a, const V *b, float *cell, float *hidden, intptr_t count) {
  return (row_cells){.i = v_lows(a[0], b[0]), .f = v_highs(a[0], b[0]), .g = v_lows(a[1], b[1]),
                     .o = v_highs(a[1], b[1]), .state = v_zero(), .cell = cell,
                     .hidden = hidden, .count = count};
}
INLINE void row_cells_input(row_cells *s) { s->i = v_mul(v_sigmoid(s->i), v_tanh(s->g)); }
INLINE void row_cells_state(row_cells *s) {
  s->state = v_fma(v_sigmoid(s->f), v_load_part(s->cell, s->count), s->i);
  v_store_part(s->cell, s->state, s->count);
}
INLINE void row_cells_output(row_cells *s) { s->o = v_sigmoid(s->o); }
INLINE void row_cells_hidden(row_cells *s) {
  v_store_part(s->hidden, v_mul(s->o, v_tanh(s->state)), s->count);
}

#include "vectors/row_sums.h"

#define NAMED(x) x##_f32
#define NAMED_ROW(x) f32_row_##x
#define ROW_SUM f32_row_sum
#define ELEMENT float
#define INPUT float
#define MOST_ROWS TILE_ROWS
#define ACCUMULATOR V
#define ACCUMULATOR_ZERO v_zero()
#define WEIGHTS V
#define INPUTS V
#define LOAD_WEIGHTS(p) v_load(p)
#define BROADCAST(p) v_set1(*(p))
#define ACCUMULATE(sum, w, x) v_fma(x, w, sum)
#define COLUMN_TERMS V
#define LOAD_TERMS(m, n) v_load((m)->bias + (n))
#define RESULT(even, odd, terms, scales, row) v_add(v_add(even, odd), terms)
#include "templates/product.inc"

#define NAMED(x) x##_bf16
#define NAMED_ROW(x) bf16_row_##x
#define ROW_SUM bf16_row_sum
#define ELEMENT int32_t
#define INPUT bf16_input
#define MOST_ROWS WIDENED_TILE_ROWS
#define ACCUMULATOR V
#define ACCUMULATOR_ZERO v_zero()
#define WEIGHTS bf16_weights
#define INPUTS bf16_inputs
#define LOAD_WEIGHTS(p) bf16_load(p)
#define BROADCAST(p) bf16_broadcast(p)
#define ACCUMULATE(sum, w, x) bf16_dot(sum, w, x)
#define COLUMN_TERMS V
#define LOAD_TERMS(m, n) v_load((m)->bias + (n))
#define RESULT(even, odd, terms, scales, row) v_add(v_add(even, odd), terms)
#include "templates/product.inc"

typedef struct {
  V bias, scale;
#if CODE_OFFSET
  VI correction;
#endif
} int8_terms;

INLINE int8_terms load_int8_terms(const ck_matrix *m, intptr_t n) {
#if CODE_OFFSET
  return (int8_terms){v_load(m->bias + n), v_load(m->scales + n), vi_load(m->corrections + n)};
#else
  return (int8_terms){v_load(m->bias + n), v_load(m->scales + n)};
#endif
}

// The exact sum, times the steps of weight row and frame, plus the bias.
INLINE V int8_result(VI sum, int8_terms terms, float row_scale) {
#if CODE_OFFSET
  sum = vi_sub(sum, terms.correction);
#endif
  return v_fma(v_from_int(sum), v_mul(v_set1(row_scale), terms.scale), terms.bias);
}

#define NAMED(x) x##_int8
#define NAMED_ROW(x) int8_row_##x
#define ROW_SUM int8_row_sum
#define ELEMENT int32_t
#define INPUT int8_input
#define MOST_ROWS WIDENED_TILE_ROWS
#define ACCUMULATOR VI
#define ACCUMULATOR_ZERO vi_zero()
#define WEIGHTS int8_weights
#define INPUTS int8_inputs
#define LOAD_WEIGHTS(p) int8_load(p)
#define BROADCAST(p) int8_broadcast(p)
#define ACCUMULATE(sum, w, x) int8_dot(sum, w, x)
#define COLUMN_TERMS int8_terms
#define LOAD_TERMS(m, n) load_int8_terms(m, n)
#define RESULT(even, odd, terms, scales, row) int8_result(vi_add(even, odd), terms, (scales)[row])
#include "templates/product.inc"

// Points a call at its input in the matrix's precision, encoding it into codes where needed.
static void set_input(
    product_call *call, const float *input, intptr_t stride, intptr_t rows, void *codes) {
  const intptr_t columns = call->matrix->columns;
  call->input = codes;
  switch (call->matrix->precision) {
    case CK_BF16: {
      call->depth = call->stride = (columns + 1) / 2;
      bf16_input *inputs = (bf16_input *)codes;
      for (intptr_t r = 0; r < rows; r++)
        encode_bf16(input + r * stride, columns, inputs + r * call->stride);
      break;
    }
    case CK_INT8: {
      call->depth = call->stride = (columns + 3) / 4;
      int8_input *inputs = (int8_input *)codes;
      // Behind what the last row may overwrite.
      float *scales = (float *)(inputs + rows * call->stride + 4);
      for (intptr_t r = 0; r < rows; r++)
        scales[r] = encode_int8(input + r * stride, columns, inputs + r * call->stride);
      call->row_scales = scales;
      break;
    }
    default:
      call->input = input;
      call->depth = columns;
      call->stride = stride;
  }
}

static void gelu_tanh(float *values, intptr_t count) {
  intptr_t i = 0;
  for (; i + 16 <= count; i += 16) v_store(values + i, v_gelu_tanh(v_load(values + i)));
  if (i < count)
    v_store_part(values + i, v_gelu_tanh(v_load_part(values + i, count - i)), count - i);
}

static void product(
    const ck_matrix *matrix, const float *input, intptr_t input_stride, intptr_t rows,
    float *output, intptr_t output_stride, ck_epilogue epilogue, void *codes) {
  product_call call = {.matrix = matrix,
                       .output = output,
                       .output_stride = output_stride,
                       .epilogue = epilogue == CK_GELU_TANH ? CK_STORE : epilogue};
  set_input(&call, input, input_stride, rows, codes);
  switch (matrix->precision) {
    case CK_BF16: run_product_bf16(&call, rows); break;
    case CK_INT8: run_product_int8(&call, rows); break;
    default: run_product_f32(&call, rows);
  }
  if (epilogue == CK_GELU_TANH)
    for (intptr_t r = 0; r < rows; r++) gelu_tanh(output + r * output_stride, matrix->rows);
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
