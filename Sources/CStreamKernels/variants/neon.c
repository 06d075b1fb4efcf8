// NEON: 32 registers of 4 floats, there on every arm64.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#if defined(__aarch64__)
#include "vectors/neon.h"

#include "kernels/kernels.h"

static const ck_kernels kernels = KERNEL_TABLE("neon", "");
const ck_variant ck_neon = {.kernels = &kernels};
#endif
