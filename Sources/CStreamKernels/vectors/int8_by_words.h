// int8 products by multiply-adds of 16-bit numbers, whose pairwise sums are exact: weights are widened
// as they are read, which several rows share, and inputs beforehand.
typedef struct {
  // Codes 0 and 2 of four, then 1 and 3.
  int32_t even, odd;
} int8_input;
typedef struct {
  VI even, odd;
} int8_inputs;
typedef int8_inputs int8_weights;

INLINE int8_weights int8_load(const int32_t *p) {
  const VI codes = vi_load(p);
  return (int8_weights){vi_even_bytes(codes), vi_odd_bytes(codes)};
}
INLINE int8_inputs int8_broadcast(const int8_input *p) {
  return (int8_inputs){vi_set1(p->even), vi_set1(p->odd)};
}
INLINE VI int8_dot(VI sum, int8_weights w, int8_inputs x) {
  return vi_add(vi_add(sum, vi_madd(w.even, x.even)), vi_madd(w.odd, x.odd));
}
// Sixteen codes, the low bytes of the lanes.
INLINE void store_int8_inputs(int8_input *inputs, V rounded) {
  int16_t *to = (int16_t *)inputs;
  int32_t codes[16] __attribute__((aligned(64)));
  v_store((float *)codes, rounded);
  for (int i = 0; i < 4; i++) {
    to[4 * i] = (int8_t)codes[4 * i];
    to[4 * i + 1] = (int8_t)codes[4 * i + 2];
    to[4 * i + 2] = (int8_t)codes[4 * i + 1];
    to[4 * i + 3] = (int8_t)codes[4 * i + 3];
  }
}
