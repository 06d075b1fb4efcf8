// Steps of a recurrent layer without gates, and where the new h of any recurrent layer goes.

// Copies h [rows, hidden_size] to the h of state and, if given, to the next layer's x.
static void place_hidden(
    const float *hidden, intptr_t hidden_size, intptr_t rows, float *state, intptr_t state_stride,
    float *next, intptr_t next_stride) {
  const size_t bytes = (size_t)hidden_size * sizeof(float);
  for (intptr_t r = 0; r < rows; r++) {
    const float *h = hidden + r * hidden_size;
    memcpy(state + r * state_stride, h, bytes);
    if (next) memcpy(next + r * next_stride, h, bytes);
  }
}

// h' = nonlinearity of one product over [x; h].
static void rnn_step(
    const ck_matrix *weights, ck_epilogue nonlinearity, float *state, intptr_t state_stride,
    intptr_t rows, float *hidden, float *next, intptr_t next_stride, void *scratch) {
  const intptr_t hidden_size = weights->rows;
  product(weights, state, state_stride, rows, hidden, hidden_size, nonlinearity, scratch, 0);
  place_hidden(
      hidden, hidden_size, rows, state + weights->columns - hidden_size, state_stride, next,
      next_stride);
}
