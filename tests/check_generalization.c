/* Random labels and inputs: what is corrupted and how, whitening and crops, weight decay of some tensors, the method's
 * conditions and what it records; kernel machines and the network of Theorem 1, which interpolate; the factorisation behind
 * the former against its definition. */
#include <check.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/matrix64.h"
#include "data/image_rows.h"
#include "data/image_sets.h"
#include "data/image_transform.h"
#include "data/label_noise.h"
#include "data/perturbation.h"
#include "data/whitening.h"
#include "experiment_runs.h"
#include "files.h"
#include "nn/fit.h"
#include "nn/layers.h"
#include "suite.h"

static Arena *arena;

static void begin(void) {
    omp_set_num_threads(1);
    arena = arena_create(0);
}

static void end(void) {
    arena_destroy(arena);
}

/* ---- data ---- */

enum { N = 50, LENGTH = 40 };

static Philox stream(uint64_t number) {
    Philox draws;
    philox_seed(&draws, 3, number);
    return draws;
}

/* Where value i of each row came from: rows are 0, 1, 2 ... before; two channels, the second 100 more. */
static void shuffled_rows(int each, uint64_t number, float *rows) {
    const Philox draws = stream(number);
    for (size_t i = 0; i < N * 2 * LENGTH; i++) rows[i] = (float)(i % LENGTH + i / LENGTH % 2 * 100);
    perturb_by_shuffling(&draws, each, N, 2, LENGTH, rows);
}

START_TEST(shuffling_is_a_permutation_shared_as_said) {
    static float shared[N * 2 * LENGTH], each[N * 2 * LENGTH], again[N * 2 * LENGTH];
    shuffled_rows(0, 1, shared);
    shuffled_rows(1, 1, each);
    shuffled_rows(1, 1, again);
    ck_assert_mem_eq(each, again, sizeof each);
    size_t same = 0, moved = 0;
    for (size_t i = 0; i < N; i++) {
        int seen[LENGTH] = {0};
        const float *row = each + i * 2 * LENGTH;
        for (size_t j = 0; j < LENGTH; j++) seen[(int)row[j]]++;
        for (size_t j = 0; j < LENGTH; j++) ck_assert(seen[j] == 1 && row[LENGTH + j] == row[j] + 100);
        ck_assert_mem_eq(shared, shared + i * 2 * LENGTH, 2 * LENGTH * sizeof *shared);
        same += i > 0 && memcmp(row, each, LENGTH * sizeof *row) == 0;
        for (size_t j = 0; j < LENGTH; j++) moved += row[j] != (float)j;
    }
    ck_assert(same == 0 && moved > N * LENGTH * 9 / 10);
}
END_TEST

START_TEST(noise_has_its_moments) {
    static float rows[N * LENGTH], channels[N * LENGTH], same[N * LENGTH];
    const Philox draws = stream(2);
    double sum = 0, squares = 0;
    perturb_to_noise(&draws, &(Moments){1.5, 0.5}, N, 1, LENGTH, rows);
    for (size_t i = 0; i < N * LENGTH; i++) same[i] = (rows[i] - 1.5f) * (i / (LENGTH / 2) % 2 ? 4 : 2);
    perturb_to_noise(&draws, (Moments[]){{0, 1}, {0, 2}}, N, 2, LENGTH / 2, channels);
    for (size_t i = 0; i < N * LENGTH; i++) ck_assert_double_eq_tol((double)channels[i], (double)same[i], 1e-5);
    for (size_t i = 0; i < N * LENGTH; i++) sum += (double)rows[i];
    for (size_t i = 0; i < N * LENGTH; i++) squares += pow((double)rows[i] - 1.5, 2);
    ck_assert_double_eq_tol(sum / (N * LENGTH), 1.5, 4 * 0.5 / sqrt(N * LENGTH));
    ck_assert_double_eq_tol(squares / (N * LENGTH), 0.25, 4 * 0.25 * sqrt(2.0 / (N * LENGTH)));
}
END_TEST

