// int8 products by multiply-adds of unsigned with signed bytes: the magnitude of a weight with the input that
// has taken its sign. Two of them add up to 2 * 128 * 127 at most, which 16 bits hold.
typedef int32_t int8_input;
typedef VI int8_inputs;
typedef struct {
  VI codes, magnitudes;
} int8_weights;

INLINE int8_weights int8_load(const int32_t *p) {
  const VI codes = vi_load(p);
  return (int8_weights){codes, vi_byte_magnitudes(codes)};
}
INLINE int8_inputs int8_broadcast(const int8_input *p) { return vi_set1(*p); }
INLINE VI int8_dot(VI sum, int8_weights w, int8_inputs x) {
  return vi_add(sum, vi_pair_sums(vi_byte_pair_sums(w.magnitudes, vi_with_byte_signs(x, w.codes))));
}
// Sixteen codes, the low bytes of the lanes.
INLINE void store_int8_inputs(int8_input *inputs, V rounded) {
  int8_t *to = (int8_t *)inputs;
  int32_t codes[16] __attribute__((aligned(64)));
  v_store((float *)codes, rounded);
  for (int i = 0; i < 16; i++) to[i] = (int8_t)codes[i];
}
