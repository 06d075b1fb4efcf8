// Sixteen floats in plain C.

// Shapes of tiles that the compiler keeps in registers. Sixteen lanes are a loop already.
#define TILE_ROWS 3
#define WIDENED_TILE_ROWS 3
#define BOTH_CHAINS_ROWS 3
#define ATTENTION_TILE_ROWS 3
#define TILE_VECTORS 1
#define ONE_ROW_VECTORS 2
#define UNROLL

typedef struct {
  float f[16];
} V;

#define LANES for (int i = 0; i < 16; i++)

INLINE uint32_t v_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}
INLINE float v_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}
INLINE V v_set1(float x) {
  V r;
  LANES r.f[i] = x;
  return r;
}
INLINE V v_zero(void) { return v_set1(0); }
INLINE V v_load(const float *p) {
  V r;
  LANES r.f[i] = p[i];
  return r;
}
INLINE void v_store(float *p, V a) { LANES p[i] = a.f[i]; }
// The first n lanes, zeros behind them; 0 <= n <= 16.
INLINE V v_load_part(const float *p, intptr_t n) {
  V r = v_zero();
  for (intptr_t i = 0; i < n; i++) r.f[i] = p[i];
  return r;
}
INLINE void v_store_part(float *p, V a, intptr_t n) {
  for (intptr_t i = 0; i < n; i++) p[i] = a.f[i];
}
#define LANEWISE(name, expression) \
  INLINE V name(V a, V b) { \
    V r; \
    LANES r.f[i] = expression; \
    return r; \
  }
LANEWISE(v_add, a.f[i] + b.f[i])
LANEWISE(v_sub, a.f[i] - b.f[i])
LANEWISE(v_mul, a.f[i] * b.f[i])
LANEWISE(v_div, a.f[i] / b.f[i])
// b when they are equal or unordered.
LANEWISE(v_max, a.f[i] > b.f[i] ? a.f[i] : b.f[i])
LANEWISE(v_min, a.f[i] < b.f[i] ? a.f[i] : b.f[i])
// Adds the low bits of t, shifted into the exponent, to p: p * 2^n.
LANEWISE(v_scale, v_float(v_bits(a.f[i]) + (v_bits(b.f[i]) << 23)))
// Lanes 0...7 of a, then of b; and lanes 8...15.
LANEWISE(v_lows, i < 8 ? a.f[i] : b.f[i - 8])
LANEWISE(v_highs, i < 8 ? a.f[i + 8] : b.f[i])
// a * b + c, rounded once.
INLINE V v_fma(V a, V b, V c) {
  V r;
  LANES r.f[i] = fmaf(a.f[i], b.f[i], c.f[i]);
  return r;
}
INLINE V v_neg(V a) {
  LANES a.f[i] = v_float(v_bits(a.f[i]) ^ 0x80000000u);
  return a;
}
INLINE V v_abs(V a) {
  LANES a.f[i] = v_float(v_bits(a.f[i]) & 0x7FFFFFFFu);
  return a;
}
// x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
INLINE void v_split(V x, V *e, V *m) {
  LANES {
    const uint32_t bits = v_bits(x.f[i]) - 0x3F3504F3u;
    e->f[i] = (float)((int32_t)bits >> 23);
    m->f[i] = v_float((bits & 0x007FFFFFu) + 0x3F3504F3u);
  }
}
// Lanes from <= i < to of a, the others of b.
INLINE V v_range(V a, V b, intptr_t from, intptr_t to) {
  LANES if (i >= from && i < to) b.f[i] = a.f[i];
  return b;
}
// Lanes of b where the byte is 0, of a elsewhere.
INLINE V v_marked(const uint8_t *marks, V a, V b) {
  LANES if (marks[i]) b.f[i] = a.f[i];
  return b;
}
// Partial sums 8, 4, 2, 1.
INLINE float v_tree(V v) {
  for (int half = 8; half; half /= 2)
    for (int i = 0; i < half; i++) v.f[i] = v.f[i] + v.f[i + half];
  return v.f[0];
}
INLINE float v_largest(V v) {
  for (int half = 8; half; half /= 2)
    for (int i = 0; i < half; i++) v.f[i] = v.f[i] > v.f[i + half] ? v.f[i] : v.f[i + half];
  return v.f[0];
}
INLINE V v_load_bf16(const uint16_t *p) {
  V r;
  LANES r.f[i] = v_float((uint32_t)p[i] << 16);
  return r;
}
// Even and odd lanes of 32 floats.
INLINE void v_deinterleave(const float *p, V *even, V *odd) {
  LANES {
    even->f[i] = p[2 * i];
    odd->f[i] = p[2 * i + 1];
  }
}
INLINE V v_reverse(V a) {
  V r;
  LANES r.f[i] = a.f[15 - i];
  return r;
}

// Sixteen elements of four bytes: int32 sums, pairs of bf16 or groups of four int8 codes.
typedef struct {
  int32_t i[16];
} VI;

INLINE VI vi_set1(int32_t x) {
  VI r;
  LANES r.i[i] = x;
  return r;
}
INLINE VI vi_zero(void) { return vi_set1(0); }
INLINE VI vi_load(const void *p) {
  VI r;
  memcpy(&r, p, sizeof r);
  return r;
}
// Sums wrap, as the instructions do.
INLINE VI vi_add(VI a, VI b) {
  LANES a.i[i] = (int32_t)((uint32_t)a.i[i] + (uint32_t)b.i[i]);
  return a;
}
INLINE VI vi_sub(VI a, VI b) {
  LANES a.i[i] = (int32_t)((uint32_t)a.i[i] - (uint32_t)b.i[i]);
  return a;
}
INLINE V v_from_int(VI a) {
  V r;
  LANES r.f[i] = (float)a.i[i];
  return r;
}
INLINE V v_low_halves(VI pairs) {
  V r;
  LANES r.f[i] = v_float((uint32_t)pairs.i[i] << 16);
  return r;
}
INLINE V v_high_halves(VI pairs) {
  V r;
  LANES r.f[i] = v_float((uint32_t)pairs.i[i] & 0xFFFF0000u);
  return r;
}
#include "vectors/bf16_by_floats.h"

#define INT8_INPUT_OFFSET 0
#include "vectors/int8_as_codes.h"
INLINE VI int8_dot(VI sum, int8_weights w, int8_inputs x) {
  int8_t a[64], b[64];
  memcpy(a, &w, 64);
  memcpy(b, &x, 64);
  LANES for (int j = 0; j < 4; j++) sum.i[i] += a[4 * i + j] * b[4 * i + j];
  return sum;
}
// Sixteen codes, the low bytes of the lanes.
INLINE void store_int8_inputs(int8_input *inputs, V rounded) {
  int8_t *to = (int8_t *)inputs;
  LANES to[i] = (int8_t)v_bits(rounded.f[i]);
}