/* A label is drawn from all classes, so that nine tenths of those drawn are wrong. */
START_TEST(nine_tenths_of_the_corruption_are_wrong_labels) {
    enum { LABELS = 4000 };
    static uint8_t labels[LABELS];
    for (int level = 1; level <= 10; level++) {
        const double p = level / 10.0, wrong = 0.9 * p;
        const Philox draws = stream(3);
        for (size_t i = 0; i < LABELS; i++) labels[i] = (uint8_t)(i % 10);
        const LabelNoise noise = label_noise_apply_philox(&draws, p, 10, LABELS, labels);
        ck_assert_double_le(fabs((double)noise.changed - wrong * LABELS), 3 * sqrt(LABELS * wrong * (1 - wrong)));
    }
}
END_TEST

START_TEST(whitening_is_by_the_row) {
    float rows[3 * LENGTH];
    for (size_t j = 0; j < LENGTH; j++) {
        rows[j] = (float)(j * j) / 7;
        rows[LENGTH + j] = 5; /* flat: what is divided by is 1/sqrt(LENGTH) */
        rows[2 * LENGTH + j] = j ? 0.0f : 0.01f;
    }
    whiten_rows(3, LENGTH, rows);
    double sum = 0, squares = 0;
    for (size_t j = 0; j < LENGTH; j++) sum += (double)rows[j], squares += pow((double)rows[j], 2);
    ck_assert(fabs(sum) < 1e-4 && fabs(squares / LENGTH - 1) < 1e-5);
    for (size_t j = 0; j < LENGTH; j++) ck_assert(rows[LENGTH + j] == 0);
    ck_assert_double_eq_tol((double)rows[2 * LENGTH], 0.01 * 39 / 40 * sqrt(40), 1e-7);
}
END_TEST

/* A signal that is 1 at one position alone shows where its crop begins: places -4 to 4, all of them. */
START_TEST(crops_are_windows_of_the_padded_signal) {
    const Augmentation crop = {4, 0, 0}, all = {4, 0.2, 0.05};
    float x[LENGTH] = {0}, out[LENGTH], other[LENGTH];
    size_t seen[9] = {0};
    x[20] = 1;
    for (uint64_t i = 0; i < 900; i++) {
        const Philox draws = stream(100 + i);
        size_t peak = 0;
        augment_signal(&crop, &draws, LENGTH, x, out);
        for (size_t j = 0; j < LENGTH; j++)
            if (out[j] > out[peak]) peak = j;
        ck_assert(peak >= 16 && peak <= 24);
        seen[peak - 16]++;
        augment_signal(&all, &draws, LENGTH, x, other);
        const double factor = (double)(other[peak] / out[peak]);
        ck_assert(factor > 0.7 && factor < 1.3 && factor != 1);
    }
    for (size_t i = 0; i < 9; i++) ck_assert(seen[i] > 60 && seen[i] < 140);
}
END_TEST

/* ---- images ---- */

enum { IMAGES = 12, CHANNELS = 2, HEIGHT = 8, WIDTH = 10, SIDE = 6, AREA = SIDE * SIDE };

/* Labels 0, 1, 2, 0, 1, 2 ...; a pixel is 10 row + column, in the second channel 100 more. */
static Images made_images(void) {
    uint8_t *pixels = arena_alloc(arena, IMAGES * CHANNELS * HEIGHT * WIDTH, 1);
    uint16_t *labels = arena_alloc(arena, IMAGES, sizeof *labels);
    for (size_t i = 0; i < IMAGES * CHANNELS * HEIGHT * WIDTH; i++)
        pixels[i] = (uint8_t)(i % (HEIGHT * WIDTH) + i / (HEIGHT * WIDTH) % CHANNELS * 100);
    for (size_t i = 0; i < IMAGES; i++) labels[i] = (uint16_t)(i % 3);
    return (Images){IMAGES, CHANNELS, HEIGHT, WIDTH, pixels, labels};
}

