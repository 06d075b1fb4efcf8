// What the parts of the kernel digest share: numbers that are the same on every machine, memory, and
// the digest itself.
#ifndef KERNEL_DIGEST_H
#define KERNEL_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "CStreamKernels.h"

/// Numbers of a generator that knows integers only.
typedef struct {
  uint64_t state;
} numbers;

numbers numbers_of(uint64_t seed);
/// 0 ..< bound.
intptr_t number_below(numbers *source, intptr_t bound);
/// In [-scale, scale).
float number(numbers *source, float scale);
/// Ordinary numbers, or (rough) zeros of both signs, subnormals and huge ones among them.
float *many(numbers *source, intptr_t count, float scale, int rough);

/// Memory of the present case, aligned to 64, of zeros.
void *zeros(size_t bytes);
/// Ends a case: all that `zeros` and `many` gave out is free again.
void free_all(void);

/// Bits of results, in order.
typedef struct {
  uint64_t hash;
  intptr_t count;
} digest;

digest new_digest(void);
/// NaN counts as one value: which of two payloads survives is not ours to say.
void take(digest *d, const float *values, intptr_t count);

/// Where the program is: one table, one seed.
typedef struct {
  const ck_kernels *kernels;
  uint64_t seed;
} run;

/// Prints a line: variant, extensions, kernel, precision, values, digest.
void report(const run *r, const char *kernel, const char *precision, digest d);

void digest_products(const run *r);
void digest_recurrent_steps(const run *r);
void digest_attention(const run *r);
void digest_rows(const run *r);
void digest_front_ends(const run *r);

extern const char *const precision_names[3];

/// Weights [rows, columns] packed as StreamCore packs them; rows are filled to whole panels.
ck_matrix packed(numbers *source, intptr_t rows, intptr_t columns, ck_precision precision, int rough);

#endif
