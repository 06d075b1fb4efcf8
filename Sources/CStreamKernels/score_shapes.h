#define ROWS 1
#include "score_tile.h"
#define ROWS 2
#include "score_tile.h"
#define ROWS 3
#include "score_tile.h"
#if TILE_ROWS > 3
#define ROWS 4
#include "score_tile.h"
#define ROWS 5
#include "score_tile.h"
#define ROWS 6
#include "score_tile.h"
#endif
