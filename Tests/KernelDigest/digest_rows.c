// Functions along rows, and the front ends.
#pragma STDC FP_CONTRACT OFF
#include "digest.h"

static numbers numbers_for(const run *r, intptr_t size) {
  return numbers_of(r->seed * 1000003 + (uint64_t)size);
}

static void layer_norms(const run *r, int rough) {
  digest d = new_digest();
  for (intptr_t size = 1; size <= 512; size = size < 130 ? size + 1 : size == 130 ? 256 : 2 * size) {
    numbers source = numbers_for(r, size);
    const intptr_t rows = 1 + size % 5;
    const float *input = many(&source, rows * (size + 3), 9, rough);
    const float *gain = many(&source, size, 1, 0), *bias = many(&source, size, 1, 0);
    float *output = many(&source, rows * (size + 2), 1, 0);
    const uint64_t mode = ck_enter();
    r->kernels->layer_norm(input, size + 3, rows, size, gain, bias, 1e-5f, output, size + 2);
    ck_leave(mode);
    take(&d, output, rows * (size + 2));
    free_all();
  }
  report(r, rough ? "layer norm, rough" : "layer norm", "f32", d);
}

static void rms_norms(const run *r, int rough) {
  digest d = new_digest();
  for (intptr_t size = 1; size <= 512; size = size < 130 ? size + 1 : size == 130 ? 256 : 2 * size) {
    numbers source = numbers_for(r, size);
    const intptr_t rows = 1 + size % 5;
    const float *input = many(&source, rows * (size + 3), 9, rough);
    const float *gain = many(&source, size, 1, 0);
    float *output = many(&source, rows * (size + 2), 1, 0);
    const uint64_t mode = ck_enter();
    r->kernels->rms_norm(input, size + 3, rows, size, gain, 1e-5f, output, size + 2);
    ck_leave(mode);
    take(&d, output, rows * (size + 2));
    free_all();
  }
  report(r, rough ? "RMS norm, rough" : "RMS norm", "f32", d);
}

static void activations(const run *r, int rough) {
  digest sigmoid = new_digest(), softmax = new_digest();
  for (intptr_t size = 1; size <= 130; size++) {
    numbers source = numbers_for(r, size);
    float *values = many(&source, 3 * size, 20, rough);
    const uint64_t mode = ck_enter();
    r->kernels->sigmoid(values, size);
    r->kernels->softmax(values + size, 2, size);
    ck_leave(mode);
    take(&sigmoid, values, size);
    take(&softmax, values + size, 2 * size);
    free_all();
  }
  report(r, rough ? "sigmoid, rough" : "sigmoid", "f32", sigmoid);
  report(r, rough ? "softmax, rough" : "softmax", "f32", softmax);
}

static void rotary_angles(const run *r) {
  static const uint64_t positions[] = {0, 1, 86400000, (uint64_t)1 << 40, UINT64_MAX / 4};
  digest d = new_digest();
  for (intptr_t size = 1; size <= 130; size++) {
    numbers source = numbers_for(r, size);
    double *turns = zeros((size_t)size * sizeof(double));
    for (intptr_t i = 0; i < size; i++) turns[i] = (double)number(&source, 1) * .08 + .08;
    float *angles = zeros((size_t)size * 2 * sizeof(float));
    for (size_t p = 0; p < sizeof positions / sizeof positions[0]; p++) {
      const uint64_t mode = ck_enter();
      r->kernels->rotary_angles(turns, size, positions[p], angles, angles + size);
      ck_leave(mode);
      take(&d, angles, 2 * size);
    }
    free_all();
  }
  report(r, "rotary angles", "f32", d);
}

void digest_rows(const run *r) {
  for (int rough = 0; rough < 2; rough++) {
    layer_norms(r, rough);
    rms_norms(r, rough);
    activations(r, rough);
  }
  rotary_angles(r);
}

static void windows(const run *r) {
  digest d = new_digest();
  for (intptr_t size = 2; size <= 400; size = size < 130 ? size + 1 : size == 130 ? 400 : 401) {
    numbers source = numbers_for(r, size);
    const float *samples = many(&source, size, 1, 0), *window = many(&source, size, 1, 0);
    float *output = zeros((size_t)(size + 4) * sizeof(float));
    const uint64_t mode = ck_enter();
    r->kernels->frame_window(samples, window, size, output);
    ck_leave(mode);
    take(&d, output, size + 4);
    free_all();
  }
  report(r, "frame window", "f32", d);
}