START_TEST(the_first_of_each_class_are_taken) {
    Images images = made_images();
    Error error;
    const size_t *numbers = images_first_of_classes(&images, 3, 6, arena, &error);
    for (size_t i = 0; i < 6; i++) ck_assert_uint_eq(numbers[i], i);
    images.labels = (const uint16_t[IMAGES]){0, 0, 0, 1, 1, 2, 2, 1, 1, 2, 2, 1};
    numbers = images_first_of_classes(&images, 3, 6, arena, &error);
    for (size_t i = 0; i < 6; i++) ck_assert_uint_eq(numbers[i], ((const size_t[]){0, 1, 3, 4, 5, 6})[i]);
    ck_assert_ptr_null(images_first_of_classes(&images, 3, 7, arena, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "no multiple of the 3 classes"));
    ck_assert_ptr_null(images_first_of_classes(&images, 3, IMAGES, arena, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "fewer than 4 images"));
}
END_TEST

START_TEST(crops_are_squares_of_the_image) {
    const Images images = made_images();
    float out[CHANNELS * AREA];
    size_t seen[(HEIGHT - SIDE + 1) * (WIDTH - SIDE + 1)] = {0};
    image_crop_middle(&images, 3, SIDE, out);
    for (size_t i = 0; i < CHANNELS * AREA; i++) {
        const size_t value = i / AREA * 100 + (i % AREA / SIDE + 1) * WIDTH + i % SIDE + 2;
        ck_assert(out[i] == (float)value / 255.0f);
    }
    for (uint64_t i = 0; i < 1500; i++) {
        const Philox draws = stream(i);
        image_crop_random(&images, &draws, 3, SIDE, out);
        const size_t first = (size_t)lround(255 * (double)out[0]);
        ck_assert(out[AREA + AREA - 1] == (float)(100 + first + (SIDE - 1) * (WIDTH + 1)) / 255.0f);
        ck_assert(first / WIDTH <= HEIGHT - SIDE && first % WIDTH <= WIDTH - SIDE);
        seen[first / WIDTH * (WIDTH - SIDE + 1) + first % WIDTH]++;
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) ck_assert(seen[i] > 60 && seen[i] < 140);
}
END_TEST

/* A pixel that came from row r and column c of the image reflected without its edges, by its value. */
START_TEST(moved_images_are_reflected_at_their_edges) {
    const Images images = made_images();
    float out[CHANNELS * HEIGHT * WIDTH];
    for (int down = -3; down <= 3; down++)
        for (int right = -9; right <= 9; right += 3)
            for (int mirrored = 0; mirrored < 2; mirrored++) {
                image_moved(&images, 5, down, right, mirrored, out);
                for (int i = 0; i < CHANNELS * HEIGHT * WIDTH; i++) {
                    int row = i / WIDTH % HEIGHT - down, column = i % WIDTH;
                    if (mirrored) column = WIDTH - 1 - column;
                    column -= right;
                    if (row < 0) row = -row;
                    if (row >= HEIGHT) row = 2 * HEIGHT - 2 - row;
                    if (column < 0) column = -column;
                    if (column >= WIDTH) column = 2 * WIDTH - 2 - column;
                    const int value = 100 * (i / (HEIGHT * WIDTH)) + row * WIDTH + column;
                    ck_assert(out[i] == (float)value / 255.0f);
                }
            }
}
END_TEST

