// Sixteen floats in two AVX registers.

// Tiles whose accumulators fit sixteen registers, above two rows those of one chain; weights that are more
// than one register as they are used leave fewer.
#define TILE_ROWS 6
#define WIDENED_TILE_ROWS 5
#define BOTH_CHAINS_ROWS 2
#define ATTENTION_TILE_ROWS 3
#define TILE_VECTORS 1
#define ONE_ROW_VECTORS 2
// Larger matrices come from beyond the second cache.
#define PANEL_PAIR_BYTES (512 << 10)

typedef struct {
  __m256 l, h;
} V;

INLINE V v_pair(__m256 l, __m256 h) { return (V){l, h}; }
INLINE V v_zero(void) { return v_pair(_mm256_setzero_ps(), _mm256_setzero_ps()); }
INLINE V v_set1(float x) { return v_pair(_mm256_set1_ps(x), _mm256_set1_ps(x)); }
INLINE V v_load(const float *p) { return v_pair(_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)); }
INLINE void v_store(float *p, V a) {
  _mm256_storeu_ps(p, a.l);
  _mm256_storeu_ps(p + 8, a.h);
}
// All ones in the lanes from <= i < to, counted from first.
INLINE __m256i v_lanes(int first, intptr_t from, intptr_t to) {
  const __m256i lane = _mm256_add_epi32(
      _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0), _mm256_set1_epi32(first));
  return _mm256_andnot_si256(
      _mm256_cmpgt_epi32(_mm256_set1_epi32((int)from), lane),
      _mm256_cmpgt_epi32(_mm256_set1_epi32((int)to), lane));
}
// The first n lanes, zeros behind them; 0 <= n <= 16.
INLINE V v_load_part(const float *p, intptr_t n) {
  return v_pair(
      _mm256_maskload_ps(p, v_lanes(0, 0, n)), _mm256_maskload_ps(p + 8, v_lanes(8, 0, n)));
}
// What a masked store wrote cannot be forwarded to a load, so whole vectors are stored without a mask.
INLINE void v_store_part(float *p, V a, intptr_t n) {
  if (n == 16) {
    v_store(p, a);
    return;
  }
  _mm256_maskstore_ps(p, v_lanes(0, 0, n), a.l);
  _mm256_maskstore_ps(p + 8, v_lanes(8, 0, n), a.h);
}
INLINE V v_add(V a, V b) { return v_pair(_mm256_add_ps(a.l, b.l), _mm256_add_ps(a.h, b.h)); }
INLINE V v_sub(V a, V b) { return v_pair(_mm256_sub_ps(a.l, b.l), _mm256_sub_ps(a.h, b.h)); }
INLINE V v_mul(V a, V b) { return v_pair(_mm256_mul_ps(a.l, b.l), _mm256_mul_ps(a.h, b.h)); }
INLINE V v_div(V a, V b) { return v_pair(_mm256_div_ps(a.l, b.l), _mm256_div_ps(a.h, b.h)); }
// a * b + c, rounded once.
INLINE V v_fma(V a, V b, V c) {
  return v_pair(_mm256_fmadd_ps(a.l, b.l, c.l), _mm256_fmadd_ps(a.h, b.h, c.h));
}
// a > b ? a : b, so b when they are equal or unordered.
INLINE V v_max(V a, V b) { return v_pair(_mm256_max_ps(a.l, b.l), _mm256_max_ps(a.h, b.h)); }
INLINE V v_min(V a, V b) { return v_pair(_mm256_min_ps(a.l, b.l), _mm256_min_ps(a.h, b.h)); }
INLINE V v_neg(V a) {
  const __m256 sign = _mm256_castsi256_ps(_mm256_set1_epi32((int)0x80000000));
  return v_pair(_mm256_xor_ps(a.l, sign), _mm256_xor_ps(a.h, sign));
}
INLINE V v_abs(V a) {
  const __m256 rest = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
  return v_pair(_mm256_and_ps(a.l, rest), _mm256_and_ps(a.h, rest));
}
INLINE __m256 v_scale_half(__m256 p, __m256 t) {
  return _mm256_castsi256_ps(_mm256_add_epi32(
      _mm256_castps_si256(p), _mm256_slli_epi32(_mm256_castps_si256(t), 23)));
}
// Adds the low bits of t, shifted into the exponent, to p: p * 2^n.
INLINE V v_scale(V p, V t) {
  return v_pair(v_scale_half(p.l, t.l), v_scale_half(p.h, t.h));
}
INLINE void v_split_half(__m256 x, __m256 *e, __m256 *m) {
  const __m256i root = _mm256_set1_epi32(0x3F3504F3);
  const __m256i bits = _mm256_sub_epi32(_mm256_castps_si256(x), root);
  *e = _mm256_cvtepi32_ps(_mm256_srai_epi32(bits, 23));
  *m = _mm256_castsi256_ps(
      _mm256_add_epi32(_mm256_and_si256(bits, _mm256_set1_epi32(0x007FFFFF)), root));
}
// x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
INLINE void v_split(V x, V *e, V *m) {
  v_split_half(x.l, &e->l, &m->l);
  v_split_half(x.h, &e->h, &m->h);
}
// Lanes 0...7 of a, then of b; and lanes 8...15.
INLINE V v_lows(V a, V b) { return v_pair(a.l, b.l); }
INLINE V v_highs(V a, V b) { return v_pair(a.h, b.h); }
// Lanes from <= i < to of a, the others of b.
INLINE V v_range(V a, V b, intptr_t from, intptr_t to) {
  return v_pair(
      _mm256_blendv_ps(b.l, a.l, _mm256_castsi256_ps(v_lanes(0, from, to))),
      _mm256_blendv_ps(b.h, a.h, _mm256_castsi256_ps(v_lanes(8, from, to))));
}
INLINE __m256 v_marked_half(const uint8_t *marks, __m256 a, __m256 b) {
  const __m256i m = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)marks));
  const __m256i none = _mm256_cmpeq_epi32(m, _mm256_setzero_si256());
  return _mm256_blendv_ps(a, b, _mm256_castsi256_ps(none));
}
// Lanes of b where the byte is 0, of a elsewhere.
INLINE V v_marked(const uint8_t *marks, V a, V b) {
  return v_pair(v_marked_half(marks, a.l, b.l), v_marked_half(marks + 8, a.h, b.h));
}
// Partial sums 8, 4, 2, 1.
INLINE float v_tree(V v) {
  const __m256 a = _mm256_add_ps(v.l, v.h);
  __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}
