// Plain C: what every machine runs.
#pragma STDC FP_CONTRACT OFF
#include "variants/variant.h"

#include "vectors/portable.h"

#include "kernels/kernels.h"

static const ck_kernels kernels = KERNEL_TABLE("portable", "");
const ck_variant ck_portable = {.kernels = &kernels};
