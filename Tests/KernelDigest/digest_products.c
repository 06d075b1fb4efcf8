// Matrix products.
#pragma STDC FP_CONTRACT OFF
#include "digest.h"

#include <string.h>

static uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

static uint16_t bf16_of(float x) {
  const uint32_t bits = bits_of(x);
  if ((bits & 0x7FFFFFFFu) < 0x00800000u) return (uint16_t)(bits >> 16 & 0x8000u);
  return (uint16_t)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

static int8_t code_of(float x, float inverse) {
  const float rounded = x * inverse + 12582912.f;
  return (int8_t)(uint8_t)bits_of(rounded);
}

ck_matrix packed(numbers *source, intptr_t rows, intptr_t columns, ck_precision precision, int rough) {
  // 1 / sqrt(columns), nearly: sums of the size of one.
  float scale = 3;
  for (intptr_t n = 1; n < columns; n *= 4) scale /= 2;
  const float *weights = many(source, rows * columns, scale, rough);
  const intptr_t padded = (rows + CK_PANEL_WIDTH - 1) / CK_PANEL_WIDTH * CK_PANEL_WIDTH;
  const intptr_t columns_each = precision == CK_F32 ? 1 : precision == CK_BF16 ? 2 : 4;
  const intptr_t elements = (columns + columns_each - 1) / columns_each;
  void *panels = zeros((size_t)(padded * elements * 4));
  float *bias = zeros((size_t)padded * 4), *scales = zeros((size_t)padded * 4);
  int32_t *corrections = zeros((size_t)padded * 4);
  for (intptr_t row = 0; row < rows; row++) {
    const float *w = weights + row * columns;
    float largest = 0;
    for (intptr_t k = 0; k < columns; k++) {
      const float magnitude = w[k] < 0 ? -w[k] : w[k];
      if (magnitude > largest) largest = magnitude;
    }
    const int some = largest > 7.88860905e-31f;
    const float inverse = some ? 127 / largest : 0;
    scales[row] = some ? largest / 127 : 0;
    bias[row] = number(source, 1);
    for (intptr_t k = 0; k < columns; k++) {
      const intptr_t element = row / CK_PANEL_WIDTH * elements + k / columns_each;
      const intptr_t place =
          (element * CK_PANEL_WIDTH + row % CK_PANEL_WIDTH) * columns_each + k % columns_each;
      switch (precision) {
        case CK_F32: ((float *)panels)[place] = w[k]; break;
        case CK_BF16: ((uint16_t *)panels)[place] = bf16_of(w[k]); break;
        default: {
          const int8_t code = code_of(w[k], inverse);
          ((int8_t *)panels)[place] = code;
          corrections[row] += 128 * code;
        }
      }
    }
  }
  return (ck_matrix){.panels = panels,
                     .bias = bias,
                     .scales = precision == CK_INT8 ? scales : NULL,
                     .corrections = precision == CK_INT8 ? corrections : NULL,
                     .rows = rows,
                     .columns = columns,
                     .precision = precision};
}

static void product(
    const run *r, digest *d, intptr_t rows, intptr_t columns, intptr_t frames, ck_epilogue epilogue,
    ck_precision precision, int rough) {
  numbers source = numbers_of(r->seed * 1000003 + (uint64_t)(rows * 4099 + columns * 17 + frames));
  const ck_matrix matrix = packed(&source, rows, columns, precision, rough);
  // Strides with room behind every row, which must stay as it was.
  const intptr_t input_stride = columns + 3, output_stride = rows + 5;
  const float *input = many(&source, frames * input_stride, 3, rough);
  float *output = many(&source, frames * output_stride, 1, 0);
  void *scratch = zeros((size_t)ck_product_scratch_bytes(columns, frames));
  const uint64_t mode = ck_enter();
  r->kernels->product(
      &matrix, input, input_stride, frames, output, output_stride, epilogue, scratch, 0);
  ck_leave(mode);
  take(d, output, frames * output_stride);
  free_all();
}

void digest_products(const run *r) {
  static const intptr_t real[][3] = {
      {384, 128, 1},  {512, 128, 4},   {128, 512, 16}, {768, 256, 16},  {256, 1024, 4},
      {1024, 256, 1}, {1536, 512, 16}, {512, 2048, 1}, {2048, 512, 3}, {1, 256, 64}};
  for (ck_precision precision = CK_F32; precision <= CK_INT8; precision++) {
    digest d = new_digest();
    for (intptr_t size = 1; size <= 130; size++) {
      const intptr_t other = 1 + size * 37 % 130, frames = size % 2 ? 1 : 1 + size % 23;
      product(r, &d, size, other, frames, (ck_epilogue)(size % 7), precision, 0);
      product(r, &d, other, size, frames, (ck_epilogue)(size / 2 % 7), precision, 0);
    }
    for (intptr_t frames = 1; frames <= 80; frames += frames < 18 ? 1 : 15)
      product(r, &d, 70, 261, frames, CK_ADD, precision, 0);
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
      product(r, &d, real[i][0], real[i][1], real[i][2], CK_GELU_TANH, precision, 0);
    report(r, "product", precision_names[precision], d);
    d = new_digest();
    for (intptr_t size = 1; size <= 130; size++)
      product(r, &d, size, 1 + size * 7 % 60, 1 + size % 7, (ck_epilogue)(size % 7), precision, 1);
    report(r, "product, rough", precision_names[precision], d);
  }
}
