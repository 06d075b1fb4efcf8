// AVX2 and FMA: 16 registers of 8 floats.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#if defined(__x86_64__)
BEGIN_TARGET(AVX2_INSTRUCTIONS)
#include "vectors/avx2.h"

#include "kernels/kernels.h"
END_TARGET

static int is_available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static const ck_kernels kernels = KERNEL_TABLE("avx2", "");
const ck_variant ck_avx2 = {.kernels = &kernels, .is_available = is_available};
#endif
