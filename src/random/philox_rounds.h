/* The rounds of Philox4x32-10 on four words, to be inlined in loops: nothing but 32-bit products and exclusive ors, so
 * that a loop over counters vectorises. */
#ifndef SCALEDOWN_RANDOM_PHILOX_ROUNDS_H
#define SCALEDOWN_RANDOM_PHILOX_ROUNDS_H

#include <stdint.h>

/* The words are the counter before and the random bits after. */
static inline void philox_rounds(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t first = (uint64_t)*c0 * 0xd2511f53u, second = (uint64_t)*c2 * 0xcd9e8d57u;
        *c0 = (uint32_t)(second >> 32) ^ *c1 ^ k0;
        *c1 = (uint32_t)second;
        *c2 = (uint32_t)(first >> 32) ^ *c3 ^ k1;
        *c3 = (uint32_t)first;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
}

#endif
