// Runs every kernel of every table that this processor can run over fixed inputs, at sizes 1 to 130 and
// those of real models, and prints a digest of each kernel's results: equal bits, equal lines.
//
//   kernel-digest [SEED]
#define _GNU_SOURCE
#pragma STDC FP_CONTRACT OFF
#include "digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const precision_names[3] = {"f32", "bf16", "int8"};

static uint64_t next(numbers *source) {
  source->state ^= source->state << 13;
  source->state ^= source->state >> 7;
  source->state ^= source->state << 17;
  return source->state;
}

numbers numbers_of(uint64_t seed) {
  return (numbers){(seed + 1) * 0x9E3779B97F4A7C15u | 1};
}

intptr_t number_below(numbers *source, intptr_t bound) {
  return (intptr_t)(next(source) >> 33) % bound;
}

float number(numbers *source, float scale) {
  return ((float)(int64_t)(next(source) >> 40) / 8388608.f - 1) * scale;
}

static float rough_number(numbers *source, float scale) {
  switch (number_below(source, 10)) {
    case 0: return 0;
    case 1: return -0.f;
    case 2: {
      // A subnormal, by its bits: the program's own arithmetic is not what is looked at.
      const uint32_t bits = (uint32_t)(next(source) >> 41) | (uint32_t)(next(source) & 1) << 31;
      float x;
      memcpy(&x, &bits, 4);
      return x;
    }
    case 3: return number(source, 1e-37f);
    case 4: return number(source, 1e30f);
    case 5: return number(source, 3e38f);
    default: return number(source, scale);
  }
}

#define ARENA_BYTES ((size_t)96 << 20)
static char *arena;
static size_t used, dirty;

void *zeros(size_t bytes) {
  const size_t start = used;
  used += (bytes + 127) / 64 * 64;
  if (used > ARENA_BYTES) {
    fprintf(stderr, "Error: a case needs more than %zu bytes\n", ARENA_BYTES);
    exit(70);
  }
  if (start < dirty) memset(arena + start, 0, (used < dirty ? used : dirty) - start);
  if (dirty < used) dirty = used;
  return arena + start;
}

void free_all(void) { used = 0; }

float *many(numbers *source, intptr_t count, float scale, int rough) {
  float *values = zeros((size_t)count * sizeof(float));
  for (intptr_t i = 0; i < count; i++)
    values[i] = rough ? rough_number(source, scale) : number(source, scale);
  return values;
}

digest new_digest(void) { return (digest){0xCBF29CE484222325u, 0}; }

void take(digest *d, const float *values, intptr_t count) {
  for (intptr_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, 4);
    if ((bits & 0x7FFFFFFFu) > 0x7F800000u) bits = 0x7FC00000u;
    for (int shift = 0; shift < 32; shift += 8)
      d->hash = (d->hash ^ (bits >> shift & 0xFFu)) * 0x100000001B3u;
  }
  d->count += count;
}

void report(const run *r, const char *kernel, const char *precision, digest d) {
  const char *extensions = r->kernels->extensions;
  printf("%s%s%s\t%s\t%s\t%td\t%016llx\n", r->kernels->name, *extensions ? " " : "", extensions,
         kernel, precision, d.count, (unsigned long long)d.hash);
  fflush(stdout);
}

int main(int count, char **arguments) {
  char *end = NULL;
  const unsigned long long seed = count > 1 ? strtoull(arguments[1], &end, 10) : 1;
  if (count > 2 || (end && *end)) {
    fprintf(stderr, "Error: usage: kernel-digest [SEED]\n");
    return 64;
  }
  arena = aligned_alloc(64, ARENA_BYTES);
  if (!arena) {
    fprintf(stderr, "Error: no memory for %zu bytes\n", ARENA_BYTES);
    return 71;
  }
  // A process for each table: they run side by side, and write whole lines.
  for (intptr_t i = 0; i < ck_table_count(); i++) {
    if (!ck_table_available(i)) continue;
    const pid_t child = fork();
    if (child < 0) {
      perror("Error: fork");
      return 71;
    }
    if (child > 0) continue;
    const run r = {ck_table(i), seed};
    digest_products(&r);
    digest_recurrent_steps(&r);
    digest_attention(&r);
    digest_rows(&r);
    digest_front_ends(&r);
    return 0;
  }
  int failed = 0, status;
  while (wait(&status) > 0) failed |= status;
  return failed ? 1 : 0;
}