/* That of the whole image, augmented. */
START_TEST(augmented_crops_are_middles) {
    enum { SIZE = 12, EDGE = 3 };
    uint8_t pixels[3 * SIZE * SIZE];
    float whole[3 * SIZE * SIZE], out[3 * AREA];
    for (size_t i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(i * 37 % 251);
    const Images images = {1, 3, SIZE, SIZE, pixels, NULL};
    for (uint64_t i = 0; i < 20; i++) {
        const Philox draws = stream(i);
        for (size_t j = 0; j < sizeof pixels; j++) whole[j] = (float)pixels[j] / 255.0f;
        image_augment(&draws, SIZE, whole);
        image_crop_augmented(&images, &draws, 0, SIDE, out);
        for (size_t j = 0; j < 3 * AREA; j++) {
            const size_t row = j / AREA * SIZE + EDGE + j % AREA / SIDE;
            ck_assert(out[j] == whole[row * SIZE + EDGE + j % SIDE]);
        }
    }
}
END_TEST

/* ---- weight decay of some tensors ---- */

static Var only_linear(Pass *p, const void *settings, Var x) {
    (void)settings;
    return linear(p, "fc", 2, x);
}

static int is_weight(const NetworkTensor *tensor) {
    return tensor->shape.rank > 1;
}

/* Inputs of 0: weights have no gradient but that of their decay, which is not for the bias. */
START_TEST(weight_decay_is_for_the_tensors_it_is_given) {
    const float rows[4] = {0};
    const uint16_t labels[2] = {0, 1};
    const LabelledSet set = {.example = shape_matrix(2, 1), .n = 2, .classes = 2, .rows = rows, .labels = labels};
    Learner *learner = learner_create(network_create("one", only_linear, NULL, set.example, arena), arena);
    for (int only_weights = 0; only_weights < 2; only_weights++) {
        for (size_t i = 0; i < 6; i++) learner->weights[i] = 1;
        fit(learner, &(Protocol){.train = &set,
                                 .batch = 2,
                                 .order = ORDER_SEQUENTIAL,
                                 .updates = 1,
                                 .decays = only_weights ? is_weight : NULL,
                                 .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.5, .weight_decay = 0.5}});
        for (size_t i = 0; i < 6; i++) ck_assert(learner->weights[i] == (i < 4 || !only_weights ? 0.75f : 1.0f));
    }
    learner_destroy(learner);
}
END_TEST

/* ---- the factorisation ---- */

/* Rows of a random matrix times their transpose, which is positive definite. */
static double *positive_definite(size_t n) {
    const Philox draws = stream(5);
    double *a = arena_alloc(arena, n * n, sizeof *a);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < 300; k++)
                sum += philox_normal(&draws, i * 300 + k) * philox_normal(&draws, j * 300 + k);
            a[i * n + j] = a[j * n + i] = sum;
        }
    return a;
}

static void check_factor(size_t n, const double *a, const double *l) {
    double *slow = arena_alloc(arena, n * n, sizeof *slow);
    memcpy(slow, a, n * n * sizeof *slow);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = slow[i * n + j];
            for (size_t k = 0; k < j; k++) sum = fma(-slow[i * n + k], slow[j * n + k], sum);
            slow[i * n + j] = i == j ? sqrt(sum) : sum / slow[j * n + j];
            ck_assert_msg(slow[i * n + j] == l[i * n + j], "%zu, %zu of %zu", i, j, n);
        }
}

START_TEST(the_factor_is_its_definition_on_any_number_of_threads) {
    static const size_t sizes[] = {1, 3, 64, 65, 67, 200};
    const size_t n = sizes[_i];
    const double *a = positive_definite(n);
    for (int threads = 1; threads <= 3; threads += 2) {
        double *l = arena_alloc(arena, n * n, sizeof *l);
        memcpy(l, a, n * n * sizeof *l);
        omp_set_num_threads(threads);
        ck_assert_uint_eq(cholesky_factor(n, l), 0);
        check_factor(n, a, l);
    }
}
END_TEST

START_TEST(the_solution_solves) {
    enum { SIZE = 130, COLUMNS = 3 };
    double *a = positive_definite(SIZE), *l = arena_alloc(arena, SIZE * SIZE, sizeof *l), x[SIZE * COLUMNS];
    memcpy(l, a, SIZE * SIZE * sizeof *l);
    ck_assert_uint_eq(cholesky_factor(SIZE, l), 0);
    for (size_t i = 0; i < SIZE * COLUMNS; i++) x[i] = (double)(i % 7);
    cholesky_solve(SIZE, COLUMNS, l, x);
    for (size_t i = 0; i < SIZE; i++)
        for (size_t c = 0; c < COLUMNS; c++) {
            double sum = 0;
            for (size_t k = 0; k < SIZE; k++) sum += a[i * SIZE + k] * x[k * COLUMNS + c];
            ck_assert_double_eq_tol(sum, (double)((i * COLUMNS + c) % 7), 1e-11);
        }
    for (size_t j = 0; j < SIZE; j++) a[100 * SIZE + j] = a[j * SIZE + 100] = a[j * SIZE + 99]; /* no longer definite */
    a[100 * SIZE + 100] = a[99 * SIZE + 99] / 2;
    ck_assert_uint_eq(cholesky_factor(SIZE, a), 101);
}
END_TEST

