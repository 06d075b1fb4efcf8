#define ROWS 1
#include "value_tile.h"
#define ROWS 2
#include "value_tile.h"
#define ROWS 3
#include "value_tile.h"
#if TILE_ROWS > 3
#define ROWS 4
#include "value_tile.h"
#define ROWS 5
#include "value_tile.h"
#define ROWS 6
#include "value_tile.h"
#endif
