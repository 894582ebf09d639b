#include "command/dataset.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "command/mnist1d_options.h"
#include "command/tool.h"
#include "data/dataset_folder.h"

static const Option own_options[] = {
    {"seed", "S", "42", "seed of NumPy's generator, 0 to 4294967295"},
    {"format", "npy|csv", "npy", "kind of files"},
    {"dtype", "f4|f8", "f4", "precision of x, x_test and t"},
    {"label-dtype", "int64|uint8", "int64", "type of y and y_test in .npy files"},
    {"out", "DIR", NULL, "where to write (needed); an export that is there is replaced"},
    {0},
};

static const char purpose[] =
    "Writes MNIST-1D:\n"
    "  x, y            training examples [n][length] and their labels [n]\n"
    "  x_test, y_test  the same for the test\n"
    "  t               positions [length]\n"
    "  templates       [10][12], before any noise; always f8, so that --templates DIR/templates.npy is exact\n"
    "  dataset.csv     name,value: the arguments, numbers of examples, mean and sd before standardising, and the "
    "SHA-256 "
    "of each array, in Python hashlib.sha256(numpy.load('x.npy').tobytes()).hexdigest()\n"
    "Files of two exports never mix: those of an earlier one in DIR are replaced together.  Without options these are "
    "the "
    "bits of the published data set (in f4).";

typedef struct Export {
    Mnist1dOptions generator;
    int csv;
    NpyType values, labels; /* types of the arrays */
    const char *folder;
} Export;

static int read_export(const Options *options, Arena *arena, Export *export, Error *error) {
    static const char *const formats[] = {"npy", "csv", NULL}, *const types[] = {"f4", "f8", NULL},
                             *const label_types[] = {"int64", "uint8", NULL};
    int f8, uint8;
    if (options_choice(options, "format", formats, &export->csv, error) ||
        options_choice(options, "dtype", types, &f8, error) ||
        options_choice(options, "label-dtype", label_types, &uint8, error))
        return -1;
    export->values = f8 ? NPY_F8 : NPY_F4;
    export->labels = uint8 ? NPY_U1 : NPY_I8;
    export->folder = options_text(options, "out");
    if (!export->folder || !*export->folder)
        return error_set(error, "dataset: --out DIR is missing: name the folder to write to");
    return mnist1d_options_read(options, "seed", arena, &export->generator, error);
}

static NamedArray values_array(const char *name, NpyType type, size_t rows, size_t columns, double *values,
                               Arena *arena) {
    const size_t count = rows * (columns ? columns : 1);
    return (NamedArray){name,
                        {.type = type,
                         .rank = columns ? 2 : 1,
                         .shape = {rows, columns},
                         .data = type == NPY_F8 ? (void *)values : mnist1d_binary32(count, values, arena)}};
}

static NamedArray labels_array(const char *name, NpyType type, size_t n, const uint8_t *labels, Arena *arena) {
    NamedArray named = {name, {.type = type, .rank = 1, .shape = {n}}};
    int64_t *wide = arena_alloc(arena, n, sizeof *wide);
    if (type == NPY_I8)
        for (size_t i = 0; i < n; i++) wide[i] = labels[i];
    else
        memcpy(wide, labels, n);
    named.array.data = wide;
    return named;
}

static NamedArray templates_array(const Mnist1dOptions *generator, Arena *arena) {
    double t[MNIST1D_TEMPLATE_POINTS], (*published)[MNIST1D_TEMPLATE_POINTS];
    const size_t points = generator->templates ? generator->template_points : MNIST1D_TEMPLATE_POINTS;
    double *x = arena_alloc(arena, MNIST1D_CLASSES * points, sizeof *x);
    published = (void *)x;
    if (generator->templates)
        memcpy(x, generator->templates, MNIST1D_CLASSES * points * sizeof *x);
    else
        mnist1d_templates(published, t);
    return values_array("templates", NPY_F8, MNIST1D_CLASSES, points, x, arena);
}

static int write_export(const Export *export, const Options *options, Arena *arena, Error *error) {
    Mnist1d d;
    char mean[32], sd[32];
    Text rows = text_create(arena);
    if (mnist1d_make(&export->generator, arena, &d, error)) return -1;
    const NamedArray arrays[] = {values_array("x", export->values, d.n_train, d.length, d.x, arena),
                                 labels_array("y", export->labels, d.n_train, d.y, arena),
                                 values_array("x_test", export->values, d.n_test, d.length, d.x_test, arena),
                                 labels_array("y_test", export->labels, d.n_test, d.y_test, arena),
                                 values_array("t", export->values, d.length, 0, d.t, arena),
                                 templates_array(&export->generator, arena)};
    mnist1d_options_describe(options, "seed", &export->generator, &rows);
    text_format(&rows, "format,%s\ndtype,%s\nlabel-dtype,%s\n", options_text(options, "format"),
                options_text(options, "dtype"), options_text(options, "label-dtype"));
    text_format(&rows, "train-examples,%zu\ntest-examples,%zu\nraw-mean,%s\nraw-sd,%s\n", d.n_train, d.n_test,
                format_double(d.mean, mean), format_double(d.sd, sd));
    if (dataset_folder_write(export->folder, export->csv, sizeof arrays / sizeof *arrays, arrays, rows.data, error))
        return -1;
    Text said = text_create(arena);
    text_add_printable(&said, export->folder);
    printf("%s: %zu training and %zu test examples of %zu points; dataset.csv has the arguments and hashes\n",
           said.data, d.n_train, d.n_test, d.length);
    return 0;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Export export;
    if (read_export(options, arena, &export, error)) return EXIT_USAGE;
    return write_export(&export, options, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int dataset_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"dataset", "--out DIR", purpose, 0, 0, {mnist1d_options, own_options}, work};
    return tool_run(&tool, argc, argv, error);
}
