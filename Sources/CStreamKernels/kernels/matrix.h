// Products in every precision.

typedef struct {
  const ck_matrix *matrix;
  // Elements, [rows][stride].
  const void *input;
  intptr_t stride;
  // Elements of a row that count.
  intptr_t depth;
  // int8: the scale of each row of input.
  const float *row_scales;
  float *output;
  intptr_t output_stride;
  ck_epilogue epilogue;
  ck_ahead *ahead;
} product_call;

// Cache lines of memory ahead for each two elements of the depth: as many as keep the memory busy and the
// products at their pace, found by trial.
#define AHEAD_LINES 4

// The part of the memory ahead that a tile brings closer; null if there is none.
INLINE const char *take_ahead(const product_call *call, intptr_t elements) {
  if (!call->ahead || call->ahead->next >= call->ahead->end) return 0;
  const char *from = call->ahead->next;
  call->ahead->next += elements / 2 * AHEAD_LINES * 64;
  return from;
}

// Row tiles that take turns, and elements of depth between two turns: 128 KiB of weights, which stay
// in the second cache meanwhile. Shorter turns cost more by keeping the chains than they save.
#define GROUP_TILES 11
#define DEPTH_BLOCK 1024
// Elements of depth that a tile that is alone takes at a time, where its chains take turns.
#define LONE_TILE_BLOCK 64
#define GROUP_ROWS (GROUP_TILES * TILE_ROWS)

// Applies the epilogue, but for those of whole rows, and stores 16 columns, of which `columns` exist.
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

// What the templates of a product know of a precision, here of f32:
//   element    what a column of a panel holds for one step of the depth, four bytes
//   input      what a row of activations holds for it, as set_input leaves it
//   weights    sixteen elements, loaded by load; inputs: one input for all lanes, by broadcast
//   sum        one chain of sixteen outputs, from zero, advanced by dot
//   terms      what sixteen columns add to the sums, by load_terms; result puts both together
//   tile_rows  rows of the largest tile that fits the registers
//   is_exact   whether sums are the same in any order
//   next_panel_ahead  whether a tile that is alone brings the next panel closer: codes are used up faster
//                     than the processor fetches them by itself; for floats it only gets in the way
typedef float f32_element;
typedef float f32_input;
typedef V f32_inputs;
typedef V f32_weights;
typedef V f32_sum;
typedef V f32_terms;
enum { f32_tile_rows = TILE_ROWS, f32_next_panel_ahead = 0, f32_is_exact = 0 };

INLINE f32_sum f32_zero(void) { return v_zero(); }
INLINE f32_weights f32_load(const f32_element *p) { return v_load(p); }
INLINE f32_inputs f32_broadcast(const f32_input *p) { return v_set1(*p); }
INLINE f32_sum f32_dot(f32_sum sum, f32_weights w, f32_inputs x) { return v_fma(x, w, sum); }
INLINE f32_terms f32_load_terms(const ck_matrix *m, intptr_t n) { return v_load(m->bias + n); }
INLINE V f32_result(
    f32_sum even, f32_sum odd, f32_terms bias, const float *row_scales, intptr_t row) {
  (void)row_scales, (void)row;
  return v_add(v_add(even, odd), bias);
}

// bf16: a pair of columns; the vectors have inputs, weights, load, broadcast and dot.
typedef int32_t bf16_element;
typedef V bf16_sum;
typedef V bf16_terms;
enum { bf16_tile_rows = WIDENED_TILE_ROWS, bf16_next_panel_ahead = 0, bf16_is_exact = 0 };

INLINE bf16_sum bf16_zero(void) { return v_zero(); }
INLINE bf16_terms bf16_load_terms(const ck_matrix *m, intptr_t n) { return v_load(m->bias + n); }
INLINE V bf16_result(
    bf16_sum even, bf16_sum odd, bf16_terms bias, const float *row_scales, intptr_t row) {
  (void)row_scales, (void)row;
  return v_add(v_add(even, odd), bias);
}

// int8: four columns; the vectors have the same.
typedef int32_t int8_element;
typedef VI int8_sum;
typedef struct {
  V bias, scale;
#if INT8_INPUT_OFFSET
  VI correction;
#endif
} int8_terms;
enum { int8_tile_rows = WIDENED_TILE_ROWS, int8_next_panel_ahead = 1, int8_is_exact = 1 };

