// Sixteen floats in four NEON registers.

// Tiles whose accumulators fit 32 registers.
#define TILE_ROWS 3
#define WIDENED_TILE_ROWS 3
#define BOTH_CHAINS_ROWS 3
#define ATTENTION_TILE_ROWS 3
#define TILE_VECTORS 1
#define ONE_ROW_VECTORS 2

typedef struct {
  float32x4_t q[4];
} V;

#define QUARTERS for (int i = 0; i < 4; i++)

INLINE V v_set1(float x) {
  V r;
  QUARTERS r.q[i] = vdupq_n_f32(x);
  return r;
}
INLINE V v_zero(void) { return v_set1(0); }
INLINE V v_load(const float *p) {
  V r;
  QUARTERS r.q[i] = vld1q_f32(p + 4 * i);
  return r;
}
INLINE void v_store(float *p, V a) { QUARTERS vst1q_f32(p + 4 * i, a.q[i]); }
// The first n lanes, zeros behind them; 0 <= n <= 16.
INLINE V v_load_part(const float *p, intptr_t n) {
  float part[16] = {0};
  for (intptr_t i = 0; i < n; i++) part[i] = p[i];
  return v_load(part);
}
INLINE void v_store_part(float *p, V a, intptr_t n) {
  float part[16];
  v_store(part, a);
  for (intptr_t i = 0; i < n; i++) p[i] = part[i];
}
#define QUARTERWISE(name, expression) \
  INLINE V name(V a, V b) { \
    V r; \
    QUARTERS r.q[i] = expression; \
    return r; \
  }
QUARTERWISE(v_add, vaddq_f32(a.q[i], b.q[i]))
QUARTERWISE(v_sub, vsubq_f32(a.q[i], b.q[i]))
QUARTERWISE(v_mul, vmulq_f32(a.q[i], b.q[i]))
QUARTERWISE(v_div, vdivq_f32(a.q[i], b.q[i]))
// a > b ? a : b, so b when they are equal or unordered; vmaxq would return NaN.
QUARTERWISE(v_max, vbslq_f32(vcgtq_f32(a.q[i], b.q[i]), a.q[i], b.q[i]))
QUARTERWISE(v_min, vbslq_f32(vcltq_f32(a.q[i], b.q[i]), a.q[i], b.q[i]))
// Adds the low bits of t, shifted into the exponent, to p: p * 2^n.
QUARTERWISE(
    v_scale, vreinterpretq_f32_u32(vaddq_u32(
                 vreinterpretq_u32_f32(a.q[i]), vshlq_n_u32(vreinterpretq_u32_f32(b.q[i]), 23))))
// Lanes 0...7 of a, then of b; and lanes 8...15.
QUARTERWISE(v_lows, i < 2 ? a.q[i] : b.q[i - 2])
QUARTERWISE(v_highs, i < 2 ? a.q[i + 2] : b.q[i])
// a * b + c, rounded once.
INLINE V v_fma(V a, V b, V c) {
  V r;
  QUARTERS r.q[i] = vfmaq_f32(c.q[i], a.q[i], b.q[i]);
  return r;
}
INLINE V v_neg(V a) {
  QUARTERS a.q[i] = vnegq_f32(a.q[i]);
  return a;
}
INLINE V v_abs(V a) {
  QUARTERS a.q[i] = vabsq_f32(a.q[i]);
  return a;
}
// x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
INLINE void v_split(V x, V *e, V *m) {
  const uint32x4_t root = vdupq_n_u32(0x3F3504F3u);
  QUARTERS {
    const uint32x4_t bits = vsubq_u32(vreinterpretq_u32_f32(x.q[i]), root);
    e->q[i] = vcvtq_f32_s32(vshrq_n_s32(vreinterpretq_s32_u32(bits), 23));
    m->q[i] = vreinterpretq_f32_u32(
        vaddq_u32(vandq_u32(bits, vdupq_n_u32(0x007FFFFFu)), root));
  }
}
// Lanes from <= i < to of a, the others of b.
INLINE V v_range(V a, V b, intptr_t from, intptr_t to) {
  float x[16], y[16];
  v_store(x, a);
  v_store(y, b);
  for (intptr_t i = from; i < to && i < 16; i++) y[i] = x[i];
  return v_load(y);
}
// Lanes of b where the byte is 0, of a elsewhere.
INLINE V v_marked(const uint8_t *marks, V a, V b) {
  float x[16], y[16];
  v_store(x, a);
  v_store(y, b);
  for (int i = 0; i < 16; i++)
    if (marks[i]) y[i] = x[i];
  return v_load(y);
}
// Partial sums 8, 4, 2, 1.
INLINE float v_tree(V v) {
  const float32x4_t a =
      vaddq_f32(vaddq_f32(v.q[0], v.q[2]), vaddq_f32(v.q[1], v.q[3]));
  const float32x2_t b = vadd_f32(vget_low_f32(a), vget_high_f32(a));
  return vget_lane_f32(b, 0) + vget_lane_f32(b, 1);
}
INLINE float v_largest(V v) {
  float f[16];
  v_store(f, v);
  for (int half = 8; half; half /= 2)
    for (int i = 0; i < half; i++) f[i] = f[i] > f[i + half] ? f[i] : f[i + half];
  return f[0];
}
INLINE V v_load_bf16(const uint16_t *p) {
  V r;
  QUARTERS r.q[i] = vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p + 4 * i), 16));
  return r;
}
// Even and odd lanes of 32 floats.
INLINE void v_deinterleave(const float *p, V *even, V *odd) {
  QUARTERS {
    const float32x4x2_t both = vld2q_f32(p + 8 * i);
    even->q[i] = both.val[0];
    odd->q[i] = both.val[1];
  }
}
INLINE V v_reverse(V a) {
  V r;
  QUARTERS {
    const float32x4_t x = vrev64q_f32(a.q[3 - i]);
    r.q[i] = vextq_f32(x, x, 2);
  }
  return r;
}

