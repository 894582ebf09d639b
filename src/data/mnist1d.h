/* The MNIST-1D generator (Greydanus & Kobak 2024, mnist1d/data.py), in binary64 and in NumPy's order of operations;
 * rounded to binary32, the default data set equals the official frozen arrays bit for bit. */
#ifndef SCALEDOWN_DATA_MNIST1D_H
#define SCALEDOWN_DATA_MNIST1D_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "random/random.h"

enum { MNIST1D_CLASSES = 10, MNIST1D_TEMPLATE_POINTS = 12 };

typedef struct Mnist1dOptions {
    size_t num_samples; /* 10..; as in the original, num_samples / 10 examples of each class */
    double train_split; /* fraction of rows that train, (0,1) */
    uint32_t seed;
    int shuffle_seq;               /* permute the positions, the same way for all examples */
    int template_len;              /* 12; padded templates are stretched to template_len + padding_high points */
    int padding_low, padding_high; /* 36, 60 */
    double scale_coeff;            /* 0.4 */
    int max_translation;           /* 48: shifts 0..47 */
    double corr_noise_scale;       /* 0.25 */
    double iid_noise_scale;        /* 0.02 */
    double shear_scale;            /* 0.75; these four are factors of random numbers and may be negative */
    int final_seq_length;          /* 40 */
    const double *templates;       /* [10][template_points], used as they are; NULL: the published ones */
    size_t template_points;        /* 2..; has no meaning without templates */
} Mnist1dOptions;

/* A set of examples, standardised: mean 0 and standard deviation 1 over all values. */
typedef struct Mnist1d {
    size_t n_train, n_test, length; /* length = final_seq_length */
    double *x, *x_test;             /* [n][length] row-major */
    uint8_t *y, *y_test;            /* [n] */
    double *t;                      /* [length] */
    double mean, sd;                /* of the raw data, before standardisation */
    Mt19937 stream;                 /* as generation left it: NumPy's global stream after make_dataset */
    double next_random;             /* its next rand(), a check value */
} Mnist1d;

/* The published options: the values in the comments above, 5000 examples, four fifths of which train, seed 42. */
Mnist1dOptions mnist1d_defaults(void);
/* NULL, or one line that says why these options cannot be used; it names them as commands and methods do,
 * "num-samples". */
const char *mnist1d_check(const Mnist1dOptions *options);
/* Generates the set, in memory of the arena; the test rows follow the training rows in x and in y.  -1 with error for
 * options that mnist1d_check refuses, and when the values have no finite standard deviation above 0, as with templates
 * that are too large. */
int mnist1d_make(const Mnist1dOptions *options, Arena *arena, Mnist1d *data, Error *error);

/* Examples as models learn from them. */
typedef struct Mnist1dPart {
    size_t n;
    float *rows;     /* [n][length], rounded to binary32 */
    uint8_t *labels; /* [n] */
} Mnist1dPart;

/* The values rounded to binary32. */
float *mnist1d_binary32(size_t count, const double *values, Arena *arena);
/* An order of the positions that is the same for all examples: 0, 1, ..., or, shuffled,
 * numpy.random.permutation(length) after numpy.random.seed(seed).  Unlike shuffle_seq above, it leaves the generator's
 * own draws alone. */
size_t *mnist1d_feature_order(size_t length, int shuffled, uint32_t seed, Arena *arena);

/* The published templates, standardised, and their t, -5/6 to 5/6. */
void mnist1d_templates(double x[MNIST1D_CLASSES][MNIST1D_TEMPLATE_POINTS], double t[MNIST1D_TEMPLATE_POINTS]);

/* The 8 stages of the generator, for the first example with options->seed as if it had this label (0..9):
 * padded, stretched, scaled, translated, correlated noise, white noise, sheared, resampled; before standardisation. */
typedef struct Mnist1dStage {
    const char *name;
    size_t length;
    double *t, *x;
} Mnist1dStage;
int mnist1d_stages(const Mnist1dOptions *options, int label, Arena *arena, Mnist1dStage **stages, size_t *n_stages,
                   Error *error);

#endif
