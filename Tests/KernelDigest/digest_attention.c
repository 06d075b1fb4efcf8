// Rows on their way into the ring, and attention over it.
#pragma STDC FP_CONTRACT OFF
#include "digest.h"

#include <string.h>

typedef struct {
  intptr_t heads, head_size, left_context, chunk, frames;
  int causal, holes, rough;
  // Positions that stay, and heads of keys and values, 0 for as many as of queries.
  intptr_t sinks, key_heads;
} attention_case;

/// A stream of chunks through a ring that wraps; with holes every third chunk is masked.
static void attend(
    const run *r, digest *stored, digest *attended, attention_case c, ck_precision precision) {
  numbers source = numbers_of(
      r->seed * 1000003 + (uint64_t)(c.head_size * 4099 + c.chunk * 17 + c.left_context));
  const intptr_t size = c.heads * c.head_size, half = c.head_size / 2;
  const intptr_t key_heads = c.key_heads ? c.key_heads : c.heads;
  const intptr_t stride = size + 2 * key_heads * c.head_size + 5;
  const intptr_t value_stride = (c.head_size + 15) / 16 * 16;
  const intptr_t blocks = (c.left_context + c.chunk - 1 + CK_BLOCK_SIZE - 1) / CK_BLOCK_SIZE + 1;
  const intptr_t sink_blocks = c.sinks ? (c.sinks + CK_BLOCK_SIZE - 2) / CK_BLOCK_SIZE + 1 : 0;
  const intptr_t ring = blocks * CK_BLOCK_SIZE, slots = ring + sink_blocks * CK_BLOCK_SIZE;
  void *keys = zeros((size_t)(key_heads * slots * c.head_size * 4));
  void *values = zeros((size_t)(key_heads * slots * value_stride * 4));
  uint8_t *masked = zeros((size_t)slots);
  float *scores = zeros((size_t)(CK_SCORE_ROWS * (slots + CK_BLOCK_SIZE)) * 4);
  float *rows = zeros((size_t)(c.chunk * stride) * 4);
  float *angles = zeros((size_t)(c.chunk * c.head_size + 1) * 4);
  float *output = many(&source, c.chunk * (size + 2), 1, 0);
  // As in a stream that has run for months; a multiple of the chunk.
  const uint64_t origin = 86400000 / (uint64_t)c.chunk * (uint64_t)c.chunk;
  for (intptr_t first = 0; first + c.chunk <= c.frames; first += c.chunk) {
    const int rough = c.rough && number_below(&source, 3) == 0;
    for (intptr_t i = 0; i < c.chunk * stride; i++)
      rows[i] = rough && number_below(&source, 4) == 0 ? number(&source, 3e38f) : number(&source, 3);
    for (intptr_t i = 0; i < c.chunk * c.head_size; i++) angles[i] = number(&source, 1);
    const uint64_t position = origin + (uint64_t)first;
    for (intptr_t i = 0; i < c.chunk; i++)
      masked[(position + (uint64_t)i) % (uint64_t)ring] = c.holes && first / c.chunk % 3 == 1;
    const ck_ring_store store = {.rows = rows,
                                 .stride = stride,
                                 .row_count = c.chunk,
                                 .cosines = angles,
                                 .sines = angles + c.chunk * half,
                                 .scale = .37f,
                                 .keys = keys,
                                 .values = values,
                                 .key_head_stride = slots * c.head_size,
                                 .value_head_stride = slots * value_stride,
                                 .value_stride = value_stride,
                                 .precision = precision,
                                 .head_count = c.heads,
                                 .key_head_count = key_heads,
                                 .head_size = c.head_size,
                                 .block_count = blocks,
                                 .position = position};
    const ck_attention attention = {.queries = rows,
                                    .query_stride = stride,
                                    .keys = keys,
                                    .values = values,
                                    .key_head_stride = slots * c.head_size,
                                    .value_head_stride = slots * value_stride,
                                    .value_stride = value_stride,
                                    .precision = precision,
                                    .masked = c.holes ? masked : NULL,
                                    .head_count = c.heads,
                                    .key_head_count = key_heads,
                                    .head_size = c.head_size,
                                    .block_count = blocks,
                                    .sink_block_count = sink_blocks,
                                    .rows = c.chunk,
                                    .position = position,
                                    .origin = origin,
                                    .sink_count = (uint64_t)c.sinks,
                                    .left_context = (uint64_t)c.left_context,
                                    .causal = c.causal,
                                    .scores = scores,
                                    .output = output,
                                    .output_stride = size + 2};
    const uint64_t mode = ck_enter();
    r->kernels->ring_store(&store);
    // As a cache keeps them: any finite numbers will do, here those of the ring's first slots.
    if (first == 0 && sink_blocks && precision == CK_F32)
      for (intptr_t h = 0; h < key_heads; h++) {
        float *k = (float *)keys + h * slots * c.head_size;
        float *v = (float *)values + h * slots * value_stride;
        memcpy(k + ring * c.head_size, k, (size_t)(sink_blocks * CK_BLOCK_SIZE * c.head_size) * 4);
        memcpy(v + ring * value_stride, v, (size_t)(sink_blocks * CK_BLOCK_SIZE * value_stride) * 4);
      }
    // A chunk that is masked was skipped: nobody asks what its own rows see.
    if (!(c.holes && first / c.chunk % 3 == 1)) r->kernels->attend(&attention);
    ck_leave(mode);
    take(stored, rows, c.chunk * stride);
    take(attended, output, c.chunk * (size + 2));
  }
  // Half as many floats where they are pairs of bf16; NaN does not occur.
  const intptr_t words = precision == CK_F32 ? 1 : 2;
  take(stored, keys, key_heads * slots * c.head_size / words);
  take(stored, values, key_heads * slots * value_stride / words);
  free_all();
}

