// Sixteen floats in one AVX-512 register.
#include <immintrin.h>

typedef __m512 V;

INLINE V v_zero(void) { return _mm512_setzero_ps(); }
INLINE V v_set1(float x) { return _mm512_set1_ps(x); }
INLINE V v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void v_store(float *p, V a) { _mm512_storeu_ps(p, a); }
INLINE __mmask16 v_first(intptr_t n) { return (__mmask16)((1u << n) - 1u); }
// The first n lanes, zeros behind them; 0 <= n <= 16.
INLINE V v_load_part(const float *p, intptr_t n) { return _mm512_maskz_loadu_ps(v_first(n), p); }
INLINE void v_store_part(float *p, V a, intptr_t n) { _mm512_mask_storeu_ps(p, v_first(n), a); }
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

// Sixteen elements of four bytes: int32 sums, pairs of bf16 or groups of four int8 codes.
typedef __m512i VI;

INLINE VI vi_zero(void) { return _mm512_setzero_si512(); }
INLINE VI vi_load(const void *p) { return _mm512_loadu_si512(p); }
INLINE VI vi_set1(int32_t x) { return _mm512_set1_epi32(x); }
INLINE VI vi_add(VI a, VI b) { return _mm512_add_epi32(a, b); }
INLINE VI vi_sub(VI a, VI b) { return _mm512_sub_epi32(a, b); }
INLINE V v_from_int(VI a) { return _mm512_cvtepi32_ps(a); }

// fma(first, first, fma(second, second, sum)) of pairs of bf16.
INLINE V v_dot_bf16(V sum, VI w, VI x) {
#if defined(CK_AVX512_BF16)
  return _mm512_dpbf16_ps(sum, (__m512bh)w, (__m512bh)x);
#else
  const VI high = _mm512_set1_epi32((int)0xFFFF0000);
  const V second = v_fma(
      _mm512_castsi512_ps(_mm512_and_si512(x, high)),
      _mm512_castsi512_ps(_mm512_and_si512(w, high)), sum);
  return v_fma(
      _mm512_castsi512_ps(_mm512_slli_epi32(x, 16)),
      _mm512_castsi512_ps(_mm512_slli_epi32(w, 16)), second);
#endif
}

#if defined(CK_AVX512_VNNI)
// Codes of activations are unsigned, 128 more than they are: the sum is 128 sum(w) too large.
#define CODE_OFFSET 128
INLINE VI vi_dot_int8(VI sum, VI w, VI x) { return _mm512_dpbusd_epi32(sum, x, w); }
#else
#define CODE_OFFSET 0
// Even and odd bytes as 16-bit numbers: products of two codes and their pairwise sums are exact.
INLINE VI vi_dot_int8(VI sum, VI w, VI x) {
  const VI even = _mm512_madd_epi16(
      _mm512_srai_epi16(_mm512_slli_epi16(w, 8), 8), _mm512_srai_epi16(_mm512_slli_epi16(x, 8), 8));
  const VI odd = _mm512_madd_epi16(_mm512_srai_epi16(w, 8), _mm512_srai_epi16(x, 8));
  return vi_add(vi_add(sum, even), odd);
}
#endif
