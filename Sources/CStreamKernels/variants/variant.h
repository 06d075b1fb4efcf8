// What the files of the variants share: the table of each, and when a processor can run it.
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "CStreamKernels.h"

#define INLINE static inline __attribute__((always_inline))

typedef struct {
  const ck_kernels *kernels;
  // Whether this processor has the instructions; null if every one has.
  int (*is_available)(void);
  // Whether the variant is faster than the next one; null if it always is.
  int (*pays)(void);
} ck_variant;

extern const ck_variant ck_portable;
#if defined(__x86_64__)
extern const ck_variant ck_avx2;
extern const ck_variant ck_avx512;
extern const ck_variant ck_avx512_vnni;
extern const ck_variant ck_avx512_bf16;
#elif defined(__aarch64__)
extern const ck_variant ck_neon;
extern const ck_variant ck_neon_dot;
#endif

// Where the scratch of a GRU's product over h begins, behind that of its product over x.
INLINE intptr_t gru_hidden_scratch(intptr_t inputs, intptr_t rows) {
  return (ck_product_scratch_bytes(inputs, rows) + 63) / 64 * 64;
}

// Between these, functions may use the instructions of a processor.
#define BEGIN_TARGET(instructions) \
  PRAGMA(clang attribute push(__attribute__((target(instructions))), apply_to = function))
#define END_TARGET PRAGMA(clang attribute pop)
#define PRAGMA(text) _Pragma(#text)

#define AVX2_INSTRUCTIONS "avx2,fma"
#define AVX512_INSTRUCTIONS AVX2_INSTRUCTIONS ",avx512f,avx512bw,avx512vl,avx512dq"
#define AVX512_VNNI_INSTRUCTIONS AVX512_INSTRUCTIONS ",avx512vnni"
#define AVX512_BF16_INSTRUCTIONS AVX512_VNNI_INSTRUCTIONS ",avx512bf16"
