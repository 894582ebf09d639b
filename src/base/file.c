#define _XOPEN_SOURCE 700 /* realpath */
#include "base/file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/sha256.h"

enum { FLUSH_BYTES = 1 << 16, HOST_BYTES = 34 };

/* ---- the temporaries of this process ----
 * A list that a signal handler can walk: it is changed only while the lock is held and with all signals blocked, so a
 * handler never interrupts the thread that holds the lock, and may wait for it. */

typedef struct Temporary {
    struct Temporary *next, **link;
    const char *path;
} Temporary;

static Temporary *temporaries;
static volatile char temporaries_locked;

static sigset_t lock_temporaries(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (__atomic_test_and_set(&temporaries_locked, __ATOMIC_ACQUIRE)) poll(NULL, 0, 1);
    return before;
}

static void unlock_temporaries(sigset_t before) {
    __atomic_clear(&temporaries_locked, __ATOMIC_RELEASE);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void temporaries_remove(void) {
    lock_temporaries();
    for (const Temporary *entry = temporaries; entry; entry = entry->next) unlink(entry->path);
}

/* Open the temporary and make it known in one step: no signal can come between. */
static int open_temporary(AtomicFile *file) {
    Temporary *entry = memory_alloc(1, sizeof *entry);
    sigset_t before = lock_temporaries();
    file->descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int reason = errno;
    if (file->descriptor >= 0) {
        *entry = (Temporary){.next = temporaries, .link = &temporaries, .path = file->temporary};
        if (temporaries) temporaries->link = &entry->next;
        temporaries = entry;
        file->registered = entry;
    }
    unlock_temporaries(before);
    if (file->descriptor >= 0) return 0;
    memory_free(entry);
    errno = reason;
    return -1;
}

/* Rename the temporary, or with path NULL remove it, and forget it. */
static int close_temporary(AtomicFile *file, const char *path) {
    Temporary *entry = file->registered;
    if (!entry) return 0;
    sigset_t before = lock_temporaries();
    int failed = path ? rename(entry->path, path) : unlink(entry->path), reason = errno;
    if (!failed || !path) {
        *entry->link = entry->next;
        if (entry->next) entry->next->link = entry->link;
        file->registered = NULL;
    }
    unlock_temporaries(before);
    if (!file->registered) memory_free(entry);
    errno = reason;
    return failed;
}

/* Letters, digits and '-': the name for people, then 8 digits that tell machines and containers of one name apart. */
static const char *host_name(char host[HOST_BYTES]) {
    char identity[512] = "", hex[SHA256_HEX];
    size_t used = 0;
    gethostname(identity, 256);
    identity[255] = '\0';
    for (; identity[used] && used < HOST_BYTES - 10; used++)
        host[used] = isalnum((unsigned char)identity[used]) ? identity[used] : '-';
    size_t length = strlen(identity) + 1;
    int descriptor = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
        ssize_t more = read(descriptor, identity + length, 64);
        if (more > 0) length += (size_t)more;
        close(descriptor);
    }
    ssize_t more = readlink("/proc/self/ns/pid", identity + length, 64);
    if (more > 0) length += (size_t)more;
    sha256_hex(identity, length, hex);
    memcpy(host + used, "-", 1);
    memcpy(host + used + 1, hex, 8);
    host[used + 9] = '\0';
    return host;
}

/* ---- writing ---- */

static char *copy(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(memory_alloc(size, 1), text, size);
}

static void atomic_forget(AtomicFile *file) {
    text_destroy(&file->text);
    memory_free(file->path);
    memory_free(file->temporary);
    *file = (AtomicFile){0};
}

/* The file behind a symbolic link, or NULL with errno; a link to what does not exist yet names nothing. */
static char *follow_link(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode) || stat(path, &status) != 0) return copy(path);
    char *resolved = realpath(path, NULL), *target = resolved ? copy(resolved) : NULL;
    free(resolved);
    return target;
}

/* What is no regular file, and whatever the operating system keeps in /dev: /dev/stdout may lead to one. */
static int is_direct(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && (!S_ISREG(status.st_mode) || strncmp(path, "/dev/", 5) == 0);
}

