/* What the commands on .npy files of rows share. */
#ifndef SCALEDOWN_COMMAND_ROW_FILES_H
#define SCALEDOWN_COMMAND_ROW_FILES_H

#include <stdint.h>

#include "analysis/rows.h"
#include "base/arena.h"
#include "base/options.h"

/* Rows of f4 or f8, or of u1 or i8, which become f4 and f8; dimensions behind the first are one row.  At least one row
 * of at least one value, all finite. */
int row_file_read(const char *path, Arena *arena, Rows *rows, Error *error);
/* n labels of u1 or i8, 0 to 65535; rows_path names the rows that they belong to. */
int label_file_read(const char *path, size_t n, const char *rows_path, Arena *arena, uint16_t **labels, Error *error);
/* --threads from here on, at most those that there are. */
int row_command_threads(const Options *options, Error *error);
/* --metric as a NeighboursMetric. */
int row_command_metric(const Options *options, int *metric, Error *error);

#endif
