/* A small project in a temporary folder with recorded results of a method that runs nothing, to test quantities, claims
 * and verdicts with.
 *
 * Paper "here" has the experiments "fake" (model plain and fancy, width 1, 2, 3, two rows, seeds 42 to 45), "other" (one
 * cell, the same seeds), "lone" (one cell, seeds 42 and 43) and "mixed" (fancy and width 3, 2, 1, plain and 2, 1, in that
 * order, the seeds of fake); paper "there" has a "fake" of one cell, too.  A cell of
 * seed s, width w and model m measures, with level = w + 10 if fancy:
 *     level               level                       noisy             level + 0.1 (s - 43.5)
 *     ramp at epoch 0..9  epoch                       bump at 0..9      level - |epoch - 4| + 0.1 (s - 43.5)
 *     flat at 0, 1, 2     1                           fall at 0..9      -epoch^2
 *     lost                diverged                    late at 0..3      1, diverged from 2 on
 *     back at 3, 2, 1, 0  epoch, recorded in that order
 * and with twins on fresh test signals
 *     score               level + 0.1 (s - 43.5)      fresh_score       4 - level + 0.1 (s - 43.5)
 *     train_score         level                       fine, fresh_fine  level, diverged
 *     path at 0..3        epoch                       fresh_path        at 1 and 3 alone, -epoch
 *     part                level                       fresh_part        the same, of plain and width 1 alone */
#ifndef SCALEDOWN_TESTS_FAKE_RESULTS_H
#define SCALEDOWN_TESTS_FAKE_RESULTS_H

#include "study/claims_output.h"

typedef struct FakeResults {
    Arena *arena;
    char *root;             /* the project's folder */
    const char *references; /* reference_results in it */
    Catalogue catalogue;
    Selection all;
    ResultsSource source; /* the recorded results, each read once */
    struct {
        const Experiment *experiment;
        Results results;
    } opened[128];
    size_t n_opened;
} FakeResults;

void fake_results_begin(FakeResults *fake);
void fake_results_end(FakeResults *fake); /* the folder goes */
/* Writes reference_results/PAPER/NAME; NULL removes it.  SHA256SUMS of published/ is renewed for the names
 * fake.csv and extra.csv. */
void fake_file(const FakeResults *fake, const char *name, const char *text);
void fake_bytes(const FakeResults *fake, const char *name, const void *data, size_t size);
const Experiment *fake_experiment(const FakeResults *fake, const char *name);
/* Recorded results under fake->references, each read once; what fake_results_begin sets. */
ResultsSource fake_source(FakeResults *fake);
/* All claims of both papers, from the files as they are. */
int fake_claims(const FakeResults *fake, ClaimList *list, Error *error);

#endif
