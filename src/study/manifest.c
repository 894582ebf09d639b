#include "study/manifest.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"
#include "study/store.h"

/* The Makefile says how this was compiled. */
#ifndef BUILD_FLAGS
#define BUILD_FLAGS "unknown"
#endif

static void write_machine(Text *text, int threads) {
    struct utsname system;
    char model[512], date[32] = "unknown";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc)) strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    machine_cpu(model, sizeof model);
    text_format(text,
                "date      %s\nsources   %s\ncompiler  %s\nflags     %s\ncpu       %s, %ld online\nthreads   %d\n",
                date, source_hash_common(), machine_compiler(), BUILD_FLAGS, model, sysconf(_SC_NPROCESSORS_ONLN),
                threads);
    if (uname(&system) >= 0) text_format(text, "system    %s %s %s\n", system.sysname, system.release, system.machine);
}

/* The manifest's folder, made when it is absent. */
static int make_folder_of(const char *path, Error *error) {
    Arena *arena = arena_create(0);
    char *directory = arena_copy_text(arena, path), *slash = strrchr(directory, '/');
    if (slash && slash != directory) *slash = 0;
    int status = slash && slash != directory ? directory_create(directory, error) : 0;
    arena_destroy(arena);
    return status;
}

int manifest_can_be_written(const char *path, Error *error) {
    return !make_folder_of(path, error) && file_can_be_written(path, error);
}

int manifest_write(const char *path, const Manifest *manifest, Error *error) {
    AtomicFile file;
    if (make_folder_of(path, error) || atomic_open(&file, path, error)) return -1;
    write_machine(&file.text, manifest->threads);
    text_format(&file.text, "cells     %zu run, %zu found stored, %zu damaged\nseconds   %.2f in all, %.2f of cells\n",
                manifest->n_run, manifest->n_stored, manifest->n_damaged, manifest->wall_seconds,
                manifest->core_seconds);
    for (size_t g = 0; g < manifest->n_grids; g++) {
        const Experiment *experiment = manifest->grids[g].experiment;
        char hash[SHA256_HEX] = "";
        if (source_hash(experiment->method, hash, error)) return atomic_abandon(&file), -1;
        text_format(&file.text, "results   %s/%s: method %s, sources %s\n", experiment->paper->name, experiment->name,
                    experiment->method->name, hash);
    }
    return atomic_commit(&file, error);
}
