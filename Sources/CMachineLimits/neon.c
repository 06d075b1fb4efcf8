// arm64, with the dot products where the processor has them.
#include "loops.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
static int has_dot(void) { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
static int has_bf16(void) {
#ifdef HWCAP2_BF16
  return (getauxval(AT_HWCAP2) & HWCAP2_BF16) != 0;
#else
  return 0;
#endif
}
#else
static int has_dot(void) { return 1; }
static int has_bf16(void) { return 0; }
#endif

#define DOT __attribute__((target("dotprod")))
#define BF16 __attribute__((target("bf16")))
#define KEEP(value) __asm__ volatile("" ::"w"(value))
#define HIDE(value) __asm__ volatile("" : "+w"(value))
#define START_F(i) float32x4_t c##i = vdupq_n_f32(i);
#define STEP_F(i) c##i = vfmaq_f32(a, c##i, m);
#define START_I(i) int32x4_t c##i = vdupq_n_s32(i);
#define STEP_I(i) c##i = vdotq_s32(c##i, m, a);
#define STEP_B(i) c##i = vbfdotq_f32(c##i, m, a);

#define FLOATS float32x4_t m = vdupq_n_f32(.5f), a = vdupq_n_f32(1);
#define CODES int8x16_t m = vdupq_n_s8(3), a = vdupq_n_s8(1);
#define BRAIN_FLOATS                                            \
  bfloat16x8_t m = vreinterpretq_bf16_u16(vdupq_n_u16(0x3f00)); \
  bfloat16x8_t a = vreinterpretq_bf16_u16(vdupq_n_u16(0x3f80));
ML_COMPUTE_3(fma, 12, 16, 20, , START_F, STEP_F, 8.0, FLOATS)
ML_COMPUTE_3(dot, 12, 16, 20, DOT, START_I, STEP_I, 32.0, CODES)
ML_COMPUTE_3(bf16, 12, 16, 20, BF16, START_F, STEP_B, 16.0, BRAIN_FLOATS)

static const ml_loop plain[] = {ML_ROWS_3("neon", ml_f32_fma, fma, 12, 16, 20)};
static const ml_loop dots[] = {ML_ROWS_3("dot", ml_int8_dot, dot, 12, 16, 20)};
static const ml_loop brains[] = {ML_ROWS_3("bf16", ml_bf16_dot, bf16, 12, 16, 20)};

void ml_add_neon(ml_list *list) {
  ml_add(list, plain, ML_COUNT(plain));
  if (has_dot()) ml_add(list, dots, ML_COUNT(dots));
  if (has_bf16()) ml_add(list, brains, ML_COUNT(brains));
}
#else
void ml_add_neon(ml_list *list) { (void)list; }
#endif
