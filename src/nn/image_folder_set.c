#include "nn/image_folder_set.h"

#include <string.h>

#include "data/image_transform.h"
#include "kernels/threads.h"

enum { CHANNELS = 3 };

typedef struct Job {
    const FolderImages *images;
    const DropoutNoise *noise;
    size_t batch;
    Error *faults; /* [batch] */
    real *x;       /* [channels][size][size][batch] */
} Job;

static void make_example(const void *context, size_t b) {
    const Job *job = context;
    const FolderImages *images = job->images;
    const uint32_t example = job->noise->example[b];
    const size_t inputs = CHANNELS * images->size * images->size;
    Arena *arena = arena_create(0);
    float *picture = arena_alloc_zero(arena, inputs, sizeof *picture);
    ColourImage image;
    if (!jpeg_read(images->folder->paths[example], JPEG_MOST_PIXELS, images->size, arena, &image, &job->faults[b])) {
        image_resize(&image, images->size, picture);
        image_normalize(images->size, imagenet_mean, imagenet_deviation, picture);
        if (images->epoch_updates) {
            const uint64_t epoch = job->noise->step / images->epoch_updates;
            Philox draws;
            philox_seed(&draws, job->noise->seed | TRANSFORM_KEY, epoch << 32 | example);
            image_augment(&draws, images->size, picture);
        }
    }
    for (size_t i = 0; i < inputs; i++) job->x[i * job->batch + b] = (real)picture[i];
    arena_destroy(arena);
}

static void make_images(const LabelledSet *set, size_t batch, const DropoutNoise *noise, real *x) {
    const FolderImages *images = set->transform_context;
    Arena *arena = arena_create(0);
    const Job job = {images, noise, batch, arena_alloc_zero(arena, batch, sizeof(Error)), x};
    threads_run(batch, batch > 1, make_example, &job);
    for (size_t b = 0; b < batch; b++)
        if (!images->fault->text[0]) *images->fault = job.faults[b];
    arena_destroy(arena);
}

LabelledSet set_of_image_folder(const FolderImages *images, size_t classes) {
    return (LabelledSet){.example = shape_image(CHANNELS, images->size, images->size, 1),
                         .n = images->folder->n,
                         .classes = classes,
                         .labels = images->folder->labels,
                         .transform = make_images,
                         .transform_context = images};
}
