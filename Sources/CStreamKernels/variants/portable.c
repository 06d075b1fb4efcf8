// Plain C: what every machine runs.
#pragma STDC FP_CONTRACT OFF
#include "variants/tables.h"

#include "vectors/portable.h"

// Sixteen lanes are a loop already.
#define UNROLL
#define ONE_ROW_BLOCKS 2
#define TILE_ROWS 3
#define TILE_VECTORS 1
#include "kernels/kernels.h"

const ck_kernels ck_portable = KERNEL_TABLE("portable", "");
