/* Inception v3 and its way from a folder of JPEG files to a trained network: counts to the unit, images as sets, training that
 * goes on from where it was, checkpoints. */
#include <check.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/checkpoint.h"
#include "command/train_images.h"
#include "data/image_transform.h"
#include "data/jpeg.h"
#include "made_files.h"
#include "nn/image_folder_set.h"
#include "nn/inception_v3.h"
#include "sandbox.h"
#include "suite.h"

static void begin(void) {
    omp_set_num_threads(1); /* the networks are small */
    sandbox_begin();
}

/* ---- counts ---- */

static const InceptionV3 without_head = {.size = 299, .outputs = 1000, .thinner = 1},
                         least = {.size = 75, .outputs = 1000, .thinner = 1};

START_TEST(counts_are_the_published_ones) {
    static const struct {
        const InceptionV3 *settings;
        size_t parameters, multiply_adds, outputs;
    } rows[] = {{&inception_v3_published, 27161264, 5718899296, 2000},
                {&without_head, 23834568, 5718899296 - 5683200, 1000},
                {&least, 23834568, 203525728, 1000}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Network *network = inception_v3_create(rows[i].settings, arena);
        ck_assert_uint_eq(network->n_parameters, rows[i].parameters);
        ck_assert_uint_eq(network_multiply_adds(network), rows[i].multiply_adds);
        ck_assert(shape_equal(network->output, shape_matrix(rows[i].outputs, 1)));
    }
}
END_TEST

/* Layers whose names begin so, and the output of the last one with what has no name behind it up to a concatenation. */
static void check_part(const Network *network, const char *name, size_t parameters, size_t multiply_adds,
                       Shape output) {
    size_t sum = 0, products = 0, last = 0;
    for (size_t i = 0; i < network->n_layers; i++)
        if (!strncmp(network->layers[i].name, name, strlen(name))) {
            sum += network->layers[i].parameters;
            products += network->layers[i].multiply_adds;
            last = i;
        }
    while (strncmp(network->layers[last].kind, "concatenation", 13) != 0 && !*network->layers[last + 1].name) last++;
    ck_assert_msg(sum == parameters && products == multiply_adds, "%s: %zu parameters, %zu multiply-adds", name, sum,
                  products);
    ck_assert_msg(shape_equal(network->layers[last].output, output), "%s", name);
}

START_TEST(parts_are_the_published_ones) {
    const Network *network = inception_v3_create(&inception_v3_published, arena);
    check_part(network, "Conv2d_1a", 928, 19181664, shape_image(32, 149, 149, 1));
    check_part(network, "Conv2d_2b", 18560, 398297088, shape_image(64, 73, 73, 1));
    check_part(network, "Conv2d_4a", 138624, 696867840, shape_image(192, 35, 35, 1));
    check_part(network, "Mixed_5b", 255904, 312345600, shape_image(256, 35, 35, 1));
    check_part(network, "Mixed_5c", 277472, 338688000, shape_image(288, 35, 35, 1));
    check_part(network, "Mixed_6a", 1153280, 401937408, shape_image(768, 17, 17, 1));
    check_part(network, "Mixed_6b", 1297408, 374063104, shape_image(768, 17, 17, 1));
    check_part(network, "Mixed_6d", 1691008, 487702528, shape_image(768, 17, 17, 1));
    check_part(network, "Mixed_6e", 2141952, 617914368, shape_image(768, 17, 17, 1));
    check_part(network, "AuxLogits", 3326696, 5683200, shape_matrix(1000, 1));
    check_part(network, "Mixed_7a", 1698304, 291004416, shape_image(1280, 8, 8, 1));
    check_part(network, "Mixed_7b", 5044608, 322437120, shape_image(2048, 8, 8, 1));
    check_part(network, "Mixed_7c", 6076800, 388497408, shape_image(2048, 8, 8, 1));
    check_part(inception_v3_create(&least, arena), "Mixed_7c", 6076800, 6076800 - 2 * 3264, shape_image(2048, 1, 1, 1));
}
END_TEST

