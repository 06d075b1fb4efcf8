// Arithmetic of the models and front ends, chosen at run time by what the processor has.
//
// Pure functions: no state, no allocation, no system call. Every variant gives the same bits: the
// order of arithmetic is the one that the plain Swift kernels of StreamCore spell out. All of them run
// between ck_enter and ck_leave, which flush denormals to zero.
#ifndef CSTREAMKERNELS_H
#define CSTREAMKERNELS_H

#include <stdint.h>

// Columns of a panel of weights, and positions of a block of keys.
#define CK_PANEL_WIDTH 32
#define CK_BLOCK_SIZE 16

typedef int32_t ck_precision;
enum { CK_F32 = 0, CK_BF16 = 1, CK_INT8 = 2 };

// What happens to a product before it is stored.
typedef int32_t ck_epilogue;
enum {
  CK_STORE = 0,
  CK_RELU = 1,
  CK_GELU_TANH = 2,
  CK_ADD = 3,
  CK_TANH = 4,
  CK_GELU = 5,
  CK_SILU = 6
};

// Weights [rows, columns], packed in panels of 32 rows.
typedef struct {
  // f32 [rows / 32][columns][32]; bf16 [rows / 32][columns / 2][32][2]; int8 [rows / 32][columns / 4][32][4].
  const void *_Nonnull panels;
  // [rows], filled to whole panels.
  const float *_Nonnull bias;
  // int8: the scale of each row, and 128 times the sum of its codes.
  const float *_Nullable scales;
  const int32_t *_Nullable corrections;
  intptr_t rows;
  intptr_t columns;
  ck_precision precision;
} ck_matrix;

// Memory that a call brings closer meanwhile, because the caller reads it next: from next up to end. What it
// had no time for is left between them.
typedef struct {
  const char *_Nullable next;
  const char *_Nullable end;
} ck_ahead;

// Rows of queries of one stream's chunk against its ring of keys and values of one layer.
typedef struct {
  // [rows][heads][head_size], rotated and scaled already; floats from row to row.
  const float *_Nonnull queries;
  intptr_t query_stride;
  // Of the first head: keys [block][head_size][16], values [block][16][value_stride]. The ring's blocks come
  // first, behind them those of the sinks, from the block that the origin lies in.
  const void *_Nonnull keys;
  const void *_Nonnull values;
  // Elements from head to head.
  intptr_t key_head_stride;
  intptr_t value_head_stride;
  // head_size rounded up to whole vectors of 16.
  intptr_t value_stride;
  // CK_F32 or CK_BF16.
  ck_precision precision;
  // [slot], nonzero where the key weighs exactly +0; null if no position that is seen is masked.
  const uint8_t *_Nullable masked;
  intptr_t head_count;
  // Of keys and values: query head h has those of floor(h * key_head_count / head_count).
  intptr_t key_head_count;
  intptr_t head_size;
  // Of the ring, and of the sinks.
  intptr_t block_count;
  intptr_t sink_block_count;
  intptr_t rows;
  // Absolute position of the first row.
  uint64_t position;
  // Nothing before it is seen; the sink_count positions from it on are seen from every later one.
  uint64_t origin;
  uint64_t sink_count;
  uint64_t left_context;
  // Nonzero: a row sees up to itself, else the whole chunk.
  int32_t causal;
  // Scratch [CK_SCORE_ROWS][(block_count + sink_block_count) * 16 + 16].
  float *_Nonnull scores;
  float *_Nonnull output;
  intptr_t output_stride;
} ck_attention;

// Rows that share one pass over keys and values.
#define CK_SCORE_ROWS 16