START_TEST(products_add_to_what_is_there) {
    enum { ROWS = 70, COLUMNS = 21, DEPTH = 9 };
    double a[ROWS * DEPTH], b[COLUMNS * DEPTH], c[ROWS * COLUMNS];
    for (size_t i = 0; i < ROWS * DEPTH; i++) a[i] = 1.0 / (double)(i + 3);
    for (size_t i = 0; i < COLUMNS * DEPTH; i++) b[i] = (double)(i % 5) - 1.7;
    for (size_t i = 0; i < ROWS * COLUMNS; i++) c[i] = (double)i;
    matrix64_add_product(&(Product64){-1, ROWS, COLUMNS, DEPTH, a, b, c, DEPTH, DEPTH, COLUMNS, 0});
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            double sum = (double)(i * COLUMNS + j);
            for (size_t k = 0; k < DEPTH; k++) sum = fma(-a[i * DEPTH + k], b[j * DEPTH + k], sum);
            ck_assert(c[i * COLUMNS + j] == sum);
        }
}
END_TEST

/* ---- the methods ---- */

/* An MLP on 200 signals fits them and random labels; with random ones it knows nothing of the test set.  After the loss is
 * low the curve stays. */
START_TEST(true_and_random_labels_are_fitted) {
    const CsvTable results = run_experiment(
        "inputs",
        "--rows=1 --inputs=true --seeds=1 --network=mlp-1x512 --learning-rate=0.05 --batch=20 --epochs=150 "
        "--train-examples=200 --until-loss=0.05 --fresh-examples=0 --follow=usual "
        "--label-corruption=0,1",
        arena);
    static const char *const cells[2] = {"label-corruption=0", "label-corruption=1"};
    double epochs[2];
    for (int i = 0; i < 2; i++) {
        epochs[i] = measured(&results, cells[i], "train_epochs_to_fit", "");
        ck_assert_double_ge(measured(&results, cells[i], "final_train_accuracy", ""), 99);
        ck_assert_double_eq(measured(&results, cells[i], "train_epochs", ""), epochs[i]);
        ck_assert_double_le(measured(&results, cells[i], "train_loss", "150"), 0.05);
        ck_assert_double_eq(measured(&results, cells[i], "train_loss", "150"),
                            measured(&results, cells[i], "final_train_loss", ""));
    }
    ck_assert_double_gt(epochs[1], epochs[0]);
    ck_assert_double_gt(measured(&results, cells[0], "final_test_accuracy", ""), 20);
    ck_assert_double_lt(measured(&results, cells[1], "final_test_accuracy", ""), 16);
}
END_TEST

static CsvTable first_epoch(const char *options) {
    const char *all = arena_format(arena,
                                   "--rows=1 --seeds=1 --network=mlp-1x512 --learning-rate=0.01 --epochs=1 "
                                   "--train-examples=256 --fresh-examples=0 %s",
                                   options);
    return run_experiment("inputs", all, arena);
}

/* Each condition of the inputs is another run, whose first epoch begins near ln 10; so is each augmentation. */
START_TEST(conditions_of_the_inputs_differ) {
    static const char *const names[] = {"inputs=true",       "inputs=shuffled",   "inputs=random",   "inputs=gaussian",
                                        "augmentation=none", "augmentation=crop", "augmentation=all"};
    const CsvTable inputs = first_epoch(""), augmented = first_epoch("--inputs=true --augmentation=none,crop,all");
    double losses[7];
    for (size_t i = 0; i < 7; i++) {
        losses[i] = measured(i < 4 ? &inputs : &augmented, names[i], "train_loss", "1");
        ck_assert_msg(losses[i] > 2 && losses[i] < 3, "%s: %g", names[i], losses[i]);
        for (size_t j = 0; j < i; j++) ck_assert((losses[i] == losses[j]) == (j == 0 && i == 4));
    }
}
END_TEST

