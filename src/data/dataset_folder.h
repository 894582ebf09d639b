/* A labelled data set as a folder of arrays, the form in which `scaledown dataset` writes one and `scaledown train
 * --data` reads one.
 *
 *     x, x_test   [n][length]   the examples, f4 or f8
 *     y, y_test   [n]           their labels, int64 or uint8
 *     t           [length]      positions, f4 or f8
 *     templates   [10][points]  f8
 *
 * Each is NAME.npy or NAME.csv.  An export also has dataset.csv, with the rows name,value: the arguments that made it,
 * and "sha256-NAME" of each array (npy_sha256).  An export has no file of another one: its arrays are put in place
 * together, the training examples last, so that one that was cut short has none. */
#ifndef SCALEDOWN_DATA_DATASET_FOLDER_H
#define SCALEDOWN_DATA_DATASET_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/npy.h"
#include "base/text.h"

/* An array with its name, one of those above. */
typedef struct NamedArray {
    const char *name;
    NpyArray array;
} NamedArray;

/* Writes the n arrays, the first of them x, as NAME.npy or NAME.csv, and dataset.csv with these rows ("name,value"
 * lines without a header) and the hashes.  The folder is made when absent.  Of an export that is there already all
 * files are replaced; a file of one of these names that belongs to no export is an error, and nothing is changed. */
int dataset_folder_write(const char *folder, int csv, size_t n, const NamedArray *arrays, const char *rows,
                         Error *error);

typedef struct LabelledData {
    size_t length;           /* values of an example, at least 1 */
    size_t n_train, n_test;  /* n_train at least 1, n_test 0 where there is no test set */
    size_t classes;          /* labels are below this: 10, or more where there are larger labels */
    const float *x, *x_test; /* [n][length], finite */
    const uint8_t *y, *y_test;
} LabelledData;

/* Reads x.npy, y.npy and, where one of them is there, x_test.npy and y_test.npy: an export or any others of these
 * shapes with finite values and labels of 0 to 255.  Arrays of an export must be those that its dataset.csv names. */
int dataset_folder_read(const char *folder, Arena *arena, LabelledData *data, Error *error);

#endif
