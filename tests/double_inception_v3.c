/* The gradient of a thin Inception v3 on the smallest images that it takes, in binary64, against central differences. */
#include <check.h>
#include <math.h>
#include <omp.h>

#include "grad/derivative.h"
#include "nn/inception_v3.h"
#include "suite.h"

enum { BATCH = 16, OUTPUTS = 4 };

typedef struct Setting {
    Tape *tape;
    Pass *pass;
    real *weights, *buffers, *x;
} Setting;

static const uint16_t labels[BATCH] = {3, 0, 1, 2, 0, 1, 3, 3, 2, 1, 0, 2, 1, 3, 0, 2};

static Var loss_of(const Setting *s, const Network *network) {
    Shape shape = network->input;
    shape.dim[shape.rank - 1] = BATCH;
    pass_begin(s->pass, s->tape, PASS_TRAIN, s->weights, s->buffers);
    s->pass->noise = (DropoutNoise){1, 0, 0, NULL};
    return inception_v3_loss(s->pass, pass_run(s->pass, tape_input(s->tape, shape, s->x)), labels, NULL);
}

/* A step so small that no rectifier and no maximum changes sides; what is left is rounding of the loss, 1e-15 over the step,
 * which normalisation by few values magnifies. */
START_TEST(gradient_equals_central_differences) {
    static const InceptionV3 settings = {.size = 75, .outputs = OUTPUTS, .dropout = 0.5, .thinner = 16};
    const double step = 1.0 / (1 << 27);
    Arena *arena = arena_create(0);
    omp_set_num_threads(1);
    const Network *network = inception_v3_create(&settings, arena);
    const size_t n = network->n_parameters, inputs = shape_count(network->input) * BATCH;
    const Setting s = {tape_create(), pass_create(network, arena), arena_alloc(arena, n, sizeof(real)),
                       arena_alloc(arena, network->n_buffers, sizeof(real)), arena_alloc(arena, inputs, sizeof(real))};
    Var *gradients = arena_alloc(arena, network->n_tensors, sizeof *gradients);
    real *gradient = arena_alloc(arena, n, sizeof *gradient);
    Mt19937 mt;
    size_t differ = 0; /* from 0: behind a dead rectifier it is right */
    mt19937_seed(&mt, 4);
    network_initialize(network, &mt, s.weights);
    network_initialize_buffers(network, s.buffers);
    for (size_t i = 0; i < inputs; i++) s.x[i] = numpy_randn(&mt);
    const Var loss = loss_of(&s, network);
    tape_gradient(s.tape, loss, network->n_tensors, s.pass->tensors, gradients);
    for (size_t t = 0; t < network->n_tensors; t++)
        for (size_t i = 0; i < shape_count(network->tensors[t].shape); i++)
            gradient[network->tensors[t].offset + i] = var_data(gradients[t])[i];
    for (size_t t = 0; t < network->n_tensors; t += 5) {
        const size_t count = shape_count(network->tensors[t].shape);
        const size_t at = network->tensors[t].offset + numpy_randint(&mt, (uint32_t)count);
        const real kept = s.weights[at];
        s.weights[at] = kept + step;
        const double above = var_scalar(loss_of(&s, network));
        s.weights[at] = kept - step;
        const double below = var_scalar(loss_of(&s, network)), slope = (above - below) / (2 * step);
        s.weights[at] = kept;
        ck_assert_msg(fabs(slope - gradient[at]) < 1e-6 * (1 + fabs(slope)),
                      "%s: gradient %.12g, difference quotient %.12g", network->tensors[t].name, gradient[at], slope);
        differ += slope != 0;
    }
    ck_assert_uint_gt(differ, 50);
    tape_destroy(s.tape);
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("Inception v3 in binary64");
    TCase *tests = tcase_create("gradient");
    tcase_add_test(tests, gradient_equals_central_differences);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
