/* Data sets as ImageNet is laid out: a folder with a folder for each class, FOLDER/n01440764/n01440764_18.JPEG.
 *
 * Classes are numbered in the order of their folders' names, byte by byte, and so are the files of a class.  Only the names
 * are read; an image is decoded when it is needed (jpeg.h).  Names that begin with a dot, and files beside the folders of
 * classes, are not looked at; anything in the folder of a class but files whose names end in .jpg or .jpeg, in either case,
 * is an error, and so is a class without one. */
#ifndef SCALEDOWN_DATA_IMAGE_FOLDER_H
#define SCALEDOWN_DATA_IMAGE_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"

enum { IMAGE_FOLDER_MOST_CLASSES = 65535, IMAGE_FOLDER_MOST_FILES = 1 << 24 };

typedef struct ImageFolder {
    const char *path;
    size_t classes, n;
    const char **class_names; /* [classes] */
    const char **paths;       /* [n], with the folder's own */
    uint16_t *labels;         /* [n] */
} ImageFolder;

int image_folder_list(const char *path, Arena *arena, ImageFolder *folder, Error *error);
/* Have both the same classes?  For sets to train on and to test. */
int image_folders_agree(const ImageFolder *one, const ImageFolder *other, Error *error);
/* Of all names, classes' and files', in order: what the numbers of examples and labels rest on. */
void image_folder_sha256(const ImageFolder *folder, char hex[SHA256_HEX]);

#endif
