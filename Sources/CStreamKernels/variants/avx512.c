// AVX-512: 32 registers of 16 floats.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"))), apply_to = function)
#include "vectors/avx512.h"

#define ONE_ROW_BLOCKS 4
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "kernels/kernels.h"
#pragma clang attribute pop

const ck_kernels ck_avx512 = KERNEL_TABLE("avx512", "");
#endif