/* ---- training ---- */

#ifdef HAVE_JPEG
enum { CLASSES = 4, OF_CLASS = 8, N = CLASSES * OF_CLASS, SIDE = 24, TOP = 2 };
static const InceptionV3 thin = {.size = 75, .outputs = CLASSES, .dropout = 0.5, .thinner = 16},
                         less_thin = {.size = 75, .outputs = CLASSES, .thinner = 8};

/* Noise of blocks: nothing but memory tells the classes apart. */
static ImageFolder made_folder(void) {
    ColourImage image = {SIDE, SIDE, arena_alloc(arena, SIDE * SIDE, 3)};
    ImageFolder listed;
    for (int i = 0; i < N; i++) {
        const char *folder_of = in_folder(arena_format(arena, "tree/%d", i % CLASSES));
        unsigned char blocks[16 * 3];
        for (size_t b = 0; b < sizeof blocks; b++) blocks[b] = (unsigned char)next_random();
        for (size_t j = 0; j < SIDE * SIDE; j++)
            for (size_t c = 0; c < 3; c++) image.pixels[3 * j + c] = blocks[3 * (j / SIDE / 6 * 4 + j % SIDE / 6) + c];
        ck_assert_int_eq(directory_create(folder_of, &error), 0);
        ck_assert_int_eq(
            jpeg_write(path_join(arena, folder_of, arena_format(arena, "%02d.jpeg", i)), &image, 90, &error), 0);
    }
    ck_assert_msg(image_folder_list(in_folder("tree"), arena, &listed, &error) == 0, "%s", error.text);
    ck_assert(listed.n == N && listed.classes == CLASSES);
    return listed;
}

static real *minibatch(const LabelledSet *set, size_t n, const uint32_t *numbers, uint32_t step) {
    real *x = arena_alloc(arena, n * shape_count(set->example), sizeof *x);
    set->transform(set, n, &(DropoutNoise){.seed = 7, .step = step, .example = numbers}, x);
    return x;
}

/* Column b of n. */
static int same_image(const LabelledSet *set, const real *x, size_t n, size_t b, const real *y, size_t m, size_t k) {
    for (size_t i = 0; i < shape_count(set->example); i++)
        if (x[i * n + b] != y[i * m + k]) return 0;
    return 1;
}

/* An image is a function of epoch and number, whatever else is in the minibatch, for any number of threads. */
START_TEST(images_are_functions_of_epoch_and_number) {
    static const uint32_t numbers[] = {5, 0, 31}, alone[] = {31};
    const ImageFolder listed = made_folder();
    Error fault = {""};
    const FolderImages plain = {&listed, 75, 0, &fault}, augmented = {&listed, 75, 4, &fault};
    const LabelledSet set = set_of_image_folder(&plain, CLASSES), varied = set_of_image_folder(&augmented, CLASSES);
    ColourImage image;
    real *expected = arena_alloc(arena, shape_count(set.example), sizeof *expected);
    ck_assert_int_eq(jpeg_read(listed.paths[31], JPEG_MOST_PIXELS, 0, arena, &image, &error), 0);
    image_resize(&image, 75, expected);
    image_normalize(75, imagenet_mean, imagenet_deviation, expected);
    const real *x = minibatch(&set, 3, numbers, 0), *y = minibatch(&varied, 3, numbers, 4);
    ck_assert(same_image(&set, x, 3, 2, expected, 1, 0));
    omp_set_num_threads(3);
    ck_assert(same_image(&set, minibatch(&set, 1, alone, 9), 1, 0, x, 3, 2));
    ck_assert(same_image(&set, minibatch(&varied, 1, alone, 7), 1, 0, y, 3, 2));  /* of the same epoch */
    ck_assert(!same_image(&set, minibatch(&varied, 1, alone, 8), 1, 0, y, 3, 2)); /* of the next one */
    ck_assert_str_eq(fault.text, "");
}
END_TEST