static void spectra(const run *r) {
  digest d = new_digest();
  for (intptr_t size = 2; size <= 8192; size *= 2) {
    numbers source = numbers_for(r, size);
    const float *samples = many(&source, size, 32768, 0);
    // No true turns, which the kernel does not know: any numbers will do.
    const float *twiddles = many(&source, 4 * size, 1, 0);
    float *scratch = zeros((size_t)(2 * size + 32) * sizeof(float));
    float *power = zeros((size_t)(size / 2 + 1) * sizeof(float));
    const uint64_t mode = ck_enter();
    r->kernels->power_spectrum(samples, size, twiddles, scratch, power);
    ck_leave(mode);
    take(&d, power, size / 2 + 1);
    free_all();
  }
  report(r, "power spectrum", "f32", d);
}

static void resampling(const run *r) {
  static const intptr_t ratios[][2] = {{3, 1}, {1, 2}, {441, 160}};
  digest d = new_digest();
  for (intptr_t taps = 1; taps <= 271; taps = taps < 130 ? taps + 1 : taps + 47)
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
      numbers source = numbers_for(r, taps);
      const intptr_t row_size = (taps + 15) / 16 * 16, count = taps % 11;
      const ck_resampler filter = {
          .rows = many(&source, ratios[i][1] * row_size, 1, 0), .taps = taps, .row_size = row_size,
          .inputs = ratios[i][0], .outputs = ratios[i][1]};
      const float *input = many(&source, (count + 1) * ratios[i][0] + taps + 1, 1, 1);
      float *output = zeros((size_t)(count + 1) * sizeof(float));
      const uint64_t mode = ck_enter();
      r->kernels->resample(&filter, input, taps % ratios[i][1], count, output, 1);
      ck_leave(mode);
      take(&d, output, count + 1);
      free_all();
    }
  report(r, "resampler", "f32", d);
}

static void bands(const run *r) {
  digest energies = new_digest(), logarithms = new_digest();
  for (intptr_t size = 1; size <= 130; size++) {
    numbers source = numbers_for(r, size);
    float *power = many(&source, 200, 1e6f, 0);
    for (int i = 0; i < 200; i++) power[i] = power[i] < 0 ? -power[i] : power[i];
    int32_t *first = zeros((size_t)size * 4), *counts = zeros((size_t)size * 4);
    intptr_t total = 0;
    for (intptr_t i = 0; i < size; i++) {
      first[i] = (int32_t)number_below(&source, 120);
      counts[i] = (int32_t)number_below(&source, 60);
      total += counts[i];
    }
    const float *weights = many(&source, total, 1, 0), *mean = many(&source, size, 1, 0);
    float *std = many(&source, size, 1, 0), *output = many(&source, size + 3, 1, 0);
    for (intptr_t i = 0; i < size; i++) std[i] = 1.1f + std[i];
    const uint64_t mode = ck_enter();
    r->kernels->band_energies(power, weights, first, counts, size, output);
    take(&energies, output, size + 3);
    r->kernels->log_normalise(output, size, 1e-7f, mean, std);
    ck_leave(mode);
    take(&logarithms, output, size + 3);
    free_all();
  }
  report(r, "band energies", "f32", energies);
  report(r, "logarithm", "f32", logarithms);
}

static void normaliser(const run *r) {
  digest d = new_digest();
  for (intptr_t size = 1; size <= 130; size++) {
    numbers source = numbers_for(r, size);
    const float *input = many(&source, 3 * size, 4, 1), *mean = many(&source, size, 1, 0);
    float *std = many(&source, size, 1, 0), *output = zeros((size_t)(3 * size + 3) * sizeof(float));
    for (intptr_t i = 0; i < size; i++) std[i] = 1.1f + std[i];
    const uint64_t mode = ck_enter();
    r->kernels->normalise(input, 3, size, mean, std, output);
    ck_leave(mode);
    take(&d, output, 3 * size + 3);
    free_all();
  }
  report(r, "normalise, rough", "f32", d);
}

void digest_front_ends(const run *r) {
  windows(r);
  spectra(r);
  resampling(r);
  bands(r);
  normaliser(r);
}
