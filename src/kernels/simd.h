/* What the two compilers must be told to keep an array of sums in vector registers.  None of it changes a chain. */
#ifndef SCALEDOWN_KERNELS_SIMD_H
#define SCALEDOWN_KERNELS_SIMD_H

/* Loops as short as one vector are unrolled to scalars before gcc would vectorise them, unless it is told. */
#define SIMD _Pragma("omp simd")

/* An array of sums stays in registers from its first value to its last when no branches meet on the way.  UNROLL_ALL:
 * the loops around a vector, which both compilers must unroll.  UNROLL: only clang must, which keeps an array in
 * registers only when every index is a constant before it vectorises; gcc wants to see the whole loop.  BEGIN_WHILE:
 * gcc must be told that a loop runs at least once, which is what keeps clang from it. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#define UNROLL_ALL UNROLL
#define BEGIN_WHILE(condition) while (condition)
#define END_WHILE(condition)
#else
#define UNROLL
#define UNROLL_ALL _Pragma("GCC unroll 16")
#define BEGIN_WHILE(condition) do
#define END_WHILE(condition)                                                                                           \
    while (condition)                                                                                                  \
        ;
#endif

#endif