START_TEST(the_first_bad_image_is_named) {
    static const uint32_t numbers[] = {3, 9, 1};
    const ImageFolder listed = made_folder();
    Error fault = {""};
    const FolderImages images = {&listed, 75, 0, &fault};
    const LabelledSet set = set_of_image_folder(&images, CLASSES);
    ck_assert_int_eq(file_write(listed.paths[9], "cut", 3, &error), 0);
    ck_assert_int_eq(file_write(listed.paths[1], "cut", 3, &error), 0);
    const real *x = minibatch(&set, 3, numbers, 0);
    ck_assert_ptr_nonnull(strstr(fault.text, listed.paths[9]));
    for (size_t i = 0; i < shape_count(set.example); i++) ck_assert(x[3 * i + 1] == 0 && x[3 * i + 2] == 0);
    minibatch(&set, 1, numbers + 2, 0);
    ck_assert_ptr_nonnull(strstr(fault.text, listed.paths[9])); /* still */
}
END_TEST

typedef struct Run {
    Learner *learner;
    Protocol protocol;
    Mt19937 torch;
    size_t stop; /* after so many updates the state is kept; 0: never */
    FitState state;
    Evaluation epoch;
    size_t among;
} Run;

static int after_update(Learner *learner, const Progress *progress, void *context) {
    Run *run = context;
    const size_t n = learner->network->n_parameters;
    run->epoch = progress->epoch;
    run->among = progress->among;
    if (progress->updates != run->stop) return 0;
    run->state =
        (FitState){progress->updates, progress->sums, progress->among, arena_alloc(arena, n, sizeof(real)), NULL};
    memcpy(run->state.m, progress->optimizer->m, n * sizeof(real));
    return 1;
}

static Run *run_on(const InceptionV3 *network, const LabelledSet *set, size_t updates) {
    Run *run = arena_alloc_zero(arena, 1, sizeof *run);
    run->learner = learner_create(inception_v3_create(network, arena), arena);
    mt19937_seed(&run->torch, 3);
    network_initialize(run->learner->network, &run->torch, run->learner->weights);
    run->protocol = (Protocol){.train = set,
                               .batch = 12,
                               .order = ORDER_SHUFFLED,
                               .stream = &run->torch,
                               .updates = updates,
                               .top = TOP,
                               .optimizer = {.kind = OPTIMIZER_SGD, .learning_rate = 0.01, .momentum = 0.9},
                               .noise_seed = 3,
                               .loss = inception_v3_loss,
                               .after_update = after_update,
                               .context = run};
    return run;
}

static void check_same(const Run *a, const Run *b) {
    const Network *network = a->learner->network;
    ck_assert_mem_eq(a->learner->weights, b->learner->weights, network->n_parameters * sizeof(real));
    ck_assert_mem_eq(a->learner->buffers, b->learner->buffers, network->n_buffers * sizeof(real));
    ck_assert(a->epoch.loss == b->epoch.loss && a->epoch.correct == b->epoch.correct && a->among == b->among);
}

/* In the middle of an epoch of three updates, and at its end; augmentation, dropout, momentum and running statistics go on. */
START_TEST(training_goes_on_as_if_without_a_break) {
    const ImageFolder listed = made_folder();
    Error fault = {""};
    const FolderImages images = {&listed, 75, 3, &fault};
    const LabelledSet set = set_of_image_folder(&images, CLASSES);
    Run *whole = run_on(&thin, &set, 7), *part = run_on(&thin, &set, 7), *rest = run_on(&thin, &set, 7),
        *other = run_on(&thin, &set, 7);
    const char *path = in_folder("checkpoint");
    fit(whole->learner, &whole->protocol);
    part->stop = (size_t)_i;
    fit(part->learner, &part->protocol);
    ck_assert_uint_eq(part->state.updates, (size_t)_i);
    ck_assert_msg(checkpoint_write(path, "seed,3\n", part->learner, &part->state, &error) == 0, "%s", error.text);
    FitState state = {.m = arena_alloc(arena, rest->learner->network->n_parameters, sizeof(real))};
    ck_assert_msg(checkpoint_read(path, "seed,3\n", rest->learner, &state, &error) == 0, "%s", error.text);
    rest->protocol.from = &state;
    fit(rest->learner, &rest->protocol);
    check_same(whole, rest);
    ck_assert_int_ne(memcmp(part->learner->weights, whole->learner->weights, sizeof(real) * 100), 0);
    /* Without the moments it is another training. */
    memset(state.m, 0, rest->learner->network->n_parameters * sizeof(real));
    ck_assert_int_eq(checkpoint_read(path, "seed,3\n", other->learner, &(FitState){.m = part->state.m}, &error), 0);
    other->protocol.from = &state;
    fit(other->learner, &other->protocol);
    ck_assert_int_ne(memcmp(other->learner->weights, whole->learner->weights, sizeof(real) * 100), 0);
    Run *const all[] = {whole, part, rest, other};
    for (int i = 0; i < 4; i++) learner_destroy(all[i]->learner);
}
END_TEST

