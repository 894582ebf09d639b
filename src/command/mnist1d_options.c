#include "command/mnist1d_options.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/npy.h"

const Option mnist1d_options[] = {
    {"num-samples", "N", "5000", "examples in all, N / 10 of each class"},
    {"train-split", "F", "0.8", "fraction of the examples that trains, between 0 and 1"},
    {"final-seq-length", "N", "40", "points of an example"},
    {"templates", "FILE.npy", NULL, "ten templates to use instead of the published ones, one a row"},
    {"template-len", "N", NULL,
     "template and padding are stretched to N + HIGH points (default those of a template: 12)"},
    {"padding", "LOW,HIGH", "36,60", "fewest and most zeros behind the template"},
    {"scale-coeff", "C", "0.4", "width of the range of scales around 1"},
    {"max-translation", "N", "48", "shifts are 0 to N - 1"},
    {"corr-noise-scale", "C", "0.25", "amplitude of the smooth noise in the padding"},
    {"iid-noise-scale", "C", "0.02", "amplitude of the white noise"},
    {"shear-scale", "C", "0.75", "width of the range of slopes around 0"},
    {"shuffle-seq", NULL, NULL, "permute the positions, the same way for all examples"},
    {NULL, NULL, NULL, NULL},
};

const char *mnist1d_options_given(const Options *options) {
    for (const Option *row = mnist1d_options; row->name; row++)
        if (options_given(options, row->name)) return row->name;
    return NULL;
}

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
        return error_set(error,
                         "option --padding is '%.60s', but must be LOW,HIGH with 0 <= LOW <= HIGH <= 100000, as in "
                         "36,60",
                         text);
    generator->padding_low = (int)low;
    generator->padding_high = (int)high;
    return 0;
}

/* The points of a template are then the default of --template-len. */
static int read_templates(const char *path, Arena *arena, Mnist1dOptions *generator, Error *error) {
    NpyArray array;
    if (npy_read(path, arena, &array, error)) return -1;
    if ((array.type != NPY_F4 && array.type != NPY_F8) || array.rank != 2 || array.shape[0] != MNIST1D_CLASSES ||
        array.shape[1] < 2 || array.shape[1] > 100000)
        return error_set(error,
                         "option --templates: %.600s must hold f4 or f8 numbers in %d rows, one for each class, of 2 "
                         "to 100000 points",
                         path, MNIST1D_CLASSES);
    const size_t count = npy_count(&array);
    double *templates = arena_alloc(arena, count, sizeof *templates);
    for (size_t i = 0; i < count; i++)
        templates[i] = array.type == NPY_F8 ? ((const double *)array.data)[i] : (double)((const float *)array.data)[i];
    generator->templates = templates;
    generator->template_points = array.shape[1];
    generator->template_len = (int)array.shape[1];
    return 0;
}

int mnist1d_options_read(const Options *options, const char *seed, Arena *arena, Mnist1dOptions *generator,
                         Error *error) {
    const double most = 1e6;
    const char *templates = options_text(options, "templates");
    Mnist1dOptions *g = generator;
    long long samples, number;
    *g = mnist1d_defaults();
    if (options_integer(options, "num-samples", MNIST1D_CLASSES, 100000000, &samples, error) ||
        options_double(options, "train-split", 0, 1, &g->train_split, error) ||
        options_integer(options, seed, 0, 4294967295LL, &number, error) ||
        read_int(options, "final-seq-length", 2, &g->final_seq_length, error) ||
        read_int(options, "max-translation", 1, &g->max_translation, error) || read_padding(options, g, error) ||
        options_double(options, "scale-coeff", -most, most, &g->scale_coeff, error) ||
        options_double(options, "corr-noise-scale", -most, most, &g->corr_noise_scale, error) ||
        options_double(options, "iid-noise-scale", -most, most, &g->iid_noise_scale, error) ||
        options_double(options, "shear-scale", -most, most, &g->shear_scale, error) ||
        (templates && read_templates(templates, arena, g, error)) ||
        (options_given(options, "template-len") && read_int(options, "template-len", 2, &g->template_len, error)))
        return -1;
    g->num_samples = (size_t)samples;
    g->seed = (uint32_t)number;
    g->shuffle_seq = options_given(options, "shuffle-seq");
    const char *reason = mnist1d_check(g);
    if (reason) return error_set(error, "the data cannot be generated: %s", reason);
    if (samples % MNIST1D_CLASSES)
        fprintf(stderr,
                "scaledown: --num-samples %lld is no multiple of 10: %lld examples are made, %lld of each class\n",
                samples, samples / MNIST1D_CLASSES * MNIST1D_CLASSES, samples / MNIST1D_CLASSES);
    return 0;
}

void mnist1d_options_describe(const Options *options, const char *seed, const Mnist1dOptions *generator, Text *text) {
    text_format(text, "%s,%s\n", seed, options_text(options, seed));
    for (const Option *row = mnist1d_options; row->name; row++) {
        text_format(text, "%s,", row->name);
        if (!strcmp(row->name, "template-len"))
            text_format(text, "%d", generator->template_len);
        else if (!strcmp(row->name, "templates"))
            text_add(text, generator->templates ? "given" : "published");
        else if (!row->placeholder)
            text_add(text, options_given(options, row->name) ? "yes" : "no");
        else
            text_add_csv(text, options_text(options, row->name));
        text_add_character(text, '\n');
    }
}
