#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"

static char *format_temporary(const char *path) {
    size_t size = strlen(path) + 32;
    char *name = memory_alloc(size, 1);
    snprintf(name, size, "%s.tmp.%ld", path, (long)getpid());
    return name;
}

static void atomic_forget(AtomicFile *file) {
    memory_free(file->path);
    memory_free(file->temporary);
    *file = (AtomicFile){0};
}

int atomic_open(AtomicFile *file, const char *path, Error *error) {
    struct stat status;
    int direct = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    *file = (AtomicFile){.path = memory_alloc(strlen(path) + 1, 1)};
    strcpy(file->path, path);
    if (!direct) file->temporary = format_temporary(path);
    file->stream = fopen(direct ? path : file->temporary, "wb");
    if (file->stream) return 0;
    error_set_system(error, "write", path);
    atomic_forget(file);
    return -1;
}

/* An earlier write failed and its reason is gone; one more into a file that goes away anyhow says it again. */
static int repeat_failure(const AtomicFile *file) {
    static const char page[4096];
    if (!file->temporary || write(fileno(file->stream), page, sizeof page) >= 0) errno = EIO;
    return -1;
}

/* Everything between the last write and the rename; on failure errno says why. */
static int flush_and_sync(const AtomicFile *file) {
    FILE *stream = file->stream;
    if (fflush(stream) != 0) return -1;
    if (ferror(stream)) return repeat_failure(file);
    /* Devices and some file systems cannot sync: that is no failure of the write. */
    if (fsync(fileno(stream)) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) return -1;
    return 0;
}

/* Everything written, on the disk and closed. */
static int finish(AtomicFile *file, Error *error) {
    int failed = flush_and_sync(file), reason = errno;
    if (fclose(file->stream) != 0 && !failed) {
        failed = -1;
        reason = errno;
    }
    file->stream = NULL;
    errno = reason;
    return failed ? error_set_system(error, "write", file->path) : 0;
}

static int put_in_place(const AtomicFile *file, Error *error) {
    if (!file->temporary || rename(file->temporary, file->path) == 0) return 0;
    return error_set_system(error, "write", file->path);
}

int atomic_commit_all(AtomicFile *files, size_t n, Error *error) {
    int failed = 0;
    for (size_t i = 0; i < n && !failed; i++) failed = finish(&files[i], error);
    for (size_t i = 0; i < n && !failed; i++) failed = put_in_place(&files[i], error);
    for (size_t i = 0; i < n; i++) atomic_abandon(&files[i]); /* what was renamed is no longer there */
    return failed;
}

int atomic_commit(AtomicFile *file, Error *error) {
    return atomic_commit_all(file, 1, error);
}

void atomic_abandon(AtomicFile *file) {
    if (!file->path) return;
    if (file->stream) fclose(file->stream);
    if (file->temporary) unlink(file->temporary);
    atomic_forget(file);
}

/* Reads until the end or past limit; sizes are not trusted, since a file may grow and a pipe has none. */
static int read_stream(FILE *stream, size_t guess, size_t limit, Arena *arena, unsigned char **data, size_t *size) {
    size_t capacity = guess + 1, used = 0;
    unsigned char *buffer = arena_alloc(arena, capacity + 1, 1);
    for (;;) {
        used += fread(buffer + used, 1, capacity - used, stream);
        if (used < capacity || used > limit) break;
        unsigned char *larger = arena_alloc(arena, 2 * capacity + 1, 1);
        buffer = memcpy(larger, buffer, used);
        capacity *= 2;
    }
    buffer[used] = '\0';
    *data = buffer;
    *size = used;
    return ferror(stream) ? -1 : 0;
}

int file_read(const char *path, size_t limit, Arena *arena, unsigned char **data, size_t *size, Error *error) {
    FILE *stream = fopen(path, "rb");
    if (!stream) return error_set_system(error, "read", path);
    struct stat status;
    int regular = fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode);
    size_t guess = regular ? (size_t)status.st_size : 65536;
    int result = 0;
    if (guess > limit && regular)
        *size = guess;
    else
        result = read_stream(stream, guess, limit, arena, data, size);
    if (result) error_set_system(error, "read", path);
    fclose(stream);
    if (!result && *size > limit)
        return error_set(error,
                         "cannot read %.600s: it has more than the %zu bytes allowed; check that it is the right file",
                         path, limit);
    return result;
}

int file_write(const char *path, const void *data, size_t size, Error *error) {
    AtomicFile file;
    if (atomic_open(&file, path, error)) return -1;
    if (size) fwrite(data, 1, size, file.stream); /* a failure stays in the stream for the commit */
    return atomic_commit(&file, error);
}

int file_can_be_written(const char *path, Error *error) {
    AtomicFile file;
    if (atomic_open(&file, path, error)) return 0;
    atomic_abandon(&file);
    return 1;
}

int file_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0;
}

int file_remove(const char *path, Error *error) {
    if (unlink(path) == 0 || errno == ENOENT) return 0;
    return error_set_system(error, "remove", path);
}

static int directory_create_one(const char *path) {
    if (mkdir(path, 0777) == 0) return 0;
    int reason = errno;
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return 0;
    errno = reason == EEXIST ? ENOTDIR : reason;
    return -1;
}

int directory_create(const char *path, Error *error) {
    size_t length = strlen(path);
    char *prefix = memory_alloc(length + 1, 1);
    strcpy(prefix, path);
    int result = 0;
    for (size_t i = 1; i <= length && !result; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        prefix[i] = '\0';
        result = directory_create_one(prefix);
        prefix[i] = path[i];
    }
    if (length == 0) {
        errno = ENOENT;
        result = -1;
    }
    if (result) error_set_system(error, "create the folder", path);
    memory_free(prefix);
    return result;
}

/* Whether name is *.tmp.PID of a process that no longer runs. */
static int is_stale(const char *name) {
    const char *digits = strrchr(name, '.');
    if (!digits || digits - name < 4 || memcmp(digits - 4, ".tmp", 4) != 0) return 0;
    long long process;
    if (parse_integer(digits + 1, 1, INT32_MAX, &process)) return 0;
    return kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

int directory_remove_stale(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) return 0;
    int removed = 0;
    Arena *arena = arena_create(4096);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL; arena_reset(arena))
        if (is_stale(entry->d_name)) removed += unlink(path_join(arena, path, entry->d_name)) == 0;
    arena_destroy(arena);
    closedir(directory);
    return removed;
}

char *path_join(Arena *arena, const char *directory, const char *name) {
    size_t length = strlen(directory);
    const char *separator = length && directory[length - 1] != '/' ? "/" : "";
    return arena_format(arena, "%s%s%s", directory, separator, name);
}
