/* Random numbers.  Three families, one header:
 *  - MT19937 (Matsumoto & Nishimura 1998), the engine of NumPy's legacy generator and of PyTorch's CPU one;
 *  - numpy_*: draws as numpy.random.RandomState makes them;  torch_*: draws as PyTorch makes them on the CPU;
 *    python_*: draws as Python's random module makes them;
 *  - philox_*: Philox4x32-10 (Salmon et al. 2011), counter-based, for everything new: a value is addressed by
 *    (seed, stream, index), never by how many draws came before. */
#ifndef SCALEDOWN_RANDOM_RANDOM_H
#define SCALEDOWN_RANDOM_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct Mt19937 {
    uint32_t state[624];
    int next;       /* index of the next word */
    int has_cached; /* normal numbers come in pairs: the second is kept for the next call */
    double cached;
} Mt19937;

void mt19937_seed(Mt19937 *mt, uint32_t seed); /* init_genrand: np.random.seed(s), torch.manual_seed(s) */
uint32_t mt19937_next(Mt19937 *mt);
uint64_t mt19937_next64(Mt19937 *mt); /* torch's order of the two words */

double numpy_rand(Mt19937 *mt);                  /* [0,1), 53 bits */
double numpy_randn(Mt19937 *mt);                 /* polar Box-Muller, one cached */
uint32_t numpy_randint(Mt19937 *mt, uint32_t n); /* [0,n), masked rejection, n >= 1; also choice(n) */
void numpy_permutation(Mt19937 *mt, size_t n, size_t *permutation); /* of 0..n-1 */

void python_seed(Mt19937 *mt, uint32_t seed); /* init_by_array of one word: random.seed(s) */
double python_random(Mt19937 *mt);            /* random.random(), [0,1), 53 bits */

float torch_rand(Mt19937 *mt);                                                      /* [0,1), 24 bits */
void torch_uniform(Mt19937 *mt, double low, double high, size_t count, float *out); /* tensor.uniform_(low, high) */
/* tensor.normal_(mean, sd): the same draws as PyTorch; values within a few last places (its vector log, sin and cos are
 * approximations), and equal below 16 values, where it computes in double. */
void torch_normal(Mt19937 *mt, double mean, double sd, size_t count, float *out);
void torch_randperm(Mt19937 *mt, size_t n, size_t *permutation);
/* DataLoader(shuffle=True): the permutation of the next epoch; consumes the two int64 draws of the global
 * stream (base seed, sampler seed) that an epoch costs. */
void torch_shuffle_epoch(Mt19937 *mt, size_t n, size_t *permutation);

/* Value number index of a stream of a seed; all three are free, and no value depends on another. */
typedef struct Philox {
    uint32_t key[2];
    uint32_t stream[2];
} Philox;
void philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]); /* the raw function */
void philox_seed(Philox *philox, uint64_t seed, uint64_t stream);
uint32_t philox_u32(const Philox *philox, uint64_t index);
double philox_uniform(const Philox *philox, uint64_t index);             /* [0,1) */
double philox_normal(const Philox *philox, uint64_t index);              /* Box-Muller on exact_* */
uint32_t philox_below(const Philox *philox, uint64_t index, uint32_t n); /* [0,n) by multiply-high of 64 bits */

#endif