void digest_attention(const run *r) {
  static const attention_case real[] = {
      {4, 32, 128, 1, 150, 1, 0, 0, 0, 0},  {4, 32, 128, 16, 192, 1, 0, 0, 0, 0}, {4, 64, 256, 1, 270, 1, 0, 0, 0, 0},
      {4, 64, 256, 4, 280, 0, 0, 0, 0, 0},  {8, 64, 256, 16, 320, 1, 0, 0, 0, 0}, {2, 20, 64, 4, 200, 0, 0, 0, 0, 0}};
  for (ck_precision precision = CK_F32; precision <= CK_BF16; precision++) {
    digest stored = new_digest(), attended = new_digest();
    for (intptr_t size = 2; size <= 130; size += 2) {
      const attention_case c = {.heads = 1 + size % 3,
                                .head_size = size,
                                .left_context = size * 7 % 130,
                                .chunk = 1 + size / 2 % 9,
                                .frames = 160,
                                .causal = size % 4 == 0,
                                .holes = size % 6 == 0};
      attend(r, &stored, &attended, c, precision);
    }
    for (intptr_t chunk = 1; chunk <= 40; chunk += chunk < 18 ? 1 : 11) {
      attend(r, &stored, &attended, (attention_case){2, 32, 37, chunk, 160, 1, 0, 0, 0, 0}, precision);
      attend(r, &stored, &attended, (attention_case){2, 10, 45, chunk, 160, 0, 1, 0, 0, 0}, precision);
      attend(r, &stored, &attended, (attention_case){4, 8, 29, chunk, 160, 1, 0, 0, 5, 2}, precision);
      attend(r, &stored, &attended, (attention_case){3, 14, 29, chunk, 160, 0, 0, 0, 17, 1}, precision);
    }
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
      attend(r, &stored, &attended, real[i], precision);
    report(r, "ring store", precision_names[precision], stored);
    report(r, "attention", precision_names[precision], attended);
    stored = attended = new_digest();
    for (intptr_t chunk = 1; chunk <= 16; chunk++)
      attend(r, &stored, &attended, (attention_case){2, 16, 20, chunk, 96, 1, 0, 1, 0, 0}, precision);
    report(r, "ring store, rough", precision_names[precision], stored);
    report(r, "attention, rough", precision_names[precision], attended);
  }
}
