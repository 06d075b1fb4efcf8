// NEON: 32 registers of 4 floats, there on every arm64.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#if defined(__aarch64__)
#include <math.h>
#include <string.h>

#include "vectors/neon.h"

#define ONE_ROW_BLOCKS 2
#define TILE_ROWS 3
#define TILE_VECTORS 1
#include "kernels/kernels.h"

const ck_kernels ck_neon = KERNEL_TABLE("neon", "");
#endif
