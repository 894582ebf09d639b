/* Data sets of images by name: mnist, fashion-mnist, cifar-10.  Each is loaded once a process and shared by all cells.
 *
 * They lie in a folder, each in one of its own, FOLDER/mnist/train-images-idx3-ubyte, under the names of those who
 * published them, as they are or with .gz or .xz behind; `make data` puts them there.  A result depends on their bytes:
 * a file whose SHA-256, not compressed, is not the published one is an error. */
#ifndef SCALEDOWN_DATA_IMAGE_SETS_H
#define SCALEDOWN_DATA_IMAGE_SETS_H

#include "base/arena.h"
#include "base/error.h"
#include "data/images.h"

typedef enum ImageFormat { IMAGES_IDX, IMAGES_CIFAR } ImageFormat;

typedef struct ImageFile {
    const char *name;
    const char *sha256; /* NULL: not checked */
} ImageFile;

/* A set as it was published. */
typedef struct ImageSource {
    const char *name, *title, *folder; /* "fashion-mnist", "Fashion-MNIST"; its folder */
    ImageFormat format;
    size_t n_train, n_test, channels, height, width, classes;
    /* Ends with a NULL name.  IDX: images and labels of the training set, then of the test set.  CIFAR: the parts of the
     * training set, of one size, then the test set. */
    const ImageFile *files;
} ImageSource;

typedef struct ImageSet {
    const ImageSource *source;
    Images train, test; /* with labels below source->classes */
} ImageSet;

extern const ImageSource image_sources[]; /* ends with a NULL name */

/* ---- by name ---- */

/* The folder that the functions below look in; "data" until it is set.  It is copied.  What was loaded before is given
 * back, so no cell may be running. */
void image_sets_folder(const char *folder);
/* To the folder that is given; NULL: to SCALEDOWN_DATA of the environment, or, where that is unset or empty, to another. */
void image_sets_find(const char *given, const char *otherwise);
/* Are its files there?  0, or -1 with an error that says which is not, where, and what fetches it.  They are looked for
 * once a process; what is in them is seen when they are loaded. */
int image_set_check(const char *name, Error *error);
/* The set, which lives as long as the process; NULL with an error.  From any thread: the first one loads it while others
 * wait, and an error is the same for all. */
const ImageSet *image_set(const char *name, Error *error);

/* ---- from a folder ---- */

int image_source_check(const ImageSource *source, const char *folder, Error *error);
int image_source_read(const ImageSource *source, const char *folder, Arena *arena, ImageSet *set, Error *error);

#endif
