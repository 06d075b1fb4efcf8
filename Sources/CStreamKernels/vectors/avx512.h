// Sixteen floats in one AVX-512 register.

// Tiles whose accumulators fit 32 registers.
#define TILE_ROWS 6
#define WIDENED_TILE_ROWS 6
#define BOTH_CHAINS_ROWS 6
#define ATTENTION_TILE_ROWS 6
#define TILE_VECTORS 2
#define ONE_ROW_VECTORS 4

typedef __m512 V;

INLINE V v_zero(void) { return _mm512_setzero_ps(); }
INLINE V v_set1(float x) { return _mm512_set1_ps(x); }
INLINE V v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void v_store(float *p, V a) { _mm512_storeu_ps(p, a); }
INLINE __mmask16 v_first(intptr_t n) { return (__mmask16)((1u << n) - 1u); }
// The first n lanes, zeros behind them; 0 <= n <= 16.
INLINE V v_load_part(const float *p, intptr_t n) { return _mm512_maskz_loadu_ps(v_first(n), p); }
// What a masked store wrote cannot be forwarded to a load, so whole vectors are stored without a mask.
INLINE void v_store_part(float *p, V a, intptr_t n) {
  if (n == 16)
    v_store(p, a);
  else
    _mm512_mask_storeu_ps(p, v_first(n), a);
}
INLINE V v_add(V a, V b) { return _mm512_add_ps(a, b); }
INLINE V v_sub(V a, V b) { return _mm512_sub_ps(a, b); }
INLINE V v_mul(V a, V b) { return _mm512_mul_ps(a, b); }
INLINE V v_div(V a, V b) { return _mm512_div_ps(a, b); }
// a * b + c, rounded once.
INLINE V v_fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
// a > b ? a : b, so b when they are equal or unordered.
INLINE V v_max(V a, V b) { return _mm512_max_ps(a, b); }
INLINE V v_min(V a, V b) { return _mm512_min_ps(a, b); }
INLINE V v_neg(V a) {
  return _mm512_castsi512_ps(
      _mm512_xor_si512(_mm512_castps_si512(a), _mm512_set1_epi32((int)0x80000000)));
}
INLINE V v_abs(V a) { return _mm512_abs_ps(a); }
// Adds the low bits of t, shifted into the exponent, to p: p * 2^n.
INLINE V v_scale(V p, V t) {
  return _mm512_castsi512_ps(_mm512_add_epi32(
      _mm512_castps_si512(p), _mm512_slli_epi32(_mm512_castps_si512(t), 23)));
}
// x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
INLINE void v_split(V x, V *e, V *m) {
  const __m512i root = _mm512_set1_epi32(0x3F3504F3);
  const __m512i bits = _mm512_sub_epi32(_mm512_castps_si512(x), root);
  *e = _mm512_cvtepi32_ps(_mm512_srai_epi32(bits, 23));
  *m = _mm512_castsi512_ps(
      _mm512_add_epi32(_mm512_and_si512(bits, _mm512_set1_epi32(0x007FFFFF)), root));
}
// Lanes 0...7 of a, then of b; and lanes 8...15.
INLINE V v_lows(V a, V b) { return _mm512_shuffle_f32x4(a, b, 0x44); }
INLINE V v_highs(V a, V b) { return _mm512_shuffle_f32x4(a, b, 0xee); }
// Lanes from <= i < to of a, the others of b.
INLINE V v_range(V a, V b, intptr_t from, intptr_t to) {
  const uint32_t below = to >= 16 ? 0xFFFFu : (1u << to) - 1u;
  return _mm512_mask_mov_ps(b, (__mmask16)(below & ~((1u << from) - 1u)), a);
}
// Lanes of b where the byte is 0, of a elsewhere.
INLINE V v_marked(const uint8_t *marks, V a, V b) {
  const __m512i m = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)marks));
  return _mm512_mask_mov_ps(b, _mm512_test_epi32_mask(m, m), a);
}
// Partial sums 8, 4, 2, 1.
INLINE float v_tree(V v) {
  const __m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1));
  const __m256 a = _mm256_add_ps(_mm512_castps512_ps256(v), high);
  __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}
INLINE float v_largest(V v) {
  const __m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1));
  const __m256 a = _mm256_max_ps(_mm512_castps512_ps256(v), high);
  __m128 b = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_max_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_max_ss(b, _mm_movehdup_ps(b)));
}
INLINE V v_load_bf16(const uint16_t *p) {
  const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p));
  return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}
// Even and odd lanes of 32 floats.
INLINE void v_deinterleave(const float *p, V *even, V *odd) {
  const __m512i e = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const V a = v_load(p), b = v_load(p + 16);
  *even = _mm512_permutex2var_ps(a, e, b);
  *odd = _mm512_permutex2var_ps(a, _mm512_add_epi32(e, _mm512_set1_epi32(1)), b);
}
INLINE V v_reverse(V a) {
  return _mm512_permutexvar_ps(
      _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), a);
}

// The products of one row take half a register at a time: on Zen 4 a stream of weights from beyond the
// second cache is read 6 % faster by loads of this width.
#define OWN_F32_ROW_SUM
typedef struct {
  __m256 l, h;
} f32_row_sum;