// Rows of queries [head_count][head_size], keys and values [key_head_count][head_size] on their way into the
// ring.
typedef struct {
  float *_Nonnull rows;
  intptr_t stride;
  intptr_t row_count;
  // [row_count][head_size / 2]; null where queries and keys are not turned.
  const float *_Nullable cosines;
  const float *_Nullable sines;
  // Applied to the rotated query.
  float scale;
  void *_Nonnull keys;
  void *_Nonnull values;
  intptr_t key_head_stride;
  intptr_t value_head_stride;
  intptr_t value_stride;
  ck_precision precision;
  intptr_t head_count;
  intptr_t key_head_count;
  intptr_t head_size;
  intptr_t block_count;
  uint64_t position;
} ck_ring_store;

// The filter that makes L samples of M.
typedef struct {
  // [L][row_size], row_size the taps filled with zeros to whole vectors of 16.
  const float *_Nonnull rows;
  intptr_t taps;
  intptr_t row_size;
  // M and L.
  intptr_t inputs;
  intptr_t outputs;
} ck_resampler;

typedef struct {
  // The name that LOCKSTEP_KERNELS forces it by.
  const char *_Nonnull name;
  // The extensions that bf16 and int8 use beyond the name's own, for a report.
  const char *_Nonnull extensions;

  // output[r, n] = epilogue(sum over k of input[r, k] * matrix[n, k] + bias[n]).
  // scratch: ck_product_scratch_bytes(columns, rows), aligned to 64; unused for f32. A few rows leave time for
  // memory ahead, if there is any.
  void (*_Nonnull product)(
      const ck_matrix *_Nonnull matrix, const float *_Nonnull input, intptr_t input_stride,
      intptr_t rows, float *_Nonnull output, intptr_t output_stride, ck_epilogue epilogue,
      void *_Nullable scratch, ck_ahead *_Nullable ahead);

  // Steps of a recurrent layer for rows (streams): state is [x; h] [rows, x + hidden_size]. The new h goes
  // to hidden [rows, hidden_size], to the h of state, and, if given, to next with its stride.

  // gates [4 gates of 8 units][x + h], i, f, g, o; cell [rows, hidden_size].
  // scratch as for a product of gates.
  void (*_Nonnull lstm_step)(
      const ck_matrix *_Nonnull gates, intptr_t hidden_size, float *_Nonnull state,
      intptr_t state_stride, intptr_t rows, float *_Nonnull cell, float *_Nonnull hidden,
      float *_Nullable next, intptr_t next_stride, void *_Nullable scratch);

  // inputs [3 gates of 16 units][x] and hiddens [3 gates of 16 units][h], r, z, n.
  // scratch: ck_gru_scratch_bytes(columns of inputs, hidden_size, rows), aligned to 64; unused for f32.
  void (*_Nonnull gru_step)(
      const ck_matrix *_Nonnull inputs, const ck_matrix *_Nonnull hiddens, intptr_t hidden_size,
      float *_Nonnull state, intptr_t state_stride, intptr_t rows, float *_Nonnull hidden,
      float *_Nullable next, intptr_t next_stride, void *_Nullable scratch);

  // inputs [2 gates of 16 units][x], z and n. scratch as for a product of inputs.
  void (*_Nonnull min_gru_step)(
      const ck_matrix *_Nonnull inputs, intptr_t hidden_size, float *_Nonnull state,
      intptr_t state_stride, intptr_t rows, float *_Nonnull hidden, float *_Nullable next,
      intptr_t next_stride, void *_Nullable scratch);

  // weights [hidden_size][x + h]; nonlinearity CK_TANH or CK_RELU. scratch as for a product of weights.
  void (*_Nonnull rnn_step)(
      const ck_matrix *_Nonnull weights, ck_epilogue nonlinearity, float *_Nonnull state,
      intptr_t state_stride, intptr_t rows, float *_Nonnull hidden, float *_Nullable next,
      intptr_t next_stride, void *_Nullable scratch);

  // y = fma((x - mean) * r, gain, bias) along rows, r = 1 / sqrt(variance + epsilon).
  void (*_Nonnull layer_norm)(
      const float *_Nonnull input, intptr_t input_stride, intptr_t rows, intptr_t size,
      const float *_Nonnull gain, const float *_Nonnull bias, float epsilon,
      float *_Nonnull output, intptr_t output_stride);

  // y = x * r * gain along rows, r = 1 / sqrt(mean of squares + epsilon).
  void (*_Nonnull rms_norm)(
      const float *_Nonnull input, intptr_t input_stride, intptr_t rows, intptr_t size,
      const float *_Nonnull gain, float epsilon, float *_Nonnull output, intptr_t output_stride);

  void (*_Nonnull sigmoid)(float *_Nonnull values, intptr_t count);
  void (*_Nonnull softmax)(float *_Nonnull values, intptr_t rows, intptr_t size);

  // cos and sin of position * turns_per_position[pair], in turns, for count pairs.
  void (*_Nonnull rotary_angles)(
      const double *_Nonnull turns_per_position, intptr_t count, uint64_t position, float *_Nonnull cosines,
      float *_Nonnull sines);
  void (*_Nonnull ring_store)(const ck_ring_store *_Nonnull store);
  void (*_Nonnull attend)(const ck_attention *_Nonnull attention);

  // output[i * stride] = the sum over the taps of a row of weight * sample, + 0. The first output has that
  // row and the samples from input on; every next one the next row, and begins M / L samples later.
  void (*_Nonnull resample)(
      const ck_resampler *_Nonnull filter, const float *_Nonnull input, intptr_t row, intptr_t count,
      float *_Nonnull output, intptr_t stride);

  // y[i] = (c[i] - 0.97 c[i - 1]) * window[i] with c = x * 32768 - mean and c[-1] = c[0].
  void (*_Nonnull frame_window)(
      const float *_Nonnull samples, const float *_Nonnull window, intptr_t count,
      float *_Nonnull output);
  // |X|^2 of bins 0 ..< size / 2 of samples [size]; scratch [2 * size + 32].
  // twiddles: for each span 1, 2, 4 ... size / 4 its cosines [span], then its sines [span]; at last
  // cosines [size / 2] and sines [size / 2] of the step that separates even from odd samples.
  void (*_Nonnull power_spectrum)(
      const float *_Nonnull samples, intptr_t size, const float *_Nonnull twiddles,
      float *_Nonnull scratch, float *_Nonnull power);
  // Sums of weight * power from first[b] on, count[b] of them; weights one band after the other.
  void (*_Nonnull band_energies)(
      const float *_Nonnull power, const float *_Nonnull weights, const int32_t *_Nonnull first,
      const int32_t *_Nonnull counts, intptr_t bands, float *_Nonnull energies);
  // x = (log(max(x, floor)) - mean) / std.
  void (*_Nonnull log_normalise)(
      float *_Nonnull values, intptr_t count, float floor, const float *_Nonnull mean,
      const float *_Nonnull std);
  // y = (x - mean) / std for rows of channels.
  void (*_Nonnull normalise)(
      const float *_Nonnull input, intptr_t rows, intptr_t channels, const float *_Nonnull mean,
      const float *_Nonnull std, float *_Nonnull output);
} ck_kernels;

// Every table of this build in order of preference, best first; the last one is portable.
intptr_t ck_table_count(void);
const ck_kernels *_Nonnull ck_table(intptr_t index);
// Whether this processor can run it.
int32_t ck_table_available(intptr_t index);

// Whether the table, which is available, is faster than the next one: a dot product of bf16 may take longer
// than the multiply-adds that it stands for. Measured in some microseconds; the bits are the same.
int32_t ck_table_pays(intptr_t index);

// The word in LOCKSTEP_KERNELS, or null.
const char *_Nullable ck_forced_name(void);

// Bytes of scratch for the activations of a product in bf16 or int8.
intptr_t ck_product_scratch_bytes(intptr_t columns, intptr_t rows);
intptr_t ck_gru_scratch_bytes(intptr_t inputs, intptr_t hidden_size, intptr_t rows);

// Flushes denormals, inputs and results, rounds to nearest; returns the mode to restore.
uint64_t ck_enter(void);
void ck_leave(uint64_t mode);

#endif
