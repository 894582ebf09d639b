/* The binary32 functions over all 2^32 inputs, against libm's binary64 functions. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "exact/exact_float.h"
#include "exact_reference.h"
#include "suite.h"

enum { BLOCKS = 1 << 12 };
static double worst_of_block[BLOCKS];
static uint32_t where_of_block[BLOCKS];

static void sweep_block(const FloatFunction *function, uint32_t block) {
    uint32_t size = (uint32_t)((1ull << 32) / BLOCKS);
    worst_of_block[block] = 0.0;
    where_of_block[block] = block * size;
    for (uint32_t i = 0; i < size; i++) {
        float x = exact_float_of_bits(block * size + i);
        double error = ulp_error(function->ours(x), function->reference((double)x));
        if (error > worst_of_block[block]) {
            worst_of_block[block] = error;
            where_of_block[block] = block * size + i;
        }
    }
}

START_TEST(all_inputs) {
    const FloatFunction *function = &float_functions[_i];
#pragma omp parallel for schedule(dynamic)
    for (int block = 0; block < BLOCKS; block++) sweep_block(function, (uint32_t)block);
    int worst = 0;
    for (int block = 1; block < BLOCKS; block++)
        if (worst_of_block[block] > worst_of_block[worst]) worst = block;
    printf("%s: %.4f ulp at %a\n", function->name, worst_of_block[worst],
           (double)exact_float_of_bits(where_of_block[worst]));
    ck_assert_double_le(worst_of_block[worst], function->bound);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("exact, all inputs");
    TCase *tcase = tcase_create("sweep");
    tcase_set_timeout(tcase, 0);
    tcase_add_loop_test(tcase, all_inputs, 0, FLOAT_FUNCTIONS);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
