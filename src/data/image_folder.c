#include "data/image_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"

/* ---- names in a folder ---- */

typedef struct Names {
    const char **names; /* in the arena, which keeps those that were outgrown */
    size_t n, room;
} Names;

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int read_names(const char *path, size_t most, Arena *arena, Names *names, Error *error) {
    DIR *directory = opendir(path);
    const struct dirent *entry;
    *names = (Names){.names = NULL};
    if (!directory) return error_set_system(error, "read", path);
    for (errno = 0; names->n <= most && (entry = readdir(directory)); errno = 0) {
        if (entry->d_name[0] == '.') continue;
        if (names->n == names->room) {
            const char **former = names->names;
            names->room = names->room ? 2 * names->room : 64;
            names->names = arena_alloc(arena, names->room, sizeof *names->names);
            if (names->n) memcpy(names->names, former, names->n * sizeof *former);
        }
        names->names[names->n++] = arena_copy_text(arena, entry->d_name);
    }
    const int status = errno ? error_set_system(error, "read", path) : 0;
    closedir(directory);
    if (!status && names->n > most)
        return error_set(error, "cannot use %.600s: it has more than the %zu names that are allowed", path, most);
    if (names->n) qsort(names->names, names->n, sizeof *names->names, by_bytes);
    return status;
}

/* ---- classes and their files ---- */

/* Those of the names that are folders. */
static int read_classes(const char *path, Arena *arena, Names *classes, Error *error) {
    struct stat status;
    Names all;
    if (read_names(path, IMAGE_FOLDER_MOST_CLASSES, arena, &all, error)) return -1;
    *classes = (Names){.names = all.names};
    for (size_t i = 0; i < all.n; i++) {
        const char *own = path_join(arena, path, all.names[i]);
        if (stat(own, &status)) return error_set_system(error, "read", own);
        if (S_ISDIR(status.st_mode)) classes->names[classes->n++] = all.names[i];
    }
    if (classes->n) return 0;
    return error_set(
        error, "cannot use %.600s: it has no folders; images of each class must be in a folder of their own", path);
}

static int check_file(const char *path, Error *error) {
    const char *dot = strrchr(path, '.');
    struct stat status;
    if (stat(path, &status)) return error_set_system(error, "read", path);
    if (S_ISREG(status.st_mode) && dot && (!strcasecmp(dot, ".jpeg") || !strcasecmp(dot, ".jpg"))) return 0;
    return error_set(error, "cannot use %.600s: it is no .jpeg or .jpg file, and so cannot be in the folder of a class",
                     path);
}

static int read_class(const char *path, Arena *arena, Names *files, Error *error) {
    if (read_names(path, IMAGE_FOLDER_MOST_FILES, arena, files, error)) return -1;
    for (size_t i = 0; i < files->n; i++) {
        files->names[i] = path_join(arena, path, files->names[i]);
        if (check_file(files->names[i], error)) return -1;
    }
    return files->n ? 0 : error_set(error, "cannot use %.600s: the folder of a class has no images", path);
}

int image_folder_list(const char *path, Arena *arena, ImageFolder *folder, Error *error) {
    Names classes, *files;
    *folder = (ImageFolder){.path = arena_copy_text(arena, path)};
    if (read_classes(path, arena, &classes, error)) return -1;
    folder->classes = classes.n;
    folder->class_names = classes.names;
    files = arena_alloc(arena, classes.n, sizeof *files);
    for (size_t c = 0; c < classes.n; c++) {
        if (read_class(path_join(arena, path, classes.names[c]), arena, &files[c], error)) return -1;
        folder->n += files[c].n; /* each at most 2^24, of 2^16 classes */
        if (folder->n > IMAGE_FOLDER_MOST_FILES)
            return error_set(error, "cannot use %.600s: it has more than the %d images that are allowed", path,
                             IMAGE_FOLDER_MOST_FILES);
    }
    folder->paths = arena_alloc(arena, folder->n, sizeof *folder->paths);
    folder->labels = arena_alloc(arena, folder->n, sizeof *folder->labels);
    for (size_t c = 0, at = 0; c < classes.n; at += files[c++].n) {
        memcpy(folder->paths + at, files[c].names, files[c].n * sizeof *folder->paths);
        for (size_t i = 0; i < files[c].n; i++) folder->labels[at + i] = (uint16_t)c;
    }
    return 0;
}

int image_folders_agree(const ImageFolder *one, const ImageFolder *other, Error *error) {
    const size_t least = one->classes < other->classes ? one->classes : other->classes;
    size_t c = 0;
    while (c < least && !strcmp(one->class_names[c], other->class_names[c])) c++;
    if (c == one->classes && c == other->classes) return 0;
    return error_set(error, "class %zu (from 0) of %.300s is %.80s, but of %.300s it is %.80s: both must have the same",
                     c, one->path, c < one->classes ? one->class_names[c] : "absent", other->path,
                     c < other->classes ? other->class_names[c] : "absent");
}

void image_folder_sha256(const ImageFolder *folder, char hex[SHA256_HEX]) {
    const size_t behind = strlen(folder->path);
    Sha256 hash;
    sha256_begin(&hash);
    for (size_t i = 0; i < folder->n; i++)
        sha256_add(&hash, folder->paths[i] + behind, strlen(folder->paths[i] + behind) + 1);
    sha256_end(&hash, hex);
}
