// The product of rows of activations with packed weights, for one precision: the includer says what an
// element, an accumulator and a multiply-accumulate are, and NAMED(x) gives x its suffix.
//
// Panels are the outer loop, so that the weights are one linear stream. Several row tiles take turns on
// blocks of the depth, so that this stream is read from memory once and, prefetched, at an even pace.

#define TILE_NAMED(rows, vectors, name) NAMED(name##_##rows##x##vectors)
#define TILE_EXPANDED(rows, vectors) TILE_NAMED(rows, vectors, tile)
#define TILE(rows, vectors) TILE_EXPANDED(rows, vectors)

// One element of the depth on to a chain of every row and vector of a tile.
#define ADD_ELEMENT(chain, k) \
  { \
    WEIGHTS weights[VECTORS]; \
    UNROLL for (int j = 0; j < VECTORS; j++) \
      weights[j] = LOAD_WEIGHTS(w[j / 2] + (k) * CK_PANEL_WIDTH + j % 2 * 16); \
    UNROLL for (int r = 0; r < ROWS; r++) { \
      const INPUTS inputs = BROADCAST(x + r * stride + (k)); \
      UNROLL for (int j = 0; j < VECTORS; j++) \
        chain[r][j] = ACCUMULATE(chain[r][j], weights[j], inputs); \
    } \
  }

#include "row_tile.h"

#define VECTORS TILE_VECTORS
#define ROWS 1
#include "tile.h"
#define ROWS 2
#include "tile.h"
#define ROWS 3
#include "tile.h"
#if TILE_ROWS > 3
#define ROWS 4
#include "tile.h"
#define ROWS 5
#include "tile.h"
#define ROWS 6
#include "tile.h"
#endif
#undef VECTORS

static void NAMED(tile)(
    const product_call *call, intptr_t column, intptr_t row, intptr_t rows, intptr_t from,
    intptr_t to, ACCUMULATOR *parts, const char *ahead) {
  switch (rows) {
    case 1: TILE(1, TILE_VECTORS)(call, column, row, from, to, parts, ahead); break;
    case 2: TILE(2, TILE_VECTORS)(call, column, row, from, to, parts, ahead); break;
#if TILE_ROWS > 3
    case 4: TILE(4, TILE_VECTORS)(call, column, row, from, to, parts, ahead); break;
    case 5: TILE(5, TILE_VECTORS)(call, column, row, from, to, parts, ahead); break;
    case 6: TILE(6, TILE_VECTORS)(call, column, row, from, to, parts, ahead); break;
#endif
    default: TILE(3, TILE_VECTORS)(call, column, row, from, to, parts, ahead); break;
  }
}

// A panel for rows first ..< first + count, count <= GROUP_ROWS.
static void NAMED(panel_rows)(
    const product_call *call, intptr_t panel, intptr_t first, intptr_t count) {
  ACCUMULATOR parts[(GROUP_ROWS + MOST_ROWS - 1) / MOST_ROWS][MOST_ROWS * TILE_VECTORS * 2];
  const intptr_t depth = call->depth;
  const intptr_t tiles = (count + MOST_ROWS - 1) / MOST_ROWS;
  const intptr_t block = tiles > 1 ? DEPTH_BLOCK : depth;
  const char *weights = (const char *)call->matrix->panels + panel * depth * CK_PANEL_WIDTH * 4;
  for (intptr_t half = 0; half < 2; half += TILE_VECTORS) {
    const intptr_t column = panel * CK_PANEL_WIDTH + half * 16;
    for (intptr_t from = 0; from < depth; from += block) {
      const intptr_t to = from + block < depth ? from + block : depth;
      const char *next = weights + to * CK_PANEL_WIDTH * 4;
      intptr_t row = first;
      for (intptr_t t = 0; t < tiles; t++) {
        const intptr_t rows = (first + count - row + tiles - t - 1) / (tiles - t);
        // The next block comes closer while the first two tiles of this one are worked on.
        const char *ahead = tiles > 1 && t < 2 ? next + t * (to - from) * 64 : 0;
        NAMED(tile)(call, column, row, rows, from, to, parts[t], ahead);
        row += rows;
      }
    }
  }
}

static void NAMED(run_product)(const product_call *call, intptr_t rows) {
  const intptr_t panels = (call->matrix->rows + CK_PANEL_WIDTH - 1) / CK_PANEL_WIDTH;
  if (rows == 1) {
    NAMED(row_product)(call);
    return;
  }
  for (intptr_t first = 0; first < rows; first += GROUP_ROWS) {
    const intptr_t count = rows - first < GROUP_ROWS ? rows - first : GROUP_ROWS;
    for (intptr_t panel = 0; panel < panels; panel++)
      NAMED(panel_rows)(call, panel, first, count);
  }
}

// The gates of a step land in a small buffer, a panel at a time, and the cells that they complete are
// updated at once.
static void NAMED(run_lstm)(
    product_call *call, intptr_t hidden_size, intptr_t rows, float *cell, float *hidden) {
  if (rows == 1) {
    NAMED(row_lstm)(call, hidden_size, cell, hidden);
    return;
  }
  float gates[GROUP_ROWS * CK_PANEL_WIDTH] __attribute__((aligned(64)));
  const intptr_t panels = call->matrix->rows / CK_PANEL_WIDTH;
  for (intptr_t first = 0; first < rows; first += GROUP_ROWS) {
    const intptr_t count = rows - first < GROUP_ROWS ? rows - first : GROUP_ROWS;
    for (intptr_t panel = 0; panel < panels; panel++) {
      float *c = cell + first * hidden_size + panel * 8, *h = hidden + first * hidden_size + panel * 8;
      const intptr_t units = hidden_size - panel * 8;
      // Results go to column n of row r at output + r * stride + n.
      call->output = gates - (first * CK_PANEL_WIDTH + panel * CK_PANEL_WIDTH);
      NAMED(panel_rows)(call, panel, first, count);
      for (intptr_t r = 0; r < count; r += 2) {
        // A last row without a partner is its own: its cells are computed twice, stored once.
        const intptr_t other = r + 1 < count ? r + 1 : r;
        const float *first_gates = gates + r * CK_PANEL_WIDTH;
        const float *other_gates = gates + other * CK_PANEL_WIDTH;
        const V a[2] = {v_load(first_gates), v_load(first_gates + 16)};
        const V b[2] = {v_load(other_gates), v_load(other_gates + 16)};
        lstm_cells(a, b, units, other == r ? 0 : units, c + r * hidden_size, c + other * hidden_size,
                   h + r * hidden_size, h + other * hidden_size);
      }
    }
  }
}

#undef ADD_ELEMENT
#undef ELEMENT
#undef INPUT
#undef MOST_ROWS
#undef ACCUMULATOR
#undef ACCUMULATOR_ZERO
#undef WEIGHTS
#undef INPUTS
#undef LOAD_WEIGHTS
#undef BROADCAST
#undef ACCUMULATE
#undef COLUMN_TERMS
#undef LOAD_TERMS
#undef RESULT
#undef NAMED
#undef NAMED_ROW
#undef ROW_SUM
