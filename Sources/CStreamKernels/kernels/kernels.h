// The kernels of one variant: included by its file after its vectors, and never elsewhere.
//
// Says what the variant allows: ONE_ROW_BLOCKS, TILE_ROWS, TILE_VECTORS and, if weights that are widened
// as they are read leave room for fewer rows, WIDENED_TILE_ROWS (shapes whose accumulators fit its registers).
#if !defined(WIDENED_TILE_ROWS)
#define WIDENED_TILE_ROWS TILE_ROWS
#endif

#if defined(UNROLL)
#elif defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

// Row tiles that take turns, and elements of depth between two turns: 128 KiB of weights, which stay
// in the second cache meanwhile. Shorter turns cost more by keeping the chains than they save.
#define GROUP_TILES 11
#define DEPTH_BLOCK 1024

#include "kernels/elementary.h"
#include "kernels/reduced_inputs.h"
#include "kernels/matrix.h"
#include "kernels/rows.h"
#include "kernels/rotary.h"
#include "kernels/attention.h"
#include "kernels/front_ends.h"

#define KERNEL_TABLE(name, extensions) \
  { \
    name, extensions, product, lstm_step, layer_norm, sigmoid, softmax, rotary_angles, ring_store, \
        attend, frame_window, power_spectrum, band_energies, log_normalise, normalise \
  }
