/* How the tests made with Check end. */
#ifndef SCALEDOWN_TESTS_SUITE_H
#define SCALEDOWN_TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

#include "kernels/threads.h"

/* In tests kernels use threads for products that are too small for it elsewhere. */
enum { THREADS_PAY_FROM = 1 << 20 };

/* Run all tests of the suite, print the counts, and return what main returns. */
static inline int run_suite(Suite *suite) {
    threads_pay_from(THREADS_PAY_FROM);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