int atomic_open(AtomicFile *file, const char *path, Error *error) {
    *file = (AtomicFile){.text = text_create(NULL), .descriptor = -1};
    if (is_direct(path)) {
        file->path = copy(path);
        file->descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (file->descriptor >= 0) return 0;
    } else if ((file->path = follow_link(path)) != NULL) {
        char host[HOST_BYTES];
        const size_t size = strlen(file->path) + HOST_BYTES + 32;
        file->temporary = memory_alloc(size, 1);
        snprintf(file->temporary, size, "%s.tmp.%s.%ld", file->path, host_name(host), (long)getpid());
        if (open_temporary(file) == 0) return 0;
    }
    error_set_system(error, "write", path);
    atomic_forget(file);
    return -1;
}

static void write_out(AtomicFile *file, const char *data, size_t size) {
    while (size && !file->failure) {
        ssize_t written = write(file->descriptor, data, size < (1u << 30) ? size : 1u << 30);
        if (written >= 0) {
            data += written;
            size -= (size_t)written;
        } else if (errno != EINTR)
            file->failure = errno;
    }
}

void atomic_flush(AtomicFile *file) {
    if (file->text.size < FLUSH_BYTES) return;
    write_out(file, file->text.data, file->text.size);
    text_clear(&file->text);
}

/* Everything written, on the disk and closed.  Devices and some file systems cannot sync, which is no failure. */
static int finish(AtomicFile *file, Error *error) {
    if (file->descriptor < 0) return 0; /* it already is */
    write_out(file, file->text.data, file->text.size);
    text_clear(&file->text);
    if (!file->failure && fsync(file->descriptor) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
        file->failure = errno;
    if (close(file->descriptor) != 0 && !file->failure && errno != EINTR) file->failure = errno;
    file->descriptor = -1;
    errno = file->failure;
    return file->failure ? error_set_system(error, "write", file->path) : 0;
}

int atomic_finish_all(AtomicFile *files, size_t n, Error *error) {
    int failed = 0;
    for (size_t i = 0; i < n && !failed; i++) failed = finish(&files[i], error);
    return failed;
}

int atomic_commit_all(AtomicFile *files, size_t n, Error *error) {
    int failed = atomic_finish_all(files, n, error);
    for (size_t i = 0; i < n && !failed; i++)
        if (close_temporary(&files[i], files[i].path)) failed = error_set_system(error, "write", files[i].path);
    for (size_t i = 0; i < n; i++) atomic_abandon(&files[i]); /* what was renamed is no longer there */
    return failed;
}

int atomic_commit(AtomicFile *file, Error *error) {
    return atomic_commit_all(file, 1, error);
}

void atomic_abandon(AtomicFile *file) {
    if (!file->path) return;
    if (file->descriptor >= 0) close(file->descriptor);
    close_temporary(file, NULL);
    atomic_forget(file);
}

/* Reads until the end or past limit; sizes are not trusted, since a file may grow and a pipe has none.  0, or -1 with
 * errno. */
static int read_all(int descriptor, size_t guess, size_t limit, Arena *arena, unsigned char **data, size_t *size) {
    size_t capacity = guess + 1, used = 0;
    unsigned char *buffer = arena_alloc(arena, capacity + 1, 1);
    for (ssize_t more; used <= limit;) {
        if (used == capacity) {
            unsigned char *larger = arena_alloc(arena, 2 * capacity + 1, 1);
            buffer = memcpy(larger, buffer, used);
            capacity *= 2;
        }
        size_t room = capacity - used < (1u << 30) ? capacity - used : 1u << 30;
        do more = read(descriptor, buffer + used, room);
        while (more < 0 && errno == EINTR);
        if (more < 0) return -1;
        if (more == 0) break;
        used += (size_t)more;
    }
    buffer[used] = '\0';
    *data = buffer;
    *size = used;
    return 0;
}

int file_read(const char *path, size_t limit, Arena *arena, unsigned char **data, size_t *size, Error *error) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC), result = 0;
    if (descriptor < 0) return error_set_system(error, "read", path);
    struct stat status;
    int regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    size_t guess = regular ? (size_t)status.st_size : 65536;
    if (guess > limit && regular)
        *size = guess;
    else if (read_all(descriptor, guess, limit, arena, data, size))
        result = error_set_system(error, "read", path);
    close(descriptor);
    if (!result && *size > limit)
        return error_set(error,
                         "cannot read %.600s: it has more than the %zu bytes allowed; check that it is the right file",
                         path, limit);
    return result;
}

