/* Files that are either whole or absent: written beside their final name as PATH.tmp.HOST.PID, flushed, then renamed.
 * Devices and pipes (/dev/null, /dev/stdout) cannot be renamed over; they are written directly.  A symbolic link is
 * followed: the file that it names is replaced.
 *
 * HOST names this machine, as far as processes see it (name, machine identity, process namespace): jobs of several
 * machines or containers may share a folder. */
#ifndef SCALEDOWN_BASE_FILE_H
#define SCALEDOWN_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef struct AtomicFile {
    char *path;       /* where it will appear */
    char *temporary;  /* where it is until then; NULL for a device or pipe */
    Text text;        /* write here, with all that base/text.h has */
    int descriptor;   /* of the operating system */
    int failure;      /* errno of the first write that failed, or 0: the commit fails with it */
    void *registered; /* see temporaries_remove */
} AtomicFile;

int atomic_open(AtomicFile *file, const char *path, Error *error);
/* Hand what text holds to the operating system once it is much: for files that are larger than memory should be. */
void atomic_flush(AtomicFile *file);
int atomic_commit(AtomicFile *file, Error *error); /* flush, sync, rename; on failure nothing is left behind */
/* Files that belong together: the first is renamed only when the last is whole on the disk. */
int atomic_commit_all(AtomicFile *files, size_t n, Error *error);
/* All but the renames: the files are whole on the disk under their temporary names.  For work that may go on only
 * then; atomic_commit_all or atomic_abandon of each follows. */
int atomic_finish_all(AtomicFile *files, size_t n, Error *error);
void atomic_abandon(AtomicFile *file); /* remove the temporary; safe after commit, and on one of zeros */

/* Remove the temporaries of all files that this process has open, for one that must end at once: in a signal handler
 * and in the handler of memory that ran out, from any thread.  No file can be opened or committed afterwards (who
 * tries waits for ever), and no second caller returns: call _exit or raise the signal next. */
void temporaries_remove(void);

/* Whole contents in the arena, NUL-terminated behind *size bytes; files above limit bytes are refused. */
int file_read(const char *path, size_t limit, Arena *arena, unsigned char **data, size_t *size, Error *error);
int file_write(const char *path, const void *data, size_t size, Error *error); /* atomically */
/* To know before long work: 1, or 0 with the error.  Leaves nothing behind, and removes what a killed process left of
 * this very file. */
int file_can_be_written(const char *path, Error *error);
/* 1 or 0; a folder exists, too, and so does what the system refuses to tell of: who opens it then learns why. */
int file_exists(const char *path);
int file_remove(const char *path, Error *error); /* absent is fine */

/* Create a directory and its parents; existing is fine. */
int directory_create(const char *path, Error *error);
int directory_can_be_read(const char *path, Error *error); /* 0, also where there is none */
/* What is in it, sorted, but for "." and "..", in the arena: 0, or 1 where there is no such folder, or -1. */
int directory_names(const char *path, Arena *arena, size_t *n, char ***names, Error *error);

/* Remove temporaries directly inside that nobody writes any more, as after a kill: those of this machine whose process
 * is gone, and those of any machine last written more than STALE_DAYS ago.  An absent directory is fine.  Returns how
 * many were removed. */
enum { STALE_DAYS = 7 };
int directory_remove_stale(const char *path);

/* "a/b" from "a" and "b", in the arena. */
char *path_join(Arena *arena, const char *directory, const char *name);

#endif
