// The log-mel front end: window, power spectrum, bands, logarithm; and the channel normaliser.

static void frame_window(
    const float *samples, const float *window, intptr_t count, float *output) {
  const V full_scale = v_set1(32768.f), emphasis = v_set1(0.97f);
  V sum = v_zero();
  for (intptr_t i = 0; i < count; i += 16) {
    const intptr_t n = count - i < 16 ? count - i : 16;
    sum = v_add(sum, v_mul(v_load_part(samples + i, n), full_scale));
  }
  const float mean = v_tree(sum) / (float)count;
  const V centre = v_set1(mean);
  const float first = samples[0] * 32768.f - mean;
  output[0] = (first - 0.97f * first) * window[0];
  for (intptr_t i = 1; i < count; i += 16) {
    const intptr_t n = count - i < 16 ? count - i : 16;
    const V now = v_sub(v_mul(v_load_part(samples + i, n), full_scale), centre);
    const V before = v_sub(v_mul(v_load_part(samples + i - 1, n), full_scale), centre);
    const V y = v_mul(v_sub(now, v_mul(emphasis, before)), v_load_part(window + i, n));
    v_store_part(output + i, y, n);
  }
}

INLINE intptr_t reversed_bits(intptr_t value, intptr_t count) {
  intptr_t result = 0;
  for (intptr_t mask = 1; mask < count; mask *= 2, value /= 2) result = result * 2 + (value & 1);
  return result;
}

// (upper, lower) -> (upper + t lower, upper - t lower) for 16 pairs, t = c + i s.
INLINE void butterflies(
    float *real, float *imaginary, intptr_t upper, intptr_t lower, V c, V s) {
  const V lr = v_load(real + lower), li = v_load(imaginary + lower);
  const V ur = v_load(real + upper), ui = v_load(imaginary + upper);
  const V x = v_sub(v_mul(c, lr), v_mul(s, li));
  const V y = v_add(v_mul(c, li), v_mul(s, lr));
  v_store(real + lower, v_sub(ur, x));
  v_store(imaginary + lower, v_sub(ui, y));
  v_store(real + upper, v_add(ur, x));
  v_store(imaginary + upper, v_add(ui, y));
}

// The first four stages of a complex transform of 16 * width values, whose spans are 1, 2, 4 and 8. The
// value at position p of the bit-reversed order lies at row p mod 16, column reversed(p / 16), so that
// rows are butterflied as vectors and the samples enter in their own order. Leaves the values at their
// positions.
INLINE void first_stages(
    const float *samples, intptr_t width, const float *twiddles, float *rows_real,
    float *rows_imaginary, float *real, float *imaginary) {
  for (intptr_t high = 0; high < 16; high++)
    for (intptr_t low = 0; low < width; low += 16) {
      V even, odd;
      v_deinterleave(samples + 2 * (high * width + low), &even, &odd);
      const intptr_t at = reversed_bits(high, 16) * width + low;
      v_store(rows_real + at, even);
      v_store(rows_imaginary + at, odd);
    }
  for (intptr_t span = 1; span < 16; span *= 2) {
    for (intptr_t k = 0; k < span; k++) {
      const V c = v_set1(twiddles[k]), s = v_set1(twiddles[span + k]);
      for (intptr_t row = k; row < 16; row += 2 * span)
        for (intptr_t low = 0; low < width; low += 16)
          butterflies(
              rows_real, rows_imaginary, row * width + low, (row + span) * width + low, c, s);
    }
    twiddles += 2 * span;
  }
  for (intptr_t low = 0; low < width; low++) {
    const intptr_t at = reversed_bits(low, width) * 16;
    for (intptr_t row = 0; row < 16; row++) {
      real[at + row] = rows_real[row * width + low];
      imaginary[at + row] = rows_imaginary[row * width + low];
    }
  }
}

// The stages of a complex transform of count values in bit-reversed order from the span first on.
INLINE void later_stages(
    float *real, float *imaginary, intptr_t count, intptr_t first, const float *twiddles) {
  for (intptr_t span = 1; span < count; twiddles += 2 * span, span *= 2) {
    if (span < first) continue;
    for (intptr_t start = 0; start < count; start += 2 * span) {
      if (span >= 16) {
        for (intptr_t k = 0; k < span; k += 16)
          butterflies(
              real, imaginary, start + k, start + k + span, v_load(twiddles + k),
              v_load(twiddles + span + k));
        continue;
      }
      for (intptr_t k = 0; k < span; k++) {
        const intptr_t upper = start + k, lower = upper + span;
        const float c = twiddles[k], s = twiddles[span + k];
        const float x = c * real[lower] - s * imaginary[lower];
        const float y = c * imaginary[lower] + s * real[lower];
        real[lower] = real[upper] - x;
        imaginary[lower] = imaginary[upper] - y;
        real[upper] += x;
        imaginary[upper] += y;
      }
    }
  }
}

