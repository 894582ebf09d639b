/* Files that are either whole or absent: written beside their final name as PATH.tmp.PID, flushed, then renamed.
 * Devices and pipes (/dev/null) cannot be renamed over; they are written directly. */
#ifndef SCALEDOWN_BASE_FILE_H
#define SCALEDOWN_BASE_FILE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct AtomicFile {
    FILE *stream;    /* write here */
    char *path;      /* where it will appear */
    char *temporary; /* where it is until then; NULL for a device or pipe */
} AtomicFile;

int atomic_open(AtomicFile *file, const char *path, Error *error);
int atomic_commit(AtomicFile *file, Error *error); /* flush, sync, rename; on failure nothing is left behind */
/* Files that belong together: the first is renamed only when the last is whole on the disk. */
int atomic_commit_all(AtomicFile *files, size_t n, Error *error);
void atomic_abandon(AtomicFile *file); /* remove the temporary; safe after commit, and on one of zeros */

/* Whole contents in the arena, NUL-terminated behind *size bytes; files above limit bytes are refused. */
int file_read(const char *path, size_t limit, Arena *arena, unsigned char **data, size_t *size, Error *error);
int file_write(const char *path, const void *data, size_t size, Error *error); /* atomically */
/* To know before long work: 1, or 0 with the error.  Leaves nothing behind. */
int file_can_be_written(const char *path, Error *error);
int file_exists(const char *path);               /* 1 or 0; a folder exists, too */
int file_remove(const char *path, Error *error); /* absent is fine */

/* Create a directory and its parents; existing is fine. */
int directory_create(const char *path, Error *error);

/* Remove temporaries (*.tmp.PID) directly inside that were left by processes that no longer run, as after a kill.
 * An absent directory is fine.  Returns how many were removed. */
int directory_remove_stale(const char *path);

/* "a/b" from "a" and "b", in the arena. */
char *path_join(Arena *arena, const char *directory, const char *name);

#endif
