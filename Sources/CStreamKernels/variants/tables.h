// The tables of kernels, one a variant.
#include "CStreamKernels.h"

#define INLINE static inline __attribute__((always_inline))

extern const ck_kernels ck_portable;
#if defined(__x86_64__)
extern const ck_kernels ck_avx2;
extern const ck_kernels ck_avx512;
extern const ck_kernels ck_avx512_vnni;
extern const ck_kernels ck_avx512_bf16;
int ck_avx512_bf16_pays(void);
#elif defined(__aarch64__)
extern const ck_kernels ck_neon;
extern const ck_kernels ck_neon_dot;
#endif