INLINE int8_sum int8_zero(void) { return vi_zero(); }
INLINE int8_terms int8_load_terms(const ck_matrix *m, intptr_t n) {
#if INT8_INPUT_OFFSET
  return (int8_terms){v_load(m->bias + n), v_load(m->scales + n), vi_load(m->corrections + n)};
#else
  return (int8_terms){v_load(m->bias + n), v_load(m->scales + n)};
#endif
}
// The exact sum, times the scales of weight row and frame, plus the bias.
INLINE V int8_result(
    int8_sum even, int8_sum odd, int8_terms terms, const float *row_scales, intptr_t row) {
  VI sum = vi_add(even, odd);
#if INT8_INPUT_OFFSET
  sum = vi_sub(sum, terms.correction);
#endif
  return v_fma(v_from_int(sum), v_mul(v_set1(row_scales[row]), terms.scale), terms.bias);
}

#include "vectors/row_sums.h"

#define PRECISION f32
#include "templates/product.inc"
#define PRECISION bf16
#include "templates/product.inc"
#define PRECISION int8
#include "templates/product.inc"

// Points a call at its input in the matrix's precision, reduced into scratch where needed.
static void set_input(
    product_call *call, const float *input, intptr_t stride, intptr_t rows, void *scratch) {
  const intptr_t columns = call->matrix->columns;
  call->input = scratch;
  switch (call->matrix->precision) {
    case CK_BF16: {
      call->depth = call->stride = (columns + 1) / 2;
      bf16_input *inputs = (bf16_input *)scratch;
      for (intptr_t r = 0; r < rows; r++)
        reduce_to_bf16(input + r * stride, columns, inputs + r * call->stride);
      break;
    }
    case CK_INT8: {
      call->depth = call->stride = (columns + 3) / 4;
      int8_input *inputs = (int8_input *)scratch;
      // Behind what the last row may overwrite.
      float *scales = (float *)(inputs + rows * call->stride + 4);
      for (intptr_t r = 0; r < rows; r++)
        scales[r] = reduce_to_int8(input + r * stride, columns, inputs + r * call->stride);
      call->row_scales = scales;
      break;
    }
    default:
      call->input = input;
      call->depth = columns;
      call->stride = stride;
  }
}

// A function of each value of a row.
#define ALONG_ROW(name, function) \
  static void name(float *values, intptr_t count) { \
    intptr_t i = 0; \
    for (; i + 16 <= count; i += 16) v_store(values + i, function(v_load(values + i))); \
    if (i < count) \
      v_store_part(values + i, function(v_load_part(values + i, count - i)), count - i); \
  }
ALONG_ROW(gelu_tanh, v_gelu_tanh)
ALONG_ROW(gelu, v_gelu)
ALONG_ROW(silu, v_silu)
ALONG_ROW(hyperbolic_tangent, v_tanh)
#undef ALONG_ROW

typedef void (*row_function)(float *values, intptr_t count);

// What an epilogue does to whole rows of results, or null where they are stored as store_result does it.
INLINE row_function row_function_of(ck_epilogue epilogue) {
  switch (epilogue) {
    case CK_GELU_TANH: return gelu_tanh;
    case CK_GELU: return gelu;
    case CK_SILU: return silu;
    case CK_TANH: return hyperbolic_tangent;
    default: return 0;
  }
}

static void product(
    const ck_matrix *matrix, const float *input, intptr_t input_stride, intptr_t rows,
    float *output, intptr_t output_stride, ck_epilogue epilogue, void *scratch, ck_ahead *ahead) {
  product_call call = {.matrix = matrix,
                       .ahead = ahead,
                       .output = output,
                       .output_stride = output_stride,
                       .epilogue = epilogue};
  const row_function activation = row_function_of(epilogue);
  if (activation) call.epilogue = CK_STORE;
  set_input(&call, input, input_stride, rows, scratch);
  switch (matrix->precision) {
    case CK_BF16: bf16_product(&call, rows); break;
    case CK_INT8: int8_product(&call, rows); break;
    default: f32_product(&call, rows);
  }
  if (activation)
    for (intptr_t r = 0; r < rows; r++) activation(output + r * output_stride, matrix->rows);
}