START_TEST(parts_by_label_make_the_whole) {
    const CsvTable results = run_experiment("inputs",
                                            "--rows=1 --inputs=true --label-corruption=0.5 --seeds=1 "
                                            "--network=mlp-1x512 --learning-rate=0.05 --batch=20 --epochs=3 "
                                            "--train-examples=400 --fresh-examples=0 --follow=corrupted,top3",
                                            arena);
    const double kept = measured(&results, "follow=corrupted", "true_train_accuracy", "3");
    const double wrong = measured(&results, "follow=corrupted", "corrupted_train_accuracy", "3");
    ck_assert(kept > wrong && kept <= 100 && wrong >= 0);
    ck_assert_double_gt(measured(&results, "follow=top3", "train_top3_accuracy", "3"),
                        measured(&results, "follow=top3", "train_accuracy", "3"));
    ck_assert_double_ge(measured(&results, "follow=top3", "test_top3_accuracy", "3"),
                        measured(&results, "follow=top3", "test_accuracy", "3"));
}
END_TEST

/* Noise with labels that tell nothing is fitted, and nothing is known of other noise. */
START_TEST(noise_is_fitted) {
    const CsvTable results = run_experiment("inputs",
                                            "--rows=1 --inputs=true --seeds=1 --data=noise --network=mlp-1x512 "
                                            "--learning-rate=0.01 --batch=20 --epochs=10 --train-examples=100 "
                                            "--epoch-test-examples=50",
                                            arena);
    ck_assert_double_eq(measured(&results, "", "parameters", ""), 407050);
    ck_assert_double_eq(measured(&results, "", "final_plain_train_accuracy", ""), 100);
    ck_assert_double_eq_tol(measured(&results, "", "final_test_accuracy", ""), 10, 2);
}
END_TEST

/* At its first update, or in the middle of an epoch. */
START_TEST(a_killed_cell_goes_on_with_the_same_bits) {
    check_killed_run("order",
                     "--seeds=1 --threads=1 --train-examples=500 --epochs=12 --epoch-test-examples=100 "
                     "--fresh-examples=100",
                     (Killing)_i);
}
END_TEST

/* Every way to have images is another run. */
START_TEST(ways_to_have_images_differ) {
    static const char *const options[] = {"--data=mnist --inputs=true,shuffled,random,gaussian",
                                          "--data=mnist --inputs=true --scale=standardised,centred",
                                          "--data=cifar-10 --inputs=true --augmentation=none,crop,all"};
    static const char *const cells[] = {"inputs=true",       "inputs=shuffled",    "inputs=random",
                                        "inputs=gaussian",   "scale=standardised", "scale=centred",
                                        "augmentation=none", "augmentation=crop",  "augmentation=all"};
    enum { WAYS = sizeof cells / sizeof *cells };
    const char *folder = getenv("SCALEDOWN_DATA");
    double losses[WAYS];
    CsvTable results;
    Error error;
    image_sets_folder(folder ? folder : "data");
    if (image_set_check("mnist", &error) || image_set_check("cifar-10", &error)) {
        printf("check_generalization: images are not tested: %s\n", error.text);
        return;
    }
    for (size_t i = 0; i < WAYS; i++) {
        if (i == 0 || i == 4 || i == 6) {
            const char *rest = "--rows=1 --seeds=1 --network=mlp-1x512 --learning-rate=0.01 --epochs=1 "
                               "--train-examples=500 --test-examples=100";
            results = run_experiment("inputs", arena_format(arena, "%s %s", rest, options[i / 3]), arena);
        }
        losses[i] = measured(&results, cells[i], "train_loss", "1");
        ck_assert_msg(losses[i] > 1 && losses[i] < 3.5, "%s: %g", cells[i], losses[i]);
        for (size_t j = 0; j < i; j++) ck_assert(losses[i] != losses[j]);
    }
}
END_TEST

