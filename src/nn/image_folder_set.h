/* A folder of JPEG files (data/image_folder.h) as a labelled set.  Nothing of it is kept in memory: an image is decoded, resized
 * and normalised by ImageNet's means when a minibatch wants it, all of a minibatch on all threads. */
#ifndef SCALEDOWN_NN_IMAGE_FOLDER_SET_H
#define SCALEDOWN_NN_IMAGE_FOLDER_SET_H

#include "data/image_folder.h"
#include "nn/fit.h"

typedef struct FolderImages {
    const ImageFolder *folder;
    size_t size; /* images become [3][size][size] */
    /* Augmented for training (image_augment of data/image_transform.h), where an epoch is so many updates; 0: not.  Flip and
     * angle of an image are a function of the seed of the noise, the epoch, and its number in the folder. */
    size_t epoch_updates;
    /* A transform cannot fail: an image that cannot be read is zeros, and the first such error of the folder is here.  Look
     * whenever the set was used. */
    Error *fault;
} FolderImages;

/* images is borrowed; its fault is empty at the start. */
LabelledSet set_of_image_folder(const FolderImages *images, size_t classes);

#endif
