/* What a run ends with: means over seeds of the metrics without x, with 95 % intervals. */
#ifndef SCALEDOWN_COMMAND_MEANS_H
#define SCALEDOWN_COMMAND_MEANS_H

#include <stdio.h>

#include "study/results.h"

enum { MEANS_TABLE, MEANS_CSV, MEANS_JSON };
extern const char *const means_formats[]; /* "table", "csv", "json", NULL */

/* Results of several experiments, one after the other.  The table shows the metrics that fit the width, accuracies and
 * errors on test sets first, and says how many it leaves out; CSV and JSON have all of them.  Intervals of percentages,
 * metrics whose name ends with _accuracy or _error, are cut at 0 and 100 in all of them. */
void means_begin(int format, FILE *stream);
void means_add(int format, const Results *results, int is_first, FILE *stream);
void means_end(int format, FILE *stream);

#endif
