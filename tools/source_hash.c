/* Print the header that names the sources a result depends on:  source_hash COMMON... -- STUDY...
 * Paths are sorted by byte value and hashed with their contents, so neither the order of the arguments, the locale nor
 * the compiler matters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int hash_file(const char *path, char hex[SHA256_HEX]) {
    FILE *file = fopen(path, "rb");
    if (!file) return perror(path), -1;
    Sha256 hash;
    sha256_begin(&hash);
    unsigned char buffer[65536];
    for (size_t size; (size = fread(buffer, 1, sizeof buffer, file)) > 0;) sha256_add(&hash, buffer, size);
    int failed = ferror(file);
    fclose(file);
    sha256_end(&hash, hex);
    return failed ? (perror(path), -1) : 0;
}

int main(int argc, char **argv) {
    int split = 1;
    while (split < argc && strcmp(argv[split], "--") != 0) split++;
    qsort(argv + 1, (size_t)(split - 1), sizeof *argv, compare_paths);
    if (split < argc) qsort(argv + split + 1, (size_t)(argc - split - 1), sizeof *argv, compare_paths);

    char hex[SHA256_HEX];
    Sha256 all;
    sha256_begin(&all);
    for (int i = 1; i < split; i++) {
        if (hash_file(argv[i], hex)) return EXIT_FAILURE;
        sha256_add(&all, hex, 64);
        sha256_add(&all, argv[i], strlen(argv[i]) + 1);
    }
    sha256_end(&all, hex);
    printf("/* made by tools/source_hash.c */\n#define SOURCE_HASH_COMMON \"%s\"\n#define SOURCE_HASH_STUDIES \\\n",
           hex);
    for (int i = split + 1; i < argc; i++) {
        if (hash_file(argv[i], hex)) return EXIT_FAILURE;
        printf("    {\"%s\", \"%s\"}, \\\n", argv[i], hex);
    }
    printf("    {NULL, NULL}\n");
    return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
