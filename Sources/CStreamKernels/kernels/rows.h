// Norms and the output activations, along rows.

static void layer_norm(
    const float *input, intptr_t input_stride, intptr_t rows, intptr_t size, const float *gain,
    const float *bias, float epsilon, float *output, intptr_t output_stride) {
  const intptr_t whole = size / 16 * 16, rest = size - whole;
  for (intptr_t row = 0; row < rows; row++) {
    const float *x = input + row * input_stride;
    float *y = output + row * output_stride;
    V sum = v_zero();
    for (intptr_t i = 0; i < whole; i += 16) sum = v_add(sum, v_load(x + i));
    if (rest) sum = v_add(sum, v_load_part(x + whole, rest));
    const V mean = v_set1(v_tree(sum) / (float)size);
    V squares = v_zero();
    for (intptr_t i = 0; i < whole; i += 16) {
      const V d = v_sub(v_load(x + i), mean);
      squares = v_fma(d, d, squares);
    }
    if (rest) {
      const V d = v_range(v_sub(v_load_part(x + whole, rest), mean), v_zero(), 0, rest);
      squares = v_fma(d, d, squares);
    }
    const V r = v_set1(1.f / sqrtf(v_tree(squares) / (float)size + epsilon));
    for (intptr_t i = 0; i < whole; i += 16) {
      const V d = v_mul(v_sub(v_load(x + i), mean), r);
      v_store(y + i, v_fma(d, v_load(gain + i), v_load(bias + i)));
    }
    if (rest) {
      const V d = v_mul(v_sub(v_load_part(x + whole, rest), mean), r);
      v_store_part(
          y + whole, v_fma(d, v_load_part(gain + whole, rest), v_load_part(bias + whole, rest)),
          rest);
    }
  }
}

static void rms_norm(
    const float *input, intptr_t input_stride, intptr_t rows, intptr_t size, const float *gain,
    float epsilon, float *output, intptr_t output_stride) {
  const intptr_t whole = size / 16 * 16, rest = size - whole;
  for (intptr_t row = 0; row < rows; row++) {
    const float *x = input + row * input_stride;
    float *y = output + row * output_stride;
    V squares = v_zero();
    for (intptr_t i = 0; i < whole; i += 16) squares = v_fma(v_load(x + i), v_load(x + i), squares);
    if (rest) {
      const V last = v_load_part(x + whole, rest);
      squares = v_fma(last, last, squares);
    }
    const V r = v_set1(1.f / sqrtf(v_tree(squares) / (float)size + epsilon));
    for (intptr_t i = 0; i < whole; i += 16)
      v_store(y + i, v_mul(v_mul(v_load(x + i), r), v_load(gain + i)));
    if (rest)
      v_store_part(
          y + whole, v_mul(v_mul(v_load_part(x + whole, rest), r), v_load_part(gain + whole, rest)),
          rest);
  }
}

static void sigmoid(float *values, intptr_t count) {
  intptr_t i = 0;
  for (; i + 16 <= count; i += 16) v_store(values + i, v_sigmoid(v_load(values + i)));
  if (i < count)
    v_store_part(values + i, v_sigmoid(v_load_part(values + i, count - i)), count - i);
}

static void softmax(float *values, intptr_t rows, intptr_t size) {
  const V lowest = v_set1(-INFINITY);
  for (intptr_t row = 0; row < rows; row++) {
    float *v = values + row * size;
    V largest = lowest;
    for (intptr_t i = 0; i < size; i += 16) {
      const intptr_t n = size - i < 16 ? size - i : 16;
      largest = v_max(v_range(v_load_part(v + i, n), lowest, 0, n), largest);
    }
    const V top = v_set1(v_largest(largest));
    V sum = v_zero();
    for (intptr_t i = 0; i < size; i += 16) {
      const intptr_t n = size - i < 16 ? size - i : 16;
      const V e = v_range(v_exp(v_sub(v_load_part(v + i, n), top)), v_zero(), 0, n);
      sum = v_add(sum, e);
      v_store_part(v + i, e, n);
    }
    const V inverse = v_set1(1.f / v_tree(sum));
    for (intptr_t i = 0; i < size; i += 16) {
      const intptr_t n = size - i < 16 ? size - i : 16;
      v_store_part(v + i, v_mul(v_load_part(v + i, n), inverse), n);
    }
  }
}
