// NEON with the dot product: int8 products by its instruction.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#if defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define HAS_DOT
BEGIN_TARGET("dotprod")
#include "vectors/neon.h"

#include "kernels/kernels.h"
END_TARGET

// Every Apple processor has it; Linux says so in the auxiliary vector (HWCAP_ASIMDDP).
static int is_available(void) {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & (1ul << 20)) != 0;
#else
  return 1;
#endif
}

static const ck_kernels kernels = KERNEL_TABLE("neon", "dot");
const ck_variant ck_neon_dot = {.kernels = &kernels, .is_available = is_available};
#endif