/* 32 images of noise, whose labels can only be learned by heart.  Running statistics lag behind weights that move: with a rate
 * of next to nothing they settle, and the trained network has the labels in evaluation mode, too.  What it evaluates to does
 * not depend on the size of blocks. */
START_TEST(images_are_learned_by_heart) {
    enum { UPDATES = 40, SETTLING = 30 };
    const ImageFolder listed = made_folder();
    Error fault = {""};
    const FolderImages images = {&listed, 75, 0, &fault};
    const LabelledSet set = set_of_image_folder(&images, CLASSES);
    Run *run = run_on(&less_thin, &set, UPDATES);
    size_t among, again;
    run->protocol.batch = N;
    fit(run->learner, &run->protocol);
    ck_assert_msg(run->epoch.correct == N && run->among == N, "%zu of %d images, loss %g", run->epoch.correct, N,
                  run->epoch.loss);
    run->protocol.updates = SETTLING;
    run->protocol.optimizer.learning_rate = 1e-12;
    fit(run->learner, &run->protocol);
    const Evaluation usual = learner_evaluate_top(run->learner, &set, TOP, &among);
    ck_assert_msg(usual.correct == N && among == N, "%zu of %d images, loss %g", usual.correct, N, usual.loss);
    run->learner->block_size = 5;
    const Evaluation others = learner_evaluate_top(run->learner, &set, TOP, &again);
    ck_assert(usual.loss == others.loss && usual.correct == others.correct && among == again);
    ck_assert_str_eq(fault.text, "");
    learner_destroy(run->learner);
}
END_TEST

START_TEST(other_checkpoints_are_refused) {
    Learner *learner = learner_create(inception_v3_create(&thin, arena), arena);
    const size_t n = learner->network->n_parameters;
    FitState state = {3, {1.5, 0, 32, 7}, 9, arena_alloc_zero(arena, n, sizeof(real)), NULL}, got = state;
    const char *path = in_folder("checkpoint");
    unsigned char *data;
    size_t size;
    ck_assert_int_eq(checkpoint_write(path, "seed,3\nbatch,2\n", learner, &state, &error), 0);
    ck_assert_int_eq(checkpoint_read(path, "seed,3\nbatch,2\n", learner, &got, &error), 0);
    ck_assert(got.updates == 3 && got.sums.loss == 1.5 && got.sums.n == 32 && got.sums.correct == 7 && got.among == 9);
    ck_assert_int_eq(checkpoint_read(path, "seed,3\nbatch,4\n", learner, &got, &error), -1);
    check_error_names("\"batch,2\"", "\"batch,4\"");
    ck_assert_int_eq(checkpoint_read(path, "seed,3\n", learner, &got, &error), -1);
    check_error_names(path, "another network");
    ck_assert_int_eq(file_read(path, 1 << 24, arena, &data, &size, &error), 0);
    data[size / 2] ^= 1;
    ck_assert_int_eq(checkpoint_read(written("bad", bytes_of(data, size)), "seed,3\nbatch,2\n", learner, &got, &error),
                     -1);
    check_error_names(in_folder("bad"), "damaged");
    ck_assert_int_eq(checkpoint_read(written("bad", bytes_of(data, 30)), "", learner, &got, &error), -1);
    check_error_names(in_folder("bad"), "damaged");
    ck_assert_int_eq(checkpoint_read(in_folder("absent"), "", learner, &got, &error), -1);
    learner_destroy(learner);
}
END_TEST
static int train(const char *const *more) {
    const char *words[32] = {"inception-v3", "--train",   in_folder("tree"), "--test", in_folder("tree"),
                             "--size",       "75",        "--thinner",       "16",     "--batch",
                             "12",           "--augment", "--learning-rate", "0.01"};
    int n = 14;
    for (; *more; more++) words[n++] = *more;
    return train_images_command(n, (char **)words, &error);
}

