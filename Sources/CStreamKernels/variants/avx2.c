// AVX2 and FMA: 16 registers of 8 floats.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "vectors/avx2.h"

#define ONE_ROW_BLOCKS 2
#define TILE_ROWS 3
#define WIDENED_TILE_ROWS 2
#define TILE_VECTORS 1
#include "kernels/kernels.h"
#pragma clang attribute pop

const ck_kernels ck_avx2 = KERNEL_TABLE("avx2", "");
#endif
