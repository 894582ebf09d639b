#include "nn/train_command.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/options.h"
#include "base/output.h"
#include "data/mnist1d.h"
#include "nn/train.h"

enum { CLASSES = 10 };

static const Option table[] = {
    {"seed", "N", "42", "of the initial parameters, as torch.manual_seed"},
    {"steps", "N", "200", "updates"},
    {"batch", "N", "100", "examples in a minibatch; must divide the training set"},
    {"optimizer", "NAME", "adam", "adam or sgd"},
    {"learning-rate", "X", "0.01", "of the optimiser"},
    {"momentum", "X", "0", "of sgd, 0 to below 1"},
    {"features", "ORDER", "original", "original or shuffled: the 40 positions permuted by the data seed"},
    {"data-seed", "N", "42", "of the generated MNIST-1D"},
    {"num-samples", "N", "5000", "of the generated MNIST-1D; four fifths train"},
    {"evaluate-every", "N", "0", "steps between evaluations; 0: only after the last"},
    {"trace", "FILE", NULL, "write step,train_loss as CSV"},
    {"save-init", "FILE", NULL, "write the initial parameters as .npy"},
    {"save-final", "FILE", NULL, "write the final parameters as .npy"},
    {"help", NULL, NULL, "show this"},
    {0}};

typedef struct Run {
    const char *model, *trace, *save_init, *save_final;
    long long seed, steps, batch, data_seed, num_samples, evaluate_every;
    double learning_rate, momentum;
    OptimizerKind optimizer;
    int shuffled;
} Run;

static int parse_numbers(const Options *o, Run *run, Error *error) {
    return options_integer(o, "seed", 0, 4294967295LL, &run->seed, error) ||
                   options_integer(o, "steps", 0, 10000000, &run->steps, error) ||
                   options_integer(o, "batch", 1, 1000000, &run->batch, error) ||
                   options_integer(o, "data-seed", 0, 4294967295LL, &run->data_seed, error) ||
                   options_integer(o, "num-samples", 10, 1000000, &run->num_samples, error) ||
                   options_integer(o, "evaluate-every", 0, 10000000, &run->evaluate_every, error) ||
                   options_double(o, "learning-rate", 1e-12, 1e6, &run->learning_rate, error) ||
                   options_double(o, "momentum", 0, 0.999999, &run->momentum, error)
               ? -1
               : 0;
}

static int same_file(const char *a, const char *b) {
    return a && b && !strcmp(a, b);
}

static int parse_run(const Options *o, Run *run, Error *error) {
    static const char *const optimizers[] = {"adam", "sgd", NULL}, *const orders[] = {"original", "shuffled", NULL};
    int sgd;
    if (parse_numbers(o, run, error) || options_choice(o, "optimizer", optimizers, &sgd, error) ||
        options_choice(o, "features", orders, &run->shuffled, error))
        return -1;
    if (o->n_words != 1)
        return error_set(error,
                         "train needs one model, got %d words: logistic, mlp, cnn, gru, pooling-max ...; see --help",
                         o->n_words);
    run->optimizer = sgd ? OPTIMIZER_SGD : OPTIMIZER_ADAM;
    run->model = o->words[0];
    if (options_given(o, "momentum") && !sgd) return error_set(error, "option --momentum needs --optimizer sgd");
    run->trace = options_text(o, "trace");
    run->save_init = options_text(o, "save-init");
    run->save_final = options_text(o, "save-final");
    if (same_file(run->trace, run->save_init) || same_file(run->trace, run->save_final) ||
        same_file(run->save_init, run->save_final))
        return error_set(error, "--trace, --save-init and --save-final must be different files");
    return 0;
}

/* Before a long run rather than after it: can the file be created? */
static int writable(const char *path, Error *error) {
    return !path || file_can_be_written(path, error);
}

/* ---- data ---- */

typedef struct Data {
    Batches batches;
    Examples train, test;
} Data;

static int load_data(const Run *run, Arena *arena, Data *data, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d set;
    options.seed = (uint32_t)run->data_seed;
    options.num_samples = (size_t)run->num_samples;
    if (mnist1d_make(&options, arena, &set, error)) return -1;
    const size_t *columns = mnist1d_feature_order(set.length, run->shuffled, options.seed, arena);
    const float *x = mnist1d_binary32(set.n_train * set.length, set.x, arena);
    const float *x_test = mnist1d_binary32(set.n_test * set.length, set.x_test, arena);
    data->train = examples_make(set.n_train, set.length, x, set.y, columns, arena);
    data->test = examples_make(set.n_test, set.length, x_test, set.y_test, columns, arena);
    return batches_make(set.n_train, set.length, (size_t)run->batch, x, set.y, columns, arena, &data->batches, error);
}

/* ---- training and its files ---- */

