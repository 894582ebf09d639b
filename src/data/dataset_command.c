#include "data/dataset_command.h"

#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/options.h"
#include "data/mnist1d.h"

static const Option table[] = {
    {"num-samples", "N", "5000", "examples in all, N / 10 of each class"},
    {"train-split", "F", "0.8", "fraction of the examples that train"},
    {"seed", "S", "42", "seed of NumPy's generator, 0 to 4294967295"},
    {"shuffle-seq", NULL, NULL, "permute the positions, the same way for all examples"},
    {"final-seq-length", "N", "40", "points of an example"},
    {"padding", "LOW,HIGH", "36,60", "fewest and most zeros behind the template"},
    {"max-translation", "N", "48", "shifts are 0 to N - 1"},
    {"scale-coeff", "C", "0.4", "width of the range of scales around 1"},
    {"corr-noise-scale", "C", "0.25", "amplitude of the smooth noise in the padding"},
    {"iid-noise-scale", "C", "0.02", "amplitude of the white noise"},
    {"shear-scale", "C", "0.75", "width of the range of slopes around 0"},
    {"format", "npy|csv", "npy", "kind of files"},
    {"dtype", "f4|f8", "f4", "precision of x, x_test and t"},
    {"out", "DIR", NULL, "where to write (required); created when absent"},
    {"help", NULL, NULL, "this list"},
    {NULL, NULL, NULL, NULL},
};

typedef struct Export {
    Mnist1dOptions generator;
    int csv, single;
    const char *directory;
} Export;

/* One array of the data set: values or labels. */
typedef struct Part {
    const char *name;
    const double *values;
    const uint8_t *labels;
    size_t rows, columns; /* columns 0: a vector */
} Part;
enum { PARTS = 5 };

/* ---- the command line -------------------------------------------------------------------------------------------- */

static int read_int(const Options *options, const char *name, long long low, int *value, Error *error) {
    long long number;
    if (options_integer(options, name, low, 100000, &number, error)) return -1;
    *value = (int)number;
    return 0;
}

static int read_padding(const Options *options, Mnist1dOptions *generator, Error *error) {
    char low_text[16] = "";
    const char *text = options_text(options, "padding"), *comma = strchr(text, ',');
    long long low, high;
    if (comma && comma - text < (long)sizeof low_text) memcpy(low_text, text, (size_t)(comma - text));
    if (!comma || parse_integer(low_text, 0, 100000, &low) || parse_integer(comma + 1, low, 100000, &high))
        return error_set(error, "--padding %s: expected LOW,HIGH with 0 <= LOW <= HIGH <= 100000, as in 36,60", text);
    generator->padding_low = (int)low;
    generator->padding_high = (int)high;
    return 0;
}

static int read_generator(const Options *options, Mnist1dOptions *g, Error *error) {
    long long samples, seed;
    *g = mnist1d_defaults();
    if (options_integer(options, "num-samples", 10, 100000000, &samples, error) ||
        options_double(options, "train-split", 0.0, 1.0, &g->train_split, error) ||
        options_integer(options, "seed", 0, 4294967295LL, &seed, error) ||
        read_int(options, "final-seq-length", 2, &g->final_seq_length, error) ||
        read_int(options, "max-translation", 1, &g->max_translation, error) || read_padding(options, g, error) ||
        options_double(options, "scale-coeff", 0.0, 1e6, &g->scale_coeff, error) ||
        options_double(options, "corr-noise-scale", 0.0, 1e6, &g->corr_noise_scale, error) ||
        options_double(options, "iid-noise-scale", 0.0, 1e6, &g->iid_noise_scale, error) ||
        options_double(options, "shear-scale", 0.0, 1e6, &g->shear_scale, error))
        return -1;
    g->num_samples = (size_t)samples;
    g->seed = (uint32_t)seed;
    g->shuffle_seq = options_given(options, "shuffle-seq");
    const char *reason = mnist1d_check(g);
    return reason ? error_set(error, "dataset: %s", reason) : 0;
}

