// Steps of recurrent layers.
#pragma STDC FP_CONTRACT OFF
#include "digest.h"

#include <string.h>

typedef enum { cell_lstm, cell_gru, cell_min_gru, cell_rnn_tanh, cell_rnn_relu } cell_kind;

static void steps(
    const run *r, digest *d, cell_kind kind, intptr_t inputs, intptr_t size, intptr_t streams,
    ck_precision precision, int rough) {
  numbers source = numbers_of(r->seed * 1000003 + (uint64_t)(inputs * 4099 + size * 17 + streams));
  const intptr_t columns = inputs + size, stride = columns + 7, next_stride = size + 2;
  const intptr_t gru_rows = (size + 15) / 16 * 48;
  // Of a GRU the matrix over x, then that over h; of a minGRU that over x; else the one over [x; h].
  ck_matrix matrix, hiddens = {.rows = 0};
  switch (kind) {
    case cell_lstm: matrix = packed(&source, (size + 7) / 8 * 32, columns, precision, 0); break;
    case cell_gru:
      matrix = packed(&source, gru_rows, inputs, precision, 0);
      hiddens = packed(&source, gru_rows, size, precision, 0);
      break;
    case cell_min_gru:
      matrix = packed(&source, (size + 15) / 16 * 32, inputs, precision, 0);
      break;
    default: matrix = packed(&source, size, columns, precision, 0);
  }
  float *state = many(&source, streams * stride, 1, 0);
  float *cell = many(&source, streams * size, 1, 0), *hidden = many(&source, streams * size, 1, 0);
  float *next = many(&source, streams * next_stride, 1, 0);
  void *scratch = zeros((size_t)(kind == cell_gru ? ck_gru_scratch_bytes(inputs, size, streams)
                                                  : ck_product_scratch_bytes(columns, streams)));
  for (int step = 0; step < 3; step++) {
    const float *x = many(&source, streams * inputs, 4, rough);
    for (intptr_t s = 0; s < streams; s++)
      memcpy(state + s * stride, x + s * inputs, (size_t)inputs * sizeof(float));
    const uint64_t mode = ck_enter();
    switch (kind) {
      case cell_lstm:
        r->kernels->lstm_step(
            &matrix, size, state, stride, streams, cell, hidden, next, next_stride, scratch);
        break;
      case cell_gru:
        r->kernels->gru_step(
            &matrix, &hiddens, size, state, stride, streams, hidden, next, next_stride, scratch);
        break;
      case cell_min_gru:
        r->kernels->min_gru_step(
            &matrix, size, state, stride, streams, hidden, next, next_stride, scratch);
        break;
      default:
        r->kernels->rnn_step(
            &matrix, kind == cell_rnn_tanh ? CK_TANH : CK_RELU, state, stride, streams, hidden,
            next, next_stride, scratch);
    }
    ck_leave(mode);
  }
  take(d, state, streams * stride);
  if (kind == cell_lstm) take(d, cell, streams * size);
  take(d, hidden, streams * size);
  take(d, next, streams * next_stride);
  free_all();
}

void digest_recurrent_steps(const run *r) {
  static const char *const names[][2] = {{"lstm step", "lstm step, rough"},
                                         {"gru step", "gru step, rough"},
                                         {"min_gru step", "min_gru step, rough"},
                                         {"rnn step, tanh", "rnn step, tanh, rough"},
                                         {"rnn step, relu", "rnn step, relu, rough"}};
  static const intptr_t real[][3] = {
      {40, 128, 1}, {80, 256, 1}, {256, 256, 4}, {80, 512, 1}, {80, 256, 70}};
  for (cell_kind kind = cell_lstm; kind <= cell_rnn_relu; kind++)
    for (ck_precision precision = CK_F32; precision <= CK_INT8; precision++) {
      digest d = new_digest();
      for (intptr_t size = 1; size <= 130; size++)
        steps(
            r, &d, kind, 1 + size * 37 % 50, size, size % 3 == 0 ? 1 : 1 + size % 9, precision, 0);
      for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        steps(r, &d, kind, real[i][0], real[i][1], real[i][2], precision, 0);
      report(r, names[kind][0], precision_names[precision], d);
      d = new_digest();
      for (intptr_t size = 1; size <= 40; size++)
        steps(r, &d, kind, 41 - size, size, 1 + size % 4, precision, 1);
      report(r, names[kind][1], precision_names[precision], d);
    }
}