static void power_spectrum(
    const float *samples, intptr_t size, const float *twiddles, float *scratch, float *power) {
  const intptr_t half = size / 2;
  float *real = scratch, *imaginary = scratch + half + 16;
  if (half >= 256) {
    float *rows = scratch + 2 * half + 32;
    first_stages(samples, half / 16, twiddles, rows, rows + half, real, imaginary);
    later_stages(real, imaginary, half, 16, twiddles);
  } else {
    for (intptr_t i = 0; i < half; i++) {
      const intptr_t at = reversed_bits(i, half);
      real[at] = samples[2 * i];
      imaginary[at] = samples[2 * i + 1];
    }
    later_stages(real, imaginary, half, 1, twiddles);
  }
  // The bin behind the last one is the first again, so that bin 0 needs no case of its own.
  real[half] = real[0];
  imaginary[half] = imaginary[0];
  const float *cosines = twiddles + 2 * (half - 1), *sines = cosines + half;
  const V half_of = v_set1(0.5f);
  intptr_t k = 0;
  for (; k + 16 <= half; k += 16) {
    const V rk = v_load(real + k), ik = v_load(imaginary + k);
    const V rm = v_reverse(v_load(real + half - k - 15));
    const V im = v_reverse(v_load(imaginary + half - k - 15));
    const V even_r = v_mul(half_of, v_add(rk, rm)), even_i = v_mul(half_of, v_sub(ik, im));
    const V odd_r = v_mul(half_of, v_add(ik, im)), odd_i = v_mul(half_of, v_sub(rm, rk));
    const V c = v_load(cosines + k), s = v_load(sines + k);
    const V x = v_add(even_r, v_sub(v_mul(c, odd_r), v_mul(s, odd_i)));
    const V y = v_add(even_i, v_add(v_mul(c, odd_i), v_mul(s, odd_r)));
    v_store(power + k, v_add(v_mul(x, x), v_mul(y, y)));
  }
  for (; k < half; k++) {
    const intptr_t m = half - k;
    const float even_r = 0.5f * (real[k] + real[m]);
    const float even_i = 0.5f * (imaginary[k] - imaginary[m]);
    const float odd_r = 0.5f * (imaginary[k] + imaginary[m]);
    const float odd_i = 0.5f * (real[m] - real[k]);
    const float x = even_r + (cosines[k] * odd_r - sines[k] * odd_i);
    const float y = even_i + (cosines[k] * odd_i + sines[k] * odd_r);
    power[k] = x * x + y * y;
  }
}

static void band_energies(
    const float *power, const float *weights, const int32_t *first, const int32_t *counts,
    intptr_t bands, float *energies) {
  for (intptr_t band = 0; band < bands; band++) {
    const float *x = power + first[band];
    const intptr_t count = counts[band];
    V sum = v_zero();
    for (intptr_t i = 0; i < count; i += 16) {
      const intptr_t n = count - i < 16 ? count - i : 16;
      sum = v_fma(v_load_part(weights + i, n), v_load_part(x + i, n), sum);
    }
    energies[band] = v_tree(sum);
    weights += count;
  }
}

static void log_normalise(
    float *values, intptr_t count, float floor, const float *mean, const float *std) {
  for (intptr_t i = 0; i < count; i += 16) {
    const intptr_t n = count - i < 16 ? count - i : 16;
    const V x = v_log(v_max(v_load_part(values + i, n), v_set1(floor)));
    const V deviation = v_range(v_load_part(std + i, n), v_set1(1.f), 0, n);
    v_store_part(values + i, v_div(v_sub(x, v_load_part(mean + i, n)), deviation), n);
  }
}

static void normalise(
    const float *input, intptr_t rows, intptr_t channels, const float *mean, const float *std,
    float *output) {
  for (intptr_t row = 0; row < rows; row++)
    for (intptr_t i = 0; i < channels; i += 16) {
      const intptr_t n = channels - i < 16 ? channels - i : 16;
      const intptr_t at = row * channels + i;
      const V deviation = v_range(v_load_part(std + i, n), v_set1(1.f), 0, n);
      const V x = v_sub(v_load_part(input + at, n), v_load_part(mean + i, n));
      v_store_part(output + at, v_div(x, deviation), n);
    }
}
