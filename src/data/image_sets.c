#include "data/image_sets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/options.h"
#include "data/cifar.h"
#include "data/idx.h"

/* The sums of data/SHA256SUMS. */
static const ImageFile mnist_files[] = {
    {"train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
    {NULL, NULL}};
static const ImageFile fashion_mnist_files[] = {
    {"train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
    {"train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
    {"t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
    {"t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"},
    {NULL, NULL}};
static const ImageFile cifar_10_files[] = {
    {"data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"},
    {"data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"},
    {"data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"},
    {"data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"},
    {"data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"},
    {"test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"},
    {NULL, NULL}};

const ImageSource image_sources[] = {
    {"mnist", "MNIST", "mnist", IMAGES_IDX, 60000, 10000, 1, 28, 28, 10, mnist_files},
    {"fashion-mnist", "Fashion-MNIST", "fashion-mnist", IMAGES_IDX, 60000, 10000, 1, 28, 28, 10, fashion_mnist_files},
    {"cifar-10", "CIFAR-10", "cifar-10-batches-bin", IMAGES_CIFAR, 50000, 10000, 3, 32, 32, 10, cifar_10_files},
    {NULL, NULL, NULL, IMAGES_IDX, 0, 0, 0, 0, 0, 0, NULL}};
enum { N_SOURCES = sizeof image_sources / sizeof *image_sources - 1 };

/* ---- from a folder ---- */

/* Where a file is, or NULL. */
static const char *find_file(const ImageSource *source, const char *folder, const char *name, Arena *arena) {
    static const char *const suffixes[] = {"", ".gz", ".xz"};
    for (int i = 0; i < 3; i++) {
        const char *own = path_join(arena, folder, source->folder);
        const char *path = path_join(arena, own, arena_format(arena, "%s%s", name, suffixes[i]));
        if (file_exists(path)) return path;
    }
    return NULL;
}

static int absent(const ImageSource *source, const char *folder, const char *name, Error *error) {
    return error_set(error, "%s is not in %.300s/%s (no %s); `make data SETS=%s` fetches it", source->title, folder,
                     source->folder, name, source->name);
}

int image_source_check(const ImageSource *source, const char *folder, Error *error) {
    Arena *arena = arena_create(4096);
    int status = 0;
    for (const ImageFile *file = source->files; file->name && !status; file++)
        if (!find_file(source, folder, file->name, arena)) status = absent(source, folder, file->name, error);
    arena_destroy(arena);
    return status;
}

/* Is what was read what the source says? */
static int check_file(const ImageSource *source, const ImageFile *file, const char *path, const char *sha256,
                      Error *error) {
    if (!file->sha256 || strcmp(file->sha256, sha256) == 0) return 0;
    return error_set(error,
                     "cannot use %.600s: it is not that of %s, whose SHA-256 is %.12s...; remove it, and `make data "
                     "SETS=%s` fetches the right one",
                     path, source->title, file->sha256, source->name);
}

static int check_shape(const ImageSource *source, size_t n, const char *path, const Images *images, Error *error) {
    if (images->n == n && images->channels == source->channels && images->height == source->height &&
        images->width == source->width)
        return 0;
    return error_set(error,
                     "cannot use %.600s: it has %zu images of %zu x %zu x %zu, but those of %s are %zu of %zu x "
                     "%zu x %zu (channels, height, width)",
                     path, images->n, images->channels, images->height, images->width, source->title, n,
                     source->channels, source->height, source->width);
}

/* Images and labels of one of the two sets, from two files. */
static int read_idx(const ImageSource *source, const char *folder, const ImageFile files[2], size_t n, Arena *arena,
                    Images *images, Error *error) {
    const size_t pixels = n * source->channels * source->height * source->width;
    const char *paths[2];
    char sha256[SHA256_HEX];
    size_t n_labels;
    for (int i = 0; i < 2; i++)
        if (!(paths[i] = find_file(source, folder, files[i].name, arena)))
            return absent(source, folder, files[i].name, error);
    if (idx_read_images(paths[0], pixels, arena, images, sha256, error) ||
        check_shape(source, n, paths[0], images, error) || check_file(source, &files[0], paths[0], sha256, error) ||
        idx_read_labels(paths[1], 4 * n, arena, &n_labels, &images->labels, sha256, error) ||
        check_file(source, &files[1], paths[1], sha256, error))
        return -1;
    if (n_labels != n)
        return error_set(error, "cannot use %.600s: it has %zu labels, but %s has %zu images", paths[1], n_labels,
                         source->title, n);
    for (size_t i = 0; i < n; i++)
        if (images->labels[i] >= source->classes)
            return error_set(error, "cannot use %.600s: label %zu (from 0) is %d, but must be below %zu", paths[1], i,
                             images->labels[i], source->classes);
    return 0;
}

/* The n_files parts of one of the two sets. */
static int read_cifar(const ImageSource *source, const char *folder, const ImageFile *files, size_t n_files, size_t n,
                      Arena *arena, Images *images, Error *error) {
    const size_t of_file = n / n_files, bytes = source->channels * source->height * source->width;
    uint8_t *pixels = arena_alloc(arena, n, bytes);
    uint16_t *labels = arena_alloc(arena, n, sizeof *labels);
    int status = 0;
    for (size_t i = 0; i < n_files && !status; i++) {
        Arena *scratch = arena_create(0);
        Images part;
        char sha256[SHA256_HEX];
        const char *path = find_file(source, folder, files[i].name, scratch);
        if (!path)
            status = absent(source, folder, files[i].name, error);
        else
            status = cifar_read(path, of_file, scratch, &part, sha256, error) ||
                     check_shape(source, of_file, path, &part, error) ||
                     check_file(source, &files[i], path, sha256, error);
        if (!status) memcpy(pixels + i * of_file * bytes, part.pixels, of_file * bytes);
        if (!status) memcpy(labels + i * of_file, part.labels, of_file * sizeof *labels);
        arena_destroy(scratch);
    }
    *images = (Images){n, source->channels, source->height, source->width, pixels, labels};
    return status ? -1 : 0;
}

int image_source_read(const ImageSource *source, const char *folder, Arena *arena, ImageSet *set, Error *error) {
    const ImageFile *files = source->files;
    size_t n = 0;
    while (files[n].name) n++;
    *set = (ImageSet){.source = source};
    if (source->format == IMAGES_IDX)
        return read_idx(source, folder, files, source->n_train, arena, &set->train, error) ||
                       read_idx(source, folder, files + 2, source->n_test, arena, &set->test, error)
                   ? -1
                   : 0;
    return read_cifar(source, folder, files, n - 1, source->n_train, arena, &set->train, error) ||
                   read_cifar(source, folder, files + n - 1, 1, source->n_test, arena, &set->test, error)
               ? -1
               : 0;
}

/* ---- by name, once a process ---- */

typedef struct Loaded {
    int checked, read; /* 0: not yet; 1: well; -1: with a fault */
    Error missing, fault;
    Arena *arena;
    ImageSet set;
} Loaded;

static struct {
    pthread_mutex_t lock;
    Arena *arena; /* of the folder's name */
    const char *folder;
    Loaded sets[N_SOURCES];
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER, .folder = "data"};

void image_sets_folder(const char *folder) {
    pthread_mutex_lock(&shared.lock);
    Arena *arena = arena_create(4096);
    const char *copy = arena_copy_text(arena, folder);
    for (int i = 0; i < N_SOURCES; i++) arena_destroy(shared.sets[i].arena);
    memset(shared.sets, 0, sizeof shared.sets);
    arena_destroy(shared.arena);
    shared.arena = arena;
    shared.folder = copy;
    pthread_mutex_unlock(&shared.lock);
}

void image_sets_find(const char *given, const char *otherwise) {
    const char *folder = given ? given : getenv("SCALEDOWN_DATA");
    image_sets_folder(folder && *folder ? folder : otherwise);
}

/* N_SOURCES, with an error, for an unknown name. */
static size_t find_source(const char *name, Error *error) {
    Nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < N_SOURCES; i++) {
        if (strcmp(image_sources[i].name, name) == 0) return i;
        nearest_consider(&nearest, image_sources[i].name);
    }
    error_set(error, "unknown data set \"%.80s\"%s%s; there are mnist, fashion-mnist and cifar-10", name,
              nearest.name ? ", nearest: " : "", nearest.name ? nearest.name : "");
    return N_SOURCES;
}

int image_set_check(const char *name, Error *error) {
    const size_t i = find_source(name, error);
    if (i == N_SOURCES) return -1;
    Loaded *loaded = &shared.sets[i];
    pthread_mutex_lock(&shared.lock);
    if (!loaded->checked)
        loaded->checked = image_source_check(&image_sources[i], shared.folder, &loaded->missing) ? -1 : 1;
    const int status = loaded->checked < 0 ? error_set(error, "%s", loaded->missing.text) : 0;
    pthread_mutex_unlock(&shared.lock);
    return status;
}

const ImageSet *image_set(const char *name, Error *error) {
    const size_t i = find_source(name, error);
    if (i == N_SOURCES) return NULL;
    Loaded *loaded = &shared.sets[i];
    pthread_mutex_lock(&shared.lock);
    if (!loaded->read) {
        Arena *arena = arena_create(0);
        loaded->read =
            image_source_read(&image_sources[i], shared.folder, arena, &loaded->set, &loaded->fault) ? -1 : 1;
        if (loaded->read > 0)
            loaded->arena = arena;
        else
            arena_destroy(arena);
    }
    if (loaded->read < 0) error_set(error, "%s", loaded->fault.text);
    pthread_mutex_unlock(&shared.lock);
    return loaded->read > 0 ? &loaded->set : NULL;
}