INLINE float v_largest(V v) {
  const __m256 a = _mm256_max_ps(v.l, v.h);
  __m128 b = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_max_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_max_ss(b, _mm_movehdup_ps(b)));
}
INLINE __m256 v_load_bf16_half(const uint16_t *p) {
  const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
INLINE V v_load_bf16(const uint16_t *p) {
  return v_pair(v_load_bf16_half(p), v_load_bf16_half(p + 8));
}
INLINE void v_deinterleave_half(const float *p, __m256 *even, __m256 *odd) {
  const __m256 a = _mm256_loadu_ps(p), b = _mm256_loadu_ps(p + 8);
  const __m256 l = _mm256_permute2f128_ps(a, b, 0x20), h = _mm256_permute2f128_ps(a, b, 0x31);
  *even = _mm256_shuffle_ps(l, h, 0x88);
  *odd = _mm256_shuffle_ps(l, h, 0xdd);
}
// Even and odd lanes of 32 floats.
INLINE void v_deinterleave(const float *p, V *even, V *odd) {
  v_deinterleave_half(p, &even->l, &odd->l);
  v_deinterleave_half(p + 16, &even->h, &odd->h);
}
INLINE V v_reverse(V a) {
  const __m256i order = _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return v_pair(
      _mm256_permutevar8x32_ps(a.h, order), _mm256_permutevar8x32_ps(a.l, order));
}

// Sixteen elements of four bytes: int32 sums, pairs of bf16 or groups of four int8 codes.
typedef struct {
  __m256i l, h;
} VI;

INLINE VI vi_zero(void) { return (VI){_mm256_setzero_si256(), _mm256_setzero_si256()}; }
INLINE VI vi_load(const void *p) {
  const __m256i *q = (const __m256i *)p;
  return (VI){_mm256_loadu_si256(q), _mm256_loadu_si256(q + 1)};
}
INLINE VI vi_set1(int32_t x) { return (VI){_mm256_set1_epi32(x), _mm256_set1_epi32(x)}; }
INLINE VI vi_add(VI a, VI b) {
  return (VI){_mm256_add_epi32(a.l, b.l), _mm256_add_epi32(a.h, b.h)};
}
INLINE VI vi_sub(VI a, VI b) {
  return (VI){_mm256_sub_epi32(a.l, b.l), _mm256_sub_epi32(a.h, b.h)};
}
INLINE V v_from_int(VI a) { return v_pair(_mm256_cvtepi32_ps(a.l), _mm256_cvtepi32_ps(a.h)); }

INLINE V v_low_halves(VI pairs) {
  return v_pair(
      _mm256_castsi256_ps(_mm256_slli_epi32(pairs.l, 16)),
      _mm256_castsi256_ps(_mm256_slli_epi32(pairs.h, 16)));
}
INLINE V v_high_halves(VI pairs) {
  const __m256i high = _mm256_set1_epi32((int)0xFFFF0000);
  return v_pair(
      _mm256_castsi256_ps(_mm256_and_si256(pairs.l, high)),
      _mm256_castsi256_ps(_mm256_and_si256(pairs.h, high)));
}
#include "vectors/bf16_by_floats.h"

#define INT8_INPUT_OFFSET 0
INLINE VI vi_byte_magnitudes(VI a) {
  return (VI){_mm256_abs_epi8(a.l), _mm256_abs_epi8(a.h)};
}
INLINE VI vi_with_byte_signs(VI a, VI signs) {
  return (VI){_mm256_sign_epi8(a.l, signs.l), _mm256_sign_epi8(a.h, signs.h)};
}
// Sums of two products of unsigned with signed bytes, in 16 bits.
INLINE VI vi_byte_pair_sums(VI a, VI b) {
  return (VI){_mm256_maddubs_epi16(a.l, b.l), _mm256_maddubs_epi16(a.h, b.h)};
}
// Sums of two numbers of 16 bits.
INLINE VI vi_pair_sums(VI a) {
  const __m256i ones = _mm256_set1_epi16(1);
  return (VI){_mm256_madd_epi16(a.l, ones), _mm256_madd_epi16(a.h, ones)};
}
#include "vectors/int8_by_signs.h"