INLINE f32_row_sum f32_row_zero(void) {
  return (f32_row_sum){_mm256_setzero_ps(), _mm256_setzero_ps()};
}
INLINE f32_row_sum f32_row_add(f32_row_sum sum, const float *w, const float *x) {
  const __m256 input = _mm256_set1_ps(*x);
  sum.l = _mm256_fmadd_ps(input, _mm256_loadu_ps(w), sum.l);
  sum.h = _mm256_fmadd_ps(input, _mm256_loadu_ps(w + 8), sum.h);
  return sum;
}
INLINE V f32_row_vector(f32_row_sum sum) {
  return _mm512_insertf32x8(_mm512_castps256_ps512(sum.l), sum.h, 1);
}

// Sixteen elements of four bytes: int32 sums, pairs of bf16 or groups of four int8 codes.
typedef __m512i VI;

INLINE VI vi_zero(void) { return _mm512_setzero_si512(); }
INLINE VI vi_load(const void *p) { return _mm512_loadu_si512(p); }
INLINE VI vi_set1(int32_t x) { return _mm512_set1_epi32(x); }
INLINE VI vi_add(VI a, VI b) { return _mm512_add_epi32(a, b); }
INLINE VI vi_sub(VI a, VI b) { return _mm512_sub_epi32(a, b); }
INLINE V v_from_int(VI a) { return _mm512_cvtepi32_ps(a); }

#if defined(HAS_BF16)
#define OWN_BF16_INPUTS
// Pairs of bf16 as they are.
typedef int32_t bf16_input;
typedef VI bf16_inputs;
typedef VI bf16_weights;

INLINE bf16_weights bf16_load(const int32_t *p) { return vi_load(p); }
INLINE bf16_inputs bf16_broadcast(const bf16_input *p) { return vi_set1(*p); }
// fma(first, first, fma(second, second, sum)) of pairs of bf16.
INLINE V bf16_dot(V sum, bf16_weights w, bf16_inputs x) {
  return _mm512_dpbf16_ps(sum, (__m512bh)w, (__m512bh)x);
}
#define OWN_BF16_ROW_SUM
typedef f32_row_sum bf16_row_sum;

INLINE bf16_row_sum bf16_row_zero(void) { return f32_row_zero(); }
INLINE bf16_row_sum bf16_row_add(bf16_row_sum sum, const int32_t *w, const bf16_input *x) {
  const __m256bh input = (__m256bh)_mm256_set1_epi32(*x);
  const __m256i *weights = (const __m256i *)w;
  sum.l = _mm256_dpbf16_ps(sum.l, (__m256bh)_mm256_loadu_si256(weights), input);
  sum.h = _mm256_dpbf16_ps(sum.h, (__m256bh)_mm256_loadu_si256(weights + 1), input);
  return sum;
}
INLINE V bf16_row_vector(bf16_row_sum sum) { return f32_row_vector(sum); }
// Rounds to nearest even, subnormals to zero; NaN stays NaN.
INLINE void store_bf16_inputs(bf16_input *inputs, V x) {
  _mm256_storeu_si256((__m256i *)inputs, (__m256i)_mm512_cvtneps_pbh(x));
}
#else
INLINE V v_low_halves(VI pairs) { return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16)); }
INLINE V v_high_halves(VI pairs) {
  return _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32((int)0xFFFF0000)));
}
#include "vectors/bf16_by_floats.h"
#endif

#if defined(HAS_VNNI)
// Codes of activations are unsigned, 128 more than they are: the sum is 128 sum(w) too large.
#define INT8_INPUT_OFFSET 128
#include "vectors/int8_as_codes.h"
INLINE VI int8_dot(VI sum, int8_weights w, int8_inputs x) {
  return _mm512_dpbusd_epi32(sum, x, w);
}
#define OWN_INT8_ROW_SUM
typedef struct {
  __m256i l, h;
} int8_row_sum;

INLINE int8_row_sum int8_row_zero(void) {
  return (int8_row_sum){_mm256_setzero_si256(), _mm256_setzero_si256()};
}
INLINE int8_row_sum int8_row_add(int8_row_sum sum, const int32_t *w, const int8_input *x) {
  const __m256i input = _mm256_set1_epi32(*x);
  const __m256i *weights = (const __m256i *)w;
  sum.l = _mm256_dpbusd_epi32(sum.l, input, _mm256_loadu_si256(weights));
  sum.h = _mm256_dpbusd_epi32(sum.h, input, _mm256_loadu_si256(weights + 1));
  return sum;
}
INLINE VI int8_row_vector(int8_row_sum sum) {
  return _mm512_inserti32x8(_mm512_castsi256_si512(sum.l), sum.h, 1);
}
// Sixteen codes, the low bytes of the lanes.
INLINE void store_int8_inputs(int8_input *inputs, V rounded) {
  const VI codes = vi_add(_mm512_castps_si512(rounded), vi_set1(INT8_INPUT_OFFSET));
  _mm_storeu_si128((__m128i *)inputs, _mm512_cvtepi32_epi8(codes));
}
#else
#define INT8_INPUT_OFFSET 0
INLINE VI vi_even_bytes(VI a) { return _mm512_srai_epi16(_mm512_slli_epi16(a, 8), 8); }
INLINE VI vi_odd_bytes(VI a) { return _mm512_srai_epi16(a, 8); }
INLINE VI vi_madd(VI a, VI b) { return _mm512_madd_epi16(a, b); }
#include "vectors/int8_by_words.h"
#endif