static Bytes bytes_in(const char *name) {
    Bytes file;
    ck_assert_int_eq(file_read(in_folder(name), 1 << 24, arena, &file.data, &file.size, &error), 0);
    return file;
}

static void check_same_files(const char *a, const char *b) {
    const Bytes one = bytes_in(a), other = bytes_in(b);
    ck_assert_uint_eq(one.size, other.size);
    ck_assert_mem_eq(one.data, other.data, one.size);
}

START_TEST(the_command_goes_on_from_its_checkpoint) {
    const char *whole = in_folder("whole"), *part = in_folder("part");
    const ImageFolder listed = made_folder();
    ck_assert_ptr_nonnull(freopen(in_folder("whole.csv"), "w", stdout));
    ck_assert_msg(train((const char *const[]){"--updates", "7", "--checkpoint", whole, NULL}) == 0, "%s", error.text);
    ck_assert_ptr_nonnull(freopen(in_folder("part.csv"), "w", stdout));
    ck_assert_int_eq(
        train((const char *const[]){"--updates", "4", "--checkpoint", part, "--checkpoint-every", "2", NULL}), 0);
    ck_assert_int_eq(train((const char *const[]){"--updates", "7", "--checkpoint", part, NULL}), 0);
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout));
    check_same_files("whole", "part");
    const char *lines = (const char *)bytes_in("whole.csv").data, *last = strstr(lines, "\n2,7,");
    ck_assert(strstr(lines, "epoch,updates,train_loss,train_top1,train_top5,test_loss,test_top1,test_top5\n1,3,") ==
              lines);
    ck_assert_ptr_nonnull(last);
    ck_assert_ptr_nonnull(strstr((const char *)bytes_in("part.csv").data, last)); /* the same line */
    ck_assert_int_eq(train((const char *const[]){"--updates", "9", "--checkpoint", part, "--seed", "2", NULL}), 1);
    check_error_names("\"seed,1\"", "\"seed,2\"");
    ck_assert_int_eq(train((const char *const[]){"--updates", "5", "--checkpoint", part, NULL}), 1);
    check_error_names("7 updates", "5");
    ck_assert_int_eq(file_write(listed.paths[17], "cut", 3, &error), 0);
    ck_assert_int_eq(train((const char *const[]){"--updates", "9", "--checkpoint", part, NULL}), 1);
    check_error_names(listed.paths[17], "no JPEG");
    check_same_files("whole", "part");
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("Inception v3");
    TCase *counts = tcase_create("counts"), *training = tcase_create("training");
    tcase_add_checked_fixture(counts, begin, sandbox_end);
    tcase_add_test(counts, counts_are_the_published_ones);
    tcase_add_test(counts, parts_are_the_published_ones);
    suite_add_tcase(suite, counts);
#ifdef HAVE_JPEG
    tcase_add_checked_fixture(training, begin, sandbox_end);
    tcase_add_test(training, images_are_functions_of_epoch_and_number);
    tcase_add_test(training, the_first_bad_image_is_named);
    tcase_add_loop_test(training, training_goes_on_as_if_without_a_break, 2, 4);
    tcase_add_test(training, images_are_learned_by_heart);
    tcase_add_test(training, other_checkpoints_are_refused);
    tcase_add_test(training, the_command_goes_on_from_its_checkpoint);
#endif
    suite_add_tcase(suite, training);
    return run_suite(suite);
}
