/* The rounds of Philox4x32-10 on four words, to be inlined in loops: nothing but 32-bit products and exclusive ors, so
 * that a loop over counters vectorises. */
#ifndef SCALEDOWN_RANDOM_PHILOX_ROUNDS_H
#define SCALEDOWN_RANDOM_PHILOX_ROUNDS_H

#include <stdint.h>

/* The factors, and what each round adds to the key. */
#define PHILOX_ROUNDS 10
#define PHILOX_M0 0xd2511f53u
#define PHILOX_M1 0xcd9e8d57u
#define PHILOX_W0 0x9e3779b9u
#define PHILOX_W1 0xbb67ae85u

/* The words are the counter before and the random bits after. */
static inline void philox_rounds(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t first = (uint64_t)*c0 * PHILOX_M0, second = (uint64_t)*c2 * PHILOX_M1;
        *c0 = (uint32_t)(second >> 32) ^ *c1 ^ k0;
        *c1 = (uint32_t)second;
        *c2 = (uint32_t)(first >> 32) ^ *c3 ^ k1;
        *c3 = (uint32_t)first;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
}

#endif
