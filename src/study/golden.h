/* Our own results, exact: reference_results/golden/ holds <study>.csv and SHA256SUMS over all result files. */
#ifndef SCALEDOWN_STUDY_GOLDEN_H
#define SCALEDOWN_STUDY_GOLDEN_H

#include "study/results.h"

/* 0 when the study's result files equal the golden ones; otherwise the error names the first differing cell, metric
 * and values.  A missing, altered or truncated golden file is an error of its own. */
int golden_verify(const char *golden, const char *results, const Study *study, Error *error);
/* Copy the study's results and renew its lines of SHA256SUMS. */
int golden_update(const char *golden, const char *results, const Study *study, Error *error);

/* reference_results/published has a SHA256SUMS, too: every file in it is what its line says, and the study has one. */
int published_check(const char *directory, const Study *study, Arena *arena, Error *error);
int published_record(const char *directory, Arena *arena, Error *error); /* of all .csv files there */

#endif
