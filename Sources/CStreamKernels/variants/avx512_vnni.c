// AVX-512 with VNNI: int8 products by its dot instruction.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), \
    apply_to = function)
#define CK_AVX512_VNNI
#include "vectors/avx512.h"

#define ONE_ROW_BLOCKS 4
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "kernels/kernels.h"
#pragma clang attribute pop

const ck_kernels ck_avx512_vnni = KERNEL_TABLE("avx512", "vnni");
#endif
