/* A folder REPORT/PAPER of checked data: all that figures and report read.  Files appear together, when all are whole;
 * SHA256SUMS lists them.  What an earlier call wrote there and this one does not is removed, unless it was changed
 * since; other files are left alone. */
#ifndef SCALEDOWN_COMMAND_DATA_FOLDER_H
#define SCALEDOWN_COMMAND_DATA_FOLDER_H

#include "base/file.h"
#include "base/sha256.h"

typedef struct DataFile {
    const char *name; /* "published/lottery.csv" */
    Sha256 hash;      /* of what data_flush has seen */
} DataFile;

typedef struct DataFolder {
    const char *path;
    Arena *arena;
    size_t n, capacity;
    AtomicFile *files; /* [n] */
    DataFile *names;   /* [n] */
    size_t hashed;     /* bytes of the last file's text that its hash has */
    const char **made; /* [n_made]: folders that were not there, the innermost last */
    size_t n_made;
} DataFolder;

/* The path need not exist; the arena must last as long as the folder is open. */
DataFolder data_begin(const char *path, Arena *arena);
/* A new file: write to the text, and call data_flush now and then and at its end.  NULL on an error. */
Text *data_add(DataFolder *folder, const char *name, Error *error);
void data_flush(DataFolder *folder);
int data_commit(DataFolder *folder, Error *error);
/* As if nothing had been added, folders that were made for it included.  Safe after commit. */
void data_abandon(DataFolder *folder);

#endif
