/* What the two compilers must be told to keep an array of sums in vector registers.  None of it changes a chain. */
#ifndef SCALEDOWN_KERNELS_SIMD_H
#define SCALEDOWN_KERNELS_SIMD_H

/* Loops as short as one vector are unrolled to scalars before gcc would vectorise them, unless it is told. */
#define SIMD _Pragma("omp simd")

/* The loops around a vector of an array of sums, which stays in registers only when they are unrolled.  UNROLL_ALL:
 * both compilers must.  UNROLL: clang must, which wants every index to be a constant before it vectorises; gcc wants to
 * see the whole loop. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define UNROLL_ALL UNROLL
#else
#define UNROLL
#define UNROLL_ALL _Pragma("GCC unroll 16")
#endif

/* Before a loop that adds to such an array and runs at least once: no branch around it may meet the sums. */
#ifdef __GNUC__
#define ASSUME_POSITIVE(count)                                                                                         \
    if ((count) == 0) __builtin_unreachable()
#else
#define ASSUME_POSITIVE(count) (void)(count)
#endif

#endif
