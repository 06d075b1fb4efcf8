// AVX-512: 32 registers of 16 floats.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#if defined(__x86_64__)
BEGIN_TARGET(AVX512_INSTRUCTIONS)
#include "vectors/avx512.h"

#include "kernels/kernels.h"
END_TARGET

static int is_available(void) {
  return ck_avx2.is_available() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq");
}

static const ck_kernels kernels = KERNEL_TABLE("avx512", "");
const ck_variant ck_avx512 = {.kernels = &kernels, .is_available = is_available};
#endif