int file_write(const char *path, const void *data, size_t size, Error *error) {
    AtomicFile file;
    if (atomic_open(&file, path, error)) return -1;
    write_out(&file, data, size); /* a failure stays in the file for the commit */
    return atomic_commit(&file, error);
}

int file_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

int directory_can_be_read(const char *path, Error *error) {
    DIR *directory = opendir(path);
    const int entered = directory && access(path, X_OK) == 0;
    const int why = errno;
    if (directory) closedir(directory);
    errno = why;
    return entered || (!directory && why == ENOENT) ? 0 : error_set_system(error, "read", path);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int directory_names(const char *path, Arena *arena, size_t *n, char ***names, Error *error) {
    DIR *directory = opendir(path);
    size_t capacity = 0;
    *n = 0;
    *names = NULL;
    if (!directory) return errno == ENOENT ? 1 : error_set_system(error, "read", path);
    for (struct dirent *entry; errno = 0, (entry = readdir(directory)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (*n == capacity) {
            char **larger = arena_alloc(arena, capacity = 2 * capacity + 16, sizeof *larger);
            if (*n) memcpy(larger, *names, *n * sizeof *larger);
            *names = larger;
        }
        (*names)[(*n)++] = arena_copy_text(arena, entry->d_name);
    }
    const int status = errno ? error_set_system(error, "read", path) : 0;
    closedir(directory);
    if (*n) qsort(*names, *n, sizeof **names, compare_names);
    return status;
}

int file_remove(const char *path, Error *error) {
    if (unlink(path) == 0 || errno == ENOENT) return 0;
    return error_set_system(error, "remove", path);
}

static int directory_create_one(const char *path) {
    if (mkdir(path, 0777) == 0) return 0;
    const int reason = errno;
    struct stat status;
    if (stat(path, &status) != 0)
        errno = reason == EEXIST ? errno : reason;
    else if (S_ISDIR(status.st_mode))
        return 0;
    else
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

/* Whether name is FILE.tmp.HOST.PID, for any FILE or the given one, and nobody writes it any more. */
static int is_stale(const char *path, const char *name, const char *file, const char *host) {
    const char *digits = strrchr(name, '.'), *start = digits;
    while (start && start > name && start[-1] != '.') start--; /* of HOST */
    if (!digits || start - name < 5 || memcmp(start - 5, ".tmp.", 5) != 0) return 0;
    size_t length = (size_t)(start - 5 - name);
    if (file && (strlen(file) != length || memcmp(name, file, length) != 0)) return 0;
    long long process;
    if (parse_integer(digits + 1, 1, INT32_MAX, &process)) return 0;
    if (strlen(host) == (size_t)(digits - start) && memcmp(host, start, strlen(host)) == 0)
        if (kill((pid_t)process, 0) != 0 && errno == ESRCH) return 1;
    struct stat status;
    return stat(path, &status) == 0 && difftime(time(NULL), status.st_mtime) > STALE_DAYS * 86400.0;
}

/* Those of one file in the directory, or with NULL of all. */
static int remove_stale(const char *directory, const char *file) {
    int removed = 0;
    char host[HOST_BYTES];
    Arena *arena = arena_create(4096);
    Error ignored = {""};
    size_t n;
    char **names;
    host_name(host);
    directory_names(directory, arena, &n, &names, &ignored);
    for (size_t i = 0; i < n; i++) {
        const char *path = path_join(arena, directory, names[i]);
        if (is_stale(path, names[i], file, host)) removed += unlink(path) == 0;
    }
    arena_destroy(arena);
    return removed;
}

int directory_remove_stale(const char *path) {
    return remove_stale(path, NULL);
}

int file_can_be_written(const char *path, Error *error) {
    AtomicFile file;
    if (atomic_open(&file, path, error)) return 0;
    Arena *arena = arena_create(4096);
    const char *slash = strrchr(file.path, '/');
    const char *directory = slash ? arena_format(arena, "%.*s", (int)(slash - file.path) + 1, file.path) : ".";
    if (file.temporary) remove_stale(directory, slash ? slash + 1 : file.path);
    arena_destroy(arena);
    atomic_abandon(&file);
    return 1;
}

char *path_join(Arena *arena, const char *directory, const char *name) {
    size_t length = strlen(directory);
    const char *separator = length && directory[length - 1] != '/' ? "/" : "";
    return arena_format(arena, "%s%s%s", directory, separator, name);
}
