// All kernels of one variant: included by its file, after its vectors and by nothing else.

// Unrolls a loop whose bounds are literals, so that its accumulators are registers.
#if defined(UNROLL)
#elif defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

#define PASTE(a, b) PASTE_EXPANDED(a, b)
#define PASTE_EXPANDED(a, b) a##_##b
// The name in the precision that a template is included for: f32_tile of tile.
#define NAMED(name) PASTE(PRECISION, name)

// Calls F(rows)(...) for a tile of 1 ... most rows, 3 or 6; for_row_counts.inc makes the functions.
#define CALL_FOR_ROWS(most, F, rows, ...) PASTE(CALL_FOR_ROWS, most)(F, rows, __VA_ARGS__)
#define CALL_FOR_ROWS_3(F, rows, ...) \
  switch (rows) { \
    case 1: F(1)(__VA_ARGS__); break; \
    case 2: F(2)(__VA_ARGS__); break; \
    default: F(3)(__VA_ARGS__); break; \
  }
#define CALL_FOR_ROWS_6(F, rows, ...) \
  switch (rows) { \
    case 1: F(1)(__VA_ARGS__); break; \
    case 2: F(2)(__VA_ARGS__); break; \
    case 4: F(4)(__VA_ARGS__); break; \
    case 5: F(5)(__VA_ARGS__); break; \
    case 6: F(6)(__VA_ARGS__); break; \
    default: F(3)(__VA_ARGS__); break; \
  }

#include "kernels/elementary.h"
#include "kernels/reduced_inputs.h"
#include "kernels/matrix.h"
#include "kernels/rnn.h"
#include "kernels/lstm.h"
#include "kernels/gru.h"
#include "kernels/min_gru.h"
#include "kernels/rows.h"
#include "kernels/rotary.h"
#include "kernels/attention.h"
#include "kernels/resample.h"
#include "kernels/front_ends.h"

#define KERNEL_TABLE(variant_name, variant_extensions) \
  { \
    .name = variant_name, \
    .extensions = variant_extensions, \
    .product = product, \
    .lstm_step = lstm_step, \
    .gru_step = gru_step, \
    .min_gru_step = min_gru_step, \
    .rnn_step = rnn_step, \
    .layer_norm = layer_norm, \
    .rms_norm = rms_norm, \
    .sigmoid = sigmoid, \
    .softmax = softmax, \
    .rotary_angles = rotary_angles, \
    .ring_store = ring_store, \
    .attend = attend, \
    .resample = resample, \
    .frame_window = frame_window, \
    .power_spectrum = power_spectrum, \
    .band_energies = band_energies, \
    .log_normalise = log_normalise, \
    .normalise = normalise, \
  }