static int read_options(const Options *options, Export *export, Error *error) {
    static const char *const formats[] = {"npy", "csv", NULL}, *const types[] = {"f4", "f8", NULL};
    int is_double;
    if (options->n_words > 0)
        return error_set(error, "dataset: unexpected \"%s\"; see scaledown dataset --help", options->words[0]);
    if (read_generator(options, &export->generator, error) ||
        options_choice(options, "format", formats, &export->csv, error) ||
        options_choice(options, "dtype", types, &is_double, error))
        return -1;
    export->single = !is_double;
    export->directory = options_text(options, "out");
    if (!export->directory || !*export->directory)
        return error_set(error, "dataset: --out DIR is missing: name the folder to write to");
    return 0;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static size_t count_of(const Part *part) {
    return part->rows * (part->columns ? part->columns : 1);
}

static int write_npy(const Export *export, const Part *part, AtomicFile *file, Error *error) {
    NpyArray array = {NPY_U1, part->columns ? 2 : 1, {part->rows, part->columns, 0, 0}, NULL};
    Arena *arena = arena_create(0);
    size_t count = count_of(part);
    array.type = part->labels ? NPY_U1 : export->single ? NPY_F4 : NPY_F8;
    array.data = arena_alloc(arena, count, part->labels ? 1 : export->single ? sizeof(float) : sizeof(double));
    if (part->labels)
        memcpy(array.data, part->labels, count);
    else if (!export->single)
        memcpy(array.data, part->values, count * sizeof(double));
    else
        for (size_t i = 0; i < count; i++) ((float *)array.data)[i] = (float)part->values[i];
    int status = npy_write_to(file, &array, error);
    arena_destroy(arena);
    return status;
}

static void write_csv_value(const Export *export, const Part *part, size_t i, Text *out) {
    char text[32];
    if (part->labels)
        text_format(out, "%d", part->labels[i]);
    else
        text_add(out,
                 export->single ? format_float((float)part->values[i], text) : format_double(part->values[i], text));
}

/* A header row (x0, x1 ... or the name of a vector), then one row per example. */
static int write_csv(const Export *export, const Part *part, AtomicFile *file, Error *error) {
    size_t columns = part->columns ? part->columns : 1;
    (void)error; /* a failed write shows when the file is committed */
    if (!part->columns) text_format(&file->text, "%s\n", part->labels ? "y" : "t");
    for (size_t j = 0; j < part->columns; j++) text_format(&file->text, j + 1 < columns ? "x%zu," : "x%zu\n", j);
    for (size_t i = 0; i < count_of(part); i++) {
        write_csv_value(export, part, i, &file->text);
        text_add_character(&file->text, (i + 1) % columns ? ',' : '\n');
        atomic_flush(file);
    }
    return 0;
}

/* All five or none. */
static int write_parts(const Export *export, const Part parts[PARTS], Arena *arena, Error *error) {
    AtomicFile files[PARTS] = {{0}};
    int failed = 0;
    for (int i = 0; i < PARTS && !failed; i++) {
        char *name = arena_format(arena, "%s.%s", parts[i].name, export->csv ? "csv" : "npy");
        failed = atomic_open(&files[i], path_join(arena, export->directory, name), error) ||
                 (export->csv ? write_csv : write_npy)(export, &parts[i], &files[i], error);
    }
    if (!failed) return atomic_commit_all(files, PARTS, error);
    for (int i = 0; i < PARTS; i++) atomic_abandon(&files[i]);
    return -1;
}

static int export_data(const Export *export, Arena *arena, Error *error) {
    Mnist1d d;
    int was_there = file_exists(export->directory);
    if (mnist1d_make(&export->generator, arena, &d, error) || directory_create(export->directory, error)) return -1;
    directory_remove_stale(export->directory);
    const Part parts[PARTS] = {{"x", d.x, NULL, d.n_train, d.length},
                               {"y", NULL, d.y, d.n_train, 0},
                               {"x_test", d.x_test, NULL, d.n_test, d.length},
                               {"y_test", NULL, d.y_test, d.n_test, 0},
                               {"t", d.t, NULL, d.length, 0}};
    int status = write_parts(export, parts, arena, error);
    if (status && !was_there) rmdir(export->directory); /* succeeds only when it is empty */
    return status;
}

int dataset_command(int argc, char **argv, Error *error) {
    Export export;
    Arena *arena = arena_create(0);
    Options options;
    int status = options_parse(&options, table, argc, argv, arena, error);
    if (!status && options_given(&options, "help")) {
        puts("usage: scaledown dataset --out DIR [options]\nWrites MNIST-1D as x, y, x_test, y_test and t.\n");
        options_help(&options, stdout);
    } else if (!status) {
        status = read_options(&options, &export, error);
        if (!status) status = export_data(&export, arena, error);
    }
    arena_destroy(arena);
    return status;
}