static int print_evaluation(Trainer *trainer, const Data *data, long long step, Error *error) {
    char number[4][32];
    const Evaluation train = trainer_evaluate(trainer, &data->train), test = trainer_evaluate(trainer, &data->test);
    format_double(train.loss, number[0]);
    format_double(train.accuracy, number[1]);
    format_double(test.loss, number[2]);
    format_double(test.accuracy, number[3]);
    printf("%lld,%s,%s,%s,%s\n", step, number[0], number[1], number[2], number[3]);
    return output_flush(error);
}

static int train(const Run *run, Trainer *trainer, const Data *data, float *losses, Error *error) {
    const int has_files = run->trace || run->save_init || run->save_final;
    puts("step,train_loss,train_accuracy,test_loss,test_accuracy");
    for (long long step = 0; step < run->steps && (has_files || output_is_read()); step++) {
        const double loss = trainer_step_on(trainer, &data->batches, (size_t)step);
        losses[step] = (float)loss;
        if (!isfinite(loss))
            return error_set(error, "the loss of step %lld is not finite: training diverged; lower --learning-rate",
                             step);
        const int last = step + 1 == run->steps;
        if ((last || (run->evaluate_every && step % run->evaluate_every == 0)) &&
            print_evaluation(trainer, data, step, error))
            return -1;
    }
    return 0;
}

static int write_trace(AtomicFile *file, long long steps, const float *losses) {
    text_add(&file->text, "step,train_loss\n");
    for (long long step = 0; step < steps; step++) {
        char number[32];
        text_format(&file->text, "%lld,%s\n", step, format_float(losses[step], number));
    }
    return 0;
}

static int write_parameters(AtomicFile *file, size_t count, const real *weights, Arena *arena, Error *error) {
    float *cast = arena_alloc(arena, count, sizeof *cast);
    for (size_t i = 0; i < count; i++) cast[i] = (float)weights[i];
    const NpyArray array = {.type = NPY_F4, .rank = 1, .shape = {count}, .data = cast};
    return npy_write_to(file, &array, error);
}

/* The files that were asked for, all or none. */
static int write_files(const Run *run, size_t count, const real *initial, const real *final, const float *losses,
                       Arena *arena, Error *error) {
    AtomicFile files[3] = {{0}};
    size_t n = 0;
    if ((run->save_init && (atomic_open(&files[n], run->save_init, error) ||
                            write_parameters(&files[n++], count, initial, arena, error))) ||
        (run->save_final && (atomic_open(&files[n], run->save_final, error) ||
                             write_parameters(&files[n++], count, final, arena, error))) ||
        (run->trace && (atomic_open(&files[n], run->trace, error) || write_trace(&files[n++], run->steps, losses)))) {
        for (size_t i = 0; i < 3; i++) atomic_abandon(&files[i]);
        return -1;
    }
    return atomic_commit_all(files, n, error);
}

static int train_model(const Run *run, const Model *model, const Data *data, Arena *arena, Error *error) {
    const size_t count = model->n_parameters;
    real *weights = arena_alloc(arena, count, sizeof *weights), *initial = arena_alloc(arena, count, sizeof *initial);
    float *losses = arena_alloc(arena, (size_t)run->steps, sizeof *losses);
    Mt19937 mt;
    mt19937_seed(&mt, (uint32_t)run->seed);
    model_initialize(model, &mt, weights);
    memcpy(initial, weights, count * sizeof *weights);
    Optimizer optimizer = optimizer_create(run->optimizer, run->learning_rate, run->momentum, count, arena);
    Trainer *trainer = trainer_create(model, weights, optimizer, arena);
    const int failed = train(run, trainer, data, losses, error);
    trainer_destroy(trainer);
    return failed || write_files(run, count, initial, weights, losses, arena, error) ? -1 : 0;
}

static int run_in(Arena *arena, const Run *run, Error *error) {
    Data data;
    Model model;
    if (model_by_name(run->model, 40, CLASSES, &model, error) || !writable(run->trace, error) ||
        !writable(run->save_init, error) || !writable(run->save_final, error) || load_data(run, arena, &data, error))
        return -1;
    return train_model(run, &model, &data, arena, error);
}

int train_command(int argc, char **argv, Error *error) {
    Arena *arena = arena_create(0);
    Options options;
    Run run = {0};
    int failed = options_parse(&options, table, argc, argv, arena, error);
    if (!failed && options_given(&options, "help")) {
        puts("usage: scaledown train MODEL [options], where MODEL is logistic, mlp, cnn, gru or pooling-\n"
             "with none, stride, max, average or l2");
        options_help(&options, stdout);
    } else if (!failed) {
        failed = parse_run(&options, &run, error) || run_in(arena, &run, error);
    }
    arena_destroy(arena);
    return failed ? -1 : 0;
}
