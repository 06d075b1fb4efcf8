// Activations on their way into a product of reduced precision.

// Rounded to nearest even; subnormals to zero, NaN stays NaN.
INLINE uint16_t bf16_bits(float x) {
  uint32_t u;
  memcpy(&u, &x, 4);
  const uint32_t magnitude = u & 0x7FFFFFFFu;
  const uint32_t rounded = (u + 0x7FFFu + ((u >> 16) & 1u)) >> 16;
  const uint32_t quiet = (u >> 16) | 0x40u, sign = (u >> 16) & 0x8000u;
  return (uint16_t)(magnitude > 0x7F800000u ? quiet : magnitude < 0x00800000u ? sign : rounded);
}

// Pairs of bf16, the last one filled with zero. Branch-free, so that the compiler makes vectors of it.
static void encode_bf16(const float *x, intptr_t columns, uint16_t *codes) {
  for (intptr_t i = 0; i < columns; i++) codes[i] = bf16_bits(x[i]);
  if (columns % 2) codes[columns] = 0;
}

// int8 codes, the last group filled; returns the value of one step, 0 for a row of zeros. A row whose
// largest magnitude is not above 2^-100 counts as zeros: 127 / largest would overflow.
static float encode_int8(const float *x, intptr_t columns, uint8_t *codes) {
  V largest = v_zero();
  for (intptr_t i = 0; i < columns; i += 16) {
    const intptr_t n = columns - i < 16 ? columns - i : 16;
    largest = v_max(v_abs(v_load_part(x + i, n)), largest);
  }
  const float top = v_largest(largest);
  const int some = top > 7.88860905e-31f;
  const float inverse = some ? 127.f / top : 0.f;
  for (intptr_t i = 0; i < columns; i++) {
    const float scaled = x[i] * inverse;
    const float low = scaled > -127.f ? scaled : -127.f;
    const float rounded = (low < 127.f ? low : 127.f) + 12582912.f;
    uint32_t bits;
    memcpy(&bits, &rounded, 4);
    codes[i] = (uint8_t)(bits + CODE_OFFSET);
  }
  for (intptr_t i = columns; i % 4; i++) codes[i] = CODE_OFFSET;
  return some ? top / 127.f : 0.f;
}
