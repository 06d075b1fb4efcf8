// How the product of one row adds weights to a sum: a vector at a time, unless the processor's vectors
// brought something faster (OWN_..._ROW_SUM).
#if !defined(OWN_F32_ROW_SUM)
typedef V f32_row_sum;
INLINE V f32_row_zero(void) { return v_zero(); }
INLINE V f32_row_add(V sum, const float *w, const float *x) {
  return v_fma(v_set1(*x), v_load(w), sum);
}
INLINE V f32_row_vector(V sum) { return sum; }
#endif

#if !defined(OWN_BF16_ROW_SUM)
typedef V bf16_row_sum;
INLINE V bf16_row_zero(void) { return v_zero(); }
INLINE V bf16_row_add(V sum, const int32_t *w, const bf16_input *x) {
  return bf16_dot(sum, bf16_load(w), bf16_broadcast(x));
}
INLINE V bf16_row_vector(V sum) { return sum; }
#endif

#if !defined(OWN_INT8_ROW_SUM)
typedef VI int8_row_sum;
INLINE VI int8_row_zero(void) { return vi_zero(); }
INLINE VI int8_row_add(VI sum, const int32_t *w, const int8_input *x) {
  return int8_dot(sum, int8_load(w), int8_broadcast(x));
}
INLINE VI int8_row_vector(VI sum) { return sum; }
#endif
