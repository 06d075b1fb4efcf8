// AVX-512 with VNNI: int8 products by its dot instruction.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#if defined(__x86_64__)
#define HAS_VNNI
BEGIN_TARGET(AVX512_VNNI_INSTRUCTIONS)
#include "vectors/avx512.h"

#include "kernels/kernels.h"
END_TARGET

static int is_available(void) {
  return ck_avx512.is_available() && __builtin_cpu_supports("avx512vnni");
}

static const ck_kernels kernels = KERNEL_TABLE("avx512", "vnni");
const ck_variant ck_avx512_vnni = {.kernels = &kernels, .is_available = is_available};
#endif
