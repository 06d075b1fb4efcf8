// Activations in the precision of a product: bf16, or int8 with a scale per row.

// Rounded to nearest even; subnormals to zero, NaN stays NaN.
INLINE uint16_t bf16_bits(float x) {
  uint32_t u;
  memcpy(&u, &x, 4);
  const uint32_t magnitude = u & 0x7FFFFFFFu;
  const uint32_t rounded = (u + 0x7FFFu + ((u >> 16) & 1u)) >> 16;
  const uint32_t quiet = (u >> 16) | 0x40u, sign = (u >> 16) & 0x8000u;
  return (uint16_t)(magnitude > 0x7F800000u ? quiet : magnitude < 0x00800000u ? sign : rounded);
}

#if !defined(OWN_BF16_INPUTS)
// Sixteen values rounded to bf16, as floats: branch-free, so that the compiler makes vectors of it.
INLINE void store_bf16_inputs(bf16_input *inputs, V x) {
  float *to = (float *)inputs, values[16] __attribute__((aligned(64)));
  v_store(values, x);
  for (int i = 0; i < 16; i++) {
    const uint32_t u = (uint32_t)bf16_bits(values[i]) << 16;
    memcpy(to + i, &u, 4);
  }
}
#endif

// Writes pairs of bf16, the last one filled with zero, in whole vectors: what lies behind the row is
// overwritten.
static void reduce_to_bf16(const float *x, intptr_t columns, bf16_input *inputs) {
  for (intptr_t i = 0; i < columns; i += 16) {
    const intptr_t n = columns - i < 16 ? columns - i : 16;
    store_bf16_inputs(inputs + i / 2, v_load_part(x + i, n));
  }
}

// Writes int8 codes, the last group filled with zeros, in whole vectors as above. Returns the scale, 0
// for a row of zeros. A row whose largest magnitude is not above 2^-100 counts as zeros: 127 / largest
// would overflow.
static float reduce_to_int8(const float *x, intptr_t columns, int8_input *inputs) {
  V largest = v_zero();
  for (intptr_t i = 0; i < columns; i += 16) {
    const intptr_t n = columns - i < 16 ? columns - i : 16;
    largest = v_max(v_abs(v_load_part(x + i, n)), largest);
  }
  const float top = v_largest(largest);
  const int some = top > 7.88860905e-31f;
  const V inverse = v_set1(some ? 127.f / top : 0.f);
  const V magic = v_set1(12582912.f), limit = v_set1(127.f), least = v_set1(-127.f);
  for (intptr_t i = 0; i < columns; i += 16) {
    const intptr_t n = columns - i < 16 ? columns - i : 16;
    const V scaled = v_mul(v_load_part(x + i, n), inverse);
    // Adding 1.5 * 2^23 rounds and leaves the integer in the low bits.
    const V rounded = v_add(v_min(v_max(scaled, least), limit), magic);
    store_int8_inputs(inputs + i / 4, rounded);
  }
  return some ? top / 127.f : 0.f;
}
