// Steps of an LSTM layer: gates by products, then cells. A panel of weights is the gates i, f, g, o of
// eight units.
//
// c' = fma(sigmoid(f), c, sigmoid(i) * tanh(g)); h' = sigmoid(o) * tanh(c').

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

// Two groups of eight cells, from the gates of eight units each. Only the units that exist are touched.
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

// Keeps a value in memory during the loop that follows, where registers are few: the chains need all of
// them, and one of AVX2's sixteen would go through memory at every element otherwise.
#if TILE_VECTORS == 1
#define SPILL(value) __asm__ volatile("" : : "r"(&(value)) : "memory")
#else
#define SPILL(value)
#endif

// Sixteen cells of one row whose gates are known, and the four steps of their update.
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

#define PRECISION f32
#include "templates/lstm.inc"
#define PRECISION bf16
#include "templates/lstm.inc"
#define PRECISION int8
#include "templates/lstm.inc"

static void lstm_step(
    const ck_matrix *gates, intptr_t hidden_size, float *state, intptr_t state_stride,
    intptr_t rows, float *cell, float *hidden, float *next, intptr_t next_stride, void *scratch) {
  product_call call = {.matrix = gates, .output_stride = CK_PANEL_WIDTH, .epilogue = CK_STORE};
  set_input(&call, state, state_stride, rows, scratch);
  switch (gates->precision) {
    case CK_BF16: bf16_lstm(&call, hidden_size, rows, cell, hidden); break;
    case CK_INT8: int8_lstm(&call, hidden_size, rows, cell, hidden); break;
    default: f32_lstm(&call, hidden_size, rows, cell, hidden);
  }
  place_hidden(
      hidden, hidden_size, rows, state + gates->columns - hidden_size, state_stride, next,
      next_stride);
}
