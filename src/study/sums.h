/* A folder's SHA256SUMS: lines "<64 digits>  <name>", as sha256sum writes and checks them. */
#ifndef SCALEDOWN_STUDY_SUMS_H
#define SCALEDOWN_STUDY_SUMS_H

#include "base/arena.h"
#include "base/error.h"

typedef struct Sums {
    const char *path; /* of the list */
    size_t n;
    char **hashes, **names;
} Sums;

/* Returns 1, without an error and with no lines, when the folder has no list. */
int sums_read(const char *folder, Arena *arena, Sums *sums, Error *error);
const char *sums_find(const Sums *sums, const char *name); /* the hash, or NULL */
/* The file of that name in the folder is what its line says; a missing line is an error. */
int sums_check(const Sums *sums, const char *folder, const char *name, Arena *arena, Error *error);
/* The fresh lines, and the old ones of other files, sorted by name. */
int sums_write(const char *folder, const Sums *old, const Sums *fresh, Arena *arena, Error *error);

#endif
