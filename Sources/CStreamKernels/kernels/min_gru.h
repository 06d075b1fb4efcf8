// Steps of a minGRU layer: the gate and the candidate by one product over x, then cells. A panel of weights is z and n
// of sixteen units.
//
// h' = fma(sigmoid(z), n - h, h).

// Sixteen cells of one row on their way to the new h.
typedef struct {
  V z, n;
  const float *before;
  float *hidden;
  // Cells that exist; 0 before the first.
  intptr_t count;
} min_gru_cells;

INLINE min_gru_cells min_gru_cells_from(
    const V *gates, const float *before, float *hidden, intptr_t units) {
  return (min_gru_cells){.z = gates[0], .n = gates[1], .before = before, .hidden = hidden,
                         .count = units < 16 ? units : 16};
}
INLINE void min_gru_cells_hidden(const min_gru_cells *s) {
  const V before = v_load_part(s->before, s->count);
  v_store_part(
      s->hidden, v_fma(v_sigmoid(s->z), v_sub(s->n, before), before), s->count);
}

typedef struct {
  product_call *x;
  intptr_t hidden_size;
  // h before the step, [rows][stride].
  const float *before;
  intptr_t stride;
  // [rows][hidden_size]
  float *hidden;
} min_gru_call;

#define PRECISION f32
#include "templates/min_gru.inc"
#define PRECISION bf16
#include "templates/min_gru.inc"
#define PRECISION int8
#include "templates/min_gru.inc"

static void min_gru_step(
    const ck_matrix *inputs, intptr_t hidden_size, float *state, intptr_t state_stride,
    intptr_t rows, float *hidden, float *next, intptr_t next_stride, void *scratch) {
  float *before = state + inputs->columns;
  product_call x = {.matrix = inputs, .output_stride = CK_PANEL_WIDTH, .epilogue = CK_STORE};
  set_input(&x, state, state_stride, rows, scratch);
  const min_gru_call call = {&x, hidden_size, before, state_stride, hidden};
  switch (inputs->precision) {
    case CK_BF16: bf16_min_gru(&call, rows); break;
    case CK_INT8: int8_min_gru(&call, rows); break;
    default: f32_min_gru(&call, rows);
  }
  place_hidden(hidden, hidden_size, rows, before, state_stride, next, next_stride);
}
