#include "command/image_folder.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/options.h"
#include "base/text.h"
#include "command/tool.h"
#include "data/image_sets.h"
#include "data/jpeg.h"

static const Option image_folder_options[] = {
    {"out", "DIR", NULL, "where to write (needed); it must not be there"},
    {"data", "SET", "cifar-10", "cifar-10, mnist or fashion-mnist"},
    {"data-dir", "DIR", NULL, "where `make data` put it (default: SCALEDOWN_DATA of the environment, else data)"},
    {"train-images", "N", "100", "of each class of the training set: the first ones"},
    {"test-images", "N", "20", "likewise of the test set; 0: none"},
    {"quality", "N", "95", "of the JPEG files, 1 to 100"},
    {0}};

static const char purpose[] =
    "Writes images of a data set as JPEG files, DIR/train/CLASS/NUMBER.jpeg and DIR/test/CLASS/NUMBER.jpeg: laid out "
    "as "
    "ImageNet is, for scaledown train inception-v3.  They are not ImageNet, and say nothing about it.";

typedef struct Export {
    const char *out, *set;
    long long train_images, test_images, quality;
} Export;

static int read_export(const Options *o, Export *export, Error *error) {
    static const char *const sets[] = {"cifar-10", "mnist", "fashion-mnist", NULL};
    int set;
    export->out = options_text(o, "out");
    if (!export->out || !*export->out)
        return error_set(error, "image-folder: --out DIR is missing: name the folder to write to");
    if (options_choice(o, "data", sets, &set, error) ||
        options_integer(o, "train-images", 1, 100000, &export->train_images, error) ||
        options_integer(o, "test-images", 0, 100000, &export->test_images, error) ||
        options_integer(o, "quality", 1, 100, &export->quality, error))
        return -1;
    export->set = sets[set];
    return 0;
}

/* Grey becomes all three colours. */
static void take_image(const Images *images, size_t i, ColourImage *image) {
    const size_t positions = images->height * images->width;
    const uint8_t *planes = images->pixels + i * images->channels * positions;
    for (size_t j = 0; j < positions; j++)
        for (size_t c = 0; c < 3; c++)
            image->pixels[3 * j + c] = planes[(images->channels == 3 ? c * positions : 0) + j];
}

/* The first so many images of each class; fewer are an error. */
static int write_part(const Export *export, const char *part, const Images *images, size_t classes, size_t of_class,
                      Error *error) {
    Arena *arena = arena_create(0);
    const char *folder = path_join(arena, export->out, part);
    size_t *written = arena_alloc_zero(arena, classes, sizeof *written), missing = of_class ? classes : 0;
    ColourImage image = {images->width, images->height, arena_alloc(arena, images->height * images->width, 3)};
    int status = 0;
    for (size_t c = 0; c < classes && of_class && !status; c++)
        status = directory_create(path_join(arena, folder, arena_format(arena, "%zu", c)), error);
    for (size_t i = 0; i < images->n && missing && !status; i++) {
        const unsigned label = images->labels[i];
        if (written[label] == of_class) continue;
        missing -= ++written[label] == of_class;
        take_image(images, i, &image);
        status = jpeg_write(path_join(arena, folder, arena_format(arena, "%u/%05zu.jpeg", label, i)), &image,
                            (int)export->quality, error);
    }
    if (!status && missing)
        status = error_set(error, "%zu classes of the %s set have fewer than %zu images; ask for fewer", missing, part,
                           of_class);
    arena_destroy(arena);
    return status;
}

static int write_export(const Export *export, Arena *arena, Error *error) {
    if (file_exists(export->out))
        return error_set(error, "%.600s is there: remove it or choose another folder", export->out);
    const ImageSet *set = image_set(export->set, error);
    if (!set) return -1;
    const size_t classes = set->source->classes;
    if (write_part(export, "train", &set->train, classes, (size_t) export->train_images, error) ||
        write_part(export, "test", &set->test, classes, (size_t) export->test_images, error))
        return -1;
    printf("%s: %zu classes of %s, %lld and %lld images each to train on and to test\n",
           text_printable(arena, export->out), classes, set->source->title, export->train_images, export->test_images);
    return 0;
}

static int work(const Options *options, Arena *arena, Error *error) {
    Export export;
    if (read_export(options, &export, error)) return EXIT_USAGE;
    image_sets_find(options_text(options, "data-dir"), "data");
    return write_export(&export, arena, error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int image_folder_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"image-folder", "--out DIR", purpose, 0, 0, {image_folder_options}, work};
    return tool_run(&tool, argc, argv, error);
}