START_TEST(kernel_machines_reproduce_their_labels) {
    const CsvTable results = run_experiment(
        "kernels",
        "--seeds=1 --train-examples=200 --fresh-examples=100 --gamma=0.05 --label-corruption=0,1 --ridge=0,1 "
        "--features=raw,filters --filters=300",
        arena);
    static const char *const kinds[] = {"features=raw", "features=filters"};
    for (int i = 0; i < 2; i++)
        for (int random = 0; random < 2; random++) {
            const char *rest = i ? " filters=300" : " gamma=0.05";
            const char *cell = arena_format(arena, "%s%s ridge=0 label-corruption=%d", kinds[i], rest, random);
            ck_assert_double_le(measured(&results, cell, "largest_train_residual", ""), 1e-8);
            ck_assert_double_eq(measured(&results, cell, "train_error", ""), 0);
            ck_assert(random ? measured(&results, cell, "test_error", "") > 80
                             : measured(&results, cell, "test_error", "") < 80);
            const char *damped = arena_format(arena, "%s%s ridge=1 label-corruption=%d", kinds[i], rest, random);
            ck_assert_double_gt(measured(&results, damped, "largest_train_residual", ""), 1e-3);
            ck_assert_double_lt(measured(&results, damped, "train_norm", ""),
                                measured(&results, cell, "train_norm", ""));
        }
}
END_TEST

START_TEST(two_n_plus_d_weights_fit_n_labels) {
    const CsvTable results =
        run_experiment("finite-sample", "--seeds=1 --examples=1,50,2000 --fresh-examples=0", arena);
    ck_assert_double_eq(measured(&results, "examples=1", "weights", ""), 42);
    ck_assert_double_eq(measured(&results, "examples=2000", "weights", ""), 4040);
    ck_assert_double_le(measured(&results, "examples=50", "largest_train_residual", ""), 1e-10);
    ck_assert_double_le(measured(&results, "examples=2000", "largest_train_residual", ""), 1e-8);
    ck_assert_double_eq(measured(&results, "examples=2000", "train_error", ""), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("generalization");
    TCase *tests = tcase_create("parts"), *methods_ = tcase_create("methods");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, shuffling_is_a_permutation_shared_as_said);
    tcase_add_test(tests, noise_has_its_moments);
    tcase_add_test(tests, nine_tenths_of_the_corruption_are_wrong_labels);
    tcase_add_test(tests, whitening_is_by_the_row);
    tcase_add_test(tests, crops_are_windows_of_the_padded_signal);
    tcase_add_test(tests, the_first_of_each_class_are_taken);
    tcase_add_test(tests, crops_are_squares_of_the_image);
    tcase_add_test(tests, moved_images_are_reflected_at_their_edges);
    tcase_add_test(tests, augmented_crops_are_middles);
    tcase_add_test(tests, weight_decay_is_for_the_tensors_it_is_given);
    tcase_add_loop_test(tests, the_factor_is_its_definition_on_any_number_of_threads, 0, 6);
    tcase_add_test(tests, the_solution_solves);
    tcase_add_test(tests, products_add_to_what_is_there);
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(methods_, begin, end);
    tcase_set_timeout(methods_, 60);
    tcase_add_test(methods_, true_and_random_labels_are_fitted);
    tcase_add_test(methods_, conditions_of_the_inputs_differ);
    tcase_add_test(methods_, parts_by_label_make_the_whole);
    tcase_add_test(methods_, noise_is_fitted);
    tcase_add_loop_test(methods_, a_killed_cell_goes_on_with_the_same_bits, 0, 3);
    tcase_add_test(methods_, ways_to_have_images_differ);
    tcase_add_test(methods_, kernel_machines_reproduce_their_labels);
    tcase_add_test(methods_, two_n_plus_d_weights_fit_n_labels);
    suite_add_tcase(suite, methods_);
    return run_suite(suite);
}
