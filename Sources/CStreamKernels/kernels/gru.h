// Steps of a GRU layer: gates by a product over x and one over h, then cells. Packed rows are vectors of
// sixteen units, r, z and n in turn, so that three panels of each matrix are the gates of 32 units.
//
// r = sigmoid(r_x + r_h), z = sigmoid(z_x + z_h), n = tanh(fma(r, n_h, n_x)), h' = fma(z, h - n, n); of
// each pair x is the product over x with its bias, h that over h with its own.
#define GRU_UNITS 32
#define GRU_PANELS 3
#define GRU_COLUMNS (GRU_PANELS * CK_PANEL_WIDTH)

// Sixteen cells of one row on their way to the new h.
typedef struct {
  V r, z, n_x, n_h;
  const float *before;
  float *hidden;
  // Cells that exist; 0 before the first.
  intptr_t count;
} gru_cells;

// From the gates of 32 units, of the half that begins at the vector `first`, 0 or 3.
INLINE gru_cells gru_cells_from(
    const V *x, const V *h, int first, const float *before, float *hidden, intptr_t units) {
  return (gru_cells){.r = v_add(x[first], h[first]), .z = v_add(x[first + 1], h[first + 1]),
                     .n_x = x[first + 2], .n_h = h[first + 2], .before = before,
                     .hidden = hidden, .count = units < 0 ? 0 : units < 16 ? units : 16};
}
INLINE void gru_cells_reset(gru_cells *s) { s->r = v_sigmoid(s->r); }
INLINE void gru_cells_update(gru_cells *s) { s->z = v_sigmoid(s->z); }
INLINE void gru_cells_new(gru_cells *s) { s->n_x = v_tanh(v_fma(s->r, s->n_h, s->n_x)); }
INLINE void gru_cells_hidden(gru_cells *s) {
  const V change = v_sub(v_load_part(s->before, s->count), s->n_x);
  v_store_part(s->hidden, v_fma(s->z, change, s->n_x), s->count);
}

typedef struct {
  product_call *x, *h;
  intptr_t hidden_size;
  // h before the step, [rows][stride].
  const float *before;
  intptr_t stride;
  // [rows][hidden_size]
  float *hidden;
} gru_call;

#define PRECISION f32
#include "templates/gru.inc"
#define PRECISION bf16
#include "templates/gru.inc"
#define PRECISION int8
#include "templates/gru.inc"

static void gru_step(
    const ck_matrix *inputs, const ck_matrix *hiddens, intptr_t hidden_size, float *state,
    intptr_t state_stride, intptr_t rows, float *hidden, float *next, intptr_t next_stride,
    void *scratch) {
  float *before = state + inputs->columns;
  product_call x = {.matrix = inputs, .output_stride = GRU_COLUMNS, .epilogue = CK_STORE};
  product_call h = {.matrix = hiddens, .output_stride = GRU_COLUMNS, .epilogue = CK_STORE};
  set_input(&x, state, state_stride, rows, scratch);
  set_input(&h, before, state_stride, rows,
            scratch ? (char *)scratch + gru_hidden_scratch(inputs->columns, rows) : scratch);
  const gru_call call = {&x, &h, hidden_size, before, state_stride, hidden};
  switch (inputs->precision) {
    case CK_BF16: bf16_gru(&call, rows); break;
    case CK_INT8: int8_gru(&call, rows); break;
    default: f32_gru(&call, rows);
  }
  place_hidden(hidden, hidden_size, rows, before, state_stride, next, next_stride);
}
