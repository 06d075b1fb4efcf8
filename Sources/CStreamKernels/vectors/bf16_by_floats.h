// bf16 products of a processor without an instruction for them, by multiply-adds of floats: weights are
// widened as they are read, which several rows share, and inputs beforehand.
typedef struct {
  float first, second;
} bf16_input;
typedef struct {
  V first, second;
} bf16_inputs;
typedef bf16_inputs bf16_weights;

INLINE bf16_weights bf16_load(const int32_t *p) {
  const VI pairs = vi_load(p);
  return (bf16_weights){v_low_halves(pairs), v_high_halves(pairs)};
}
INLINE bf16_inputs bf16_broadcast(const bf16_input *p) {
  return (bf16_inputs){v_set1(p->first), v_set1(p->second)};
}
// fma(first, first, fma(second, second, sum)) of pairs of bf16.
INLINE V bf16_dot(V sum, bf16_weights w, bf16_inputs x) {
  return v_fma(x.first, w.first, v_fma(x.second, w.second, sum));
}
