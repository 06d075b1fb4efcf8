// AVX-512 with VNNI and BF16: reduced products by their dot instructions.
#pragma STDC FP_CONTRACT OFF
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512bf16"))), \
    apply_to = function)
#define CK_AVX512_VNNI
#define CK_AVX512_BF16
#include "vector_avx512.h"

#define ONE_ROW_BLOCKS 4
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "kernels.h"
#pragma clang attribute pop

const ck_kernels ck_avx512_bf16 = KERNEL_TABLE("avx512", "vnni bf16");
#endif
