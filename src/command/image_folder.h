/* scaledown image-folder: write images of a data set as folders of JPEG files, one a class, as ImageNet is laid out. */
#ifndef SCALEDOWN_COMMAND_IMAGE_FOLDER_H
#define SCALEDOWN_COMMAND_IMAGE_FOLDER_H

#include "base/error.h"

/* argv holds the words after "image-folder".  Writes DIR/train/CLASS/NUMBER.jpeg and DIR/test/CLASS/NUMBER.jpeg, the number
 * that of the image in its set; DIR must not be there.  Returns 0, 1 when that failed, 2 when the words are at fault; then
 * with error. */
int image_folder_command(int argc, char **argv, Error *error);

#endif
