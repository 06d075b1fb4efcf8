// exp and what follows from it, and log, for sixteen lanes: the steps of ElementaryFunctions.swift.

// e^x for x clamped to [-87, 88].
INLINE V v_exp(V argument) {
  const V x = v_max(v_min(argument, v_set1(88.f)), v_set1(-87.f));
  const V magic = v_set1(12582912.f);
  const V log2e = v_set1(1.44269504f);
  const V shifted = v_fma(x, log2e, magic);
  const V n = v_sub(shifted, magic);
  const V f = v_fma(x, v_set1(1.92596299e-8f), v_fma(x, log2e, v_neg(n)));
  V p = v_fma(v_set1(1.535336188319500e-4f), f, v_set1(1.339887440266574e-3f));
  p = v_fma(p, f, v_set1(9.618437357674640e-3f));
  p = v_fma(p, f, v_set1(5.550332471162809e-2f));
  p = v_fma(p, f, v_set1(2.402264791363012e-1f));
  p = v_fma(p, f, v_set1(6.931472028550421e-1f));
  p = v_fma(p, f, v_set1(1.f));
  return v_scale(p, shifted);
}

INLINE V v_sigmoid(V x) {
  const V one = v_set1(1.f);
  return v_div(one, v_add(one, v_exp(v_neg(x))));
}

INLINE V v_tanh(V x) {
  const V one = v_set1(1.f);
  const V e = v_exp(v_mul(v_set1(-2.f), x));
  return v_sub(v_div(v_set1(2.f), v_add(one, e)), one);
}

INLINE V v_gelu_tanh(V x) {
  const V cubic = v_mul(v_fma(v_mul(v_set1(0.044715f), x), x, v_set1(1.f)), x);
  return v_mul(x, v_sigmoid(v_mul(v_set1(1.595769121605731f), cubic)));
}

// x times the normal distribution function: max(x, 0) - t Q(t) with t = |x| and Q(t) = e^p(t), the share of
// the distribution above t; beyond 7 it is 1e-12 and counts as that.
INLINE V v_gelu(V x) {
  const V magnitude = v_abs(x), half = v_set1(0.5f);
  const V t = v_min(magnitude, v_set1(7.f));
  V p = v_fma(v_set1(-1.1229452e-8f), t, v_set1(3.763086e-7f));
  p = v_fma(p, t, v_set1(-5.3202584e-6f));
  p = v_fma(p, t, v_set1(4.010255e-5f));
  p = v_fma(p, t, v_set1(-1.5071308e-4f));
  p = v_fma(p, t, v_set1(-8.755827e-5f));
  p = v_fma(p, t, v_set1(4.9213679e-3f));
  p = v_fma(p, t, v_set1(-3.6422115e-2f));
  p = v_fma(p, t, v_set1(-3.182829e-1f));
  p = v_fma(p, t, v_set1(-7.9788768e-1f));
  p = v_fma(p, t, v_set1(-6.9314718e-1f));
  return v_fma(v_neg(t), v_exp(p), v_fma(x, half, v_mul(half, magnitude)));
}

INLINE V v_silu(V x) { return v_mul(x, v_sigmoid(x)); }

// Of a positive normal number.
INLINE V v_log(V x) {
  V e, m;
  v_split(x, &e, &m);
  const V f = v_sub(m, v_set1(1.f));
  const V s = v_div(f, v_add(v_set1(2.f), f));
  const V z = v_mul(s, s);
  V p = v_fma(v_set1(0.2222222222f), z, v_set1(0.2857142857f));
  p = v_fma(p, z, v_set1(0.4f));
  p = v_fma(p, z, v_set1(0.6666666667f));
  const V tail = v_mul(v_mul(s, z), p);
  const V low = v_fma(e, v_set1(-2.1219444005469058e-4f), tail);
  return v_fma(e, v_set1(0.693359375f), v_fma(v_set1(2.f), s, low));
}
