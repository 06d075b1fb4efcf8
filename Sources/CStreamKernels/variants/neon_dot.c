// NEON with the dot product: int8 products by its instruction.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#if defined(__aarch64__)
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define CK_NEON_DOT

#include "vectors/neon.h"

#define ONE_ROW_BLOCKS 2
#define TILE_ROWS 3
#define TILE_VECTORS 1
#include "kernels/kernels.h"
#pragma clang attribute pop

const ck_kernels ck_neon_dot = KERNEL_TABLE("neon", "dot");
#endif
