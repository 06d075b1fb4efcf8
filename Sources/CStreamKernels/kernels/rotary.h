// Rotary positions: the angles, and queries, keys and values on their way into the ring.

// Branch-free, so that the compiler makes vectors of it.
static void rotary_angles(
    const double *turns_per_position, intptr_t count, uint64_t position, float *cosines, float *sines) {
  const double p = (double)position;
  for (intptr_t i = 0; i < count; i++) {
    const double frequency = turns_per_position[i];
    const double product = p * frequency;
    // Exactly what the product lost by rounding.
    const double remainder = fma(p, frequency, -product);
    const double fraction = (product - rint(product)) + remainder;
    const double quarter = rint(fraction * 4);
    const double x = (fraction - quarter * 0.25) * (2 * 3.141592653589793);
    const double z = x * x;
    double c = -1.0 / 87178291200;
    c = c * z + 1.0 / 479001600;
    c = c * z - 1.0 / 3628800;
    c = c * z + 1.0 / 40320;
    c = c * z - 1.0 / 720;
    c = c * z + 1.0 / 24;
    c = c * z - 0.5;
    c = c * z + 1;
    double s = -1.0 / 1307674368000;
    s = s * z + 1.0 / 6227020800;
    s = s * z - 1.0 / 39916800;
    s = s * z + 1.0 / 362880;
    s = s * z - 1.0 / 5040;
    s = s * z + 1.0 / 120;
    s = s * z - 1.0 / 6;
    s = (s * z + 1) * x;
    const int32_t q = (int32_t)quarter;
    const double cosine = q & 1 ? s : c, sine = q & 1 ? c : s;
    cosines[i] = (float)((q + 1) & 2 ? -cosine : cosine);
    sines[i] = (float)(q & 2 ? -sine : sine);
  }
}

// (a, b) -> (a cos - b sin, b cos + a sin) of one head of head_size, from x to y.
INLINE void rotate_head(
    const float *x, float *y, intptr_t half, const float *cosines, const float *sines) {
  for (intptr_t i = 0; i < half; i += 16) {
    const intptr_t n = half - i < 16 ? half - i : 16;
    const V a = v_load_part(x + i, n), b = v_load_part(x + half + i, n);
    const V c = v_load_part(cosines + i, n), s = v_load_part(sines + i, n);
    v_store_part(y + i, v_fma(a, c, v_neg(v_mul(b, s))), n);
    v_store_part(y + half + i, v_fma(b, c, v_mul(a, s)), n);
  }
}

// Limits values to the finite ones: a masked key weighs +0, which an infinite value would turn into NaN.
INLINE void clamp_to_finite(const float *x, float *y, intptr_t count) {
  for (intptr_t i = 0; i < count; i += 16) {
    const intptr_t n = count - i < 16 ? count - i : 16;
    const V below = v_min(v_load_part(x + i, n), v_set1(3.402823466e38f));
    v_store_part(y + i, v_max(below, v_set1(-3.402823466e38f)), n);
  }
}
// The same for bf16, whose largest number that does not round to infinity is smaller.
INLINE float finite_bf16(float x) {
  const float below = x < 3.38953139e38f ? x : 3.38953139e38f;
  return below > -3.38953139e38f ? below : -3.38953139e38f;
}

static void ring_store(const ck_ring_store *s) {
  const intptr_t size = s->head_size, half = size / 2, width = s->head_count * size;
  const intptr_t key_width = s->key_head_count * size;
  const V scale = v_set1(s->scale);
  for (intptr_t r = 0; r < s->row_count; r++) {
    float *row = s->rows + r * s->stride;
    if (s->cosines)
      for (intptr_t at = 0; at < width + key_width; at += size)
        rotate_head(row + at, row + at, half, s->cosines + r * half, s->sines + r * half);
    const uint64_t position = s->position + (uint64_t)r;
    const intptr_t block = (intptr_t)(position / CK_BLOCK_SIZE % (uint64_t)s->block_count);
    const intptr_t lane = (intptr_t)(position % CK_BLOCK_SIZE);
    for (intptr_t head = 0; head < s->key_head_count; head++) {
      float *key = row + width + head * size;
      const float *value = key + key_width;
      const intptr_t k = head * s->key_head_stride + block * CK_BLOCK_SIZE * size + lane;
      const intptr_t v =
          head * s->value_head_stride + (block * CK_BLOCK_SIZE + lane) * s->value_stride;
      if (s->precision == CK_BF16) {
        uint16_t *keys = (uint16_t *)s->keys + k, *values = (uint16_t *)s->values + v;
        for (intptr_t i = 0; i < size; i++) keys[i * CK_BLOCK_SIZE] = bf16_bits(finite_bf16(key[i]));
        for (intptr_t i = 0; i < size; i++) values[i] = bf16_bits(finite_bf16(value[i]));
      } else {
        float *keys = (float *)s->keys + k, *values = (float *)s->values + v;
        clamp_to_finite(key, key, size);
        for (intptr_t i = 0; i < size; i++) keys[i * CK_BLOCK_SIZE] = key[i];
        clamp_to_finite(value, values, size);
      }
    }
    for (intptr_t i = 0; i < width; i += 16) {
      const intptr_t n = width - i < 16 ? width - i : 16;
      v_store_part(row + i, v_mul(v_load_part(row + i, n), scale), n);
    }
  }
}