// Sixteen elements of four bytes: int32 sums, pairs of bf16 or groups of four int8 codes.
typedef struct {
  int32x4_t q[4];
} VI;

INLINE VI vi_set1(int32_t x) {
  VI r;
  QUARTERS r.q[i] = vdupq_n_s32(x);
  return r;
}
INLINE VI vi_zero(void) { return vi_set1(0); }
INLINE VI vi_load(const void *p) {
  VI r;
  QUARTERS r.q[i] = vld1q_s32((const int32_t *)p + 4 * i);
  return r;
}
INLINE VI vi_add(VI a, VI b) {
  QUARTERS a.q[i] = vaddq_s32(a.q[i], b.q[i]);
  return a;
}
INLINE VI vi_sub(VI a, VI b) {
  QUARTERS a.q[i] = vsubq_s32(a.q[i], b.q[i]);
  return a;
}
INLINE V v_from_int(VI a) {
  V r;
  QUARTERS r.q[i] = vcvtq_f32_s32(a.q[i]);
  return r;
}
INLINE V v_low_halves(VI pairs) {
  V r;
  QUARTERS r.q[i] = vreinterpretq_f32_s32(vshlq_n_s32(pairs.q[i], 16));
  return r;
}
INLINE V v_high_halves(VI pairs) {
  const int32x4_t high = vdupq_n_s32((int32_t)0xFFFF0000u);
  V r;
  QUARTERS r.q[i] = vreinterpretq_f32_s32(vandq_s32(pairs.q[i], high));
  return r;
}
// BFDOT rounds otherwise and is not used.
#include "vectors/bf16_by_floats.h"

#define INT8_INPUT_OFFSET 0
#include "vectors/int8_as_codes.h"
INLINE VI int8_dot(VI sum, int8_weights w, int8_inputs x) {
  QUARTERS {
    const int8x16_t a = vreinterpretq_s8_s32(w.q[i]), b = vreinterpretq_s8_s32(x.q[i]);
#if defined(HAS_DOT)
    sum.q[i] = vdotq_s32(sum.q[i], a, b);
#else
    // Two products of codes fit 16 bits.
    const int16x8_t low = vmull_s8(vget_low_s8(a), vget_low_s8(b));
    const int16x8_t high = vmull_s8(vget_high_s8(a), vget_high_s8(b));
    sum.q[i] = vpadalq_s16(sum.q[i], vpaddq_s16(low, high));
#endif
  }
  return sum;
}
// Sixteen codes, the low bytes of the lanes.
INLINE void store_int8_inputs(int8_input *inputs, V rounded) {
  const int16x8_t low = vcombine_s16(
      vmovn_s32(vreinterpretq_s32_f32(rounded.q[0])), vmovn_s32(vreinterpretq_s32_f32(rounded.q[1])));
  const int16x8_t high = vcombine_s16(
      vmovn_s32(vreinterpretq_s32_f32(rounded.q[2])), vmovn_s32(vreinterpretq_s32_f32(rounded.q[3])));
  vst1q_s8((int8_t *)inputs, vcombine_s8(vmovn_s16(low), vmovn_s16(high)));
}
