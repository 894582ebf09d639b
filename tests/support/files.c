#include "files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *fresh_directory(void) {
    char pattern[] = "/tmp/scaledown_test_XXXXXX";
    if (!mkdtemp(pattern)) abort();
    char *copy = malloc(sizeof pattern);
    if (!copy) abort();
    return memcpy(copy, pattern, sizeof pattern);
}

void remove_tree(const char *path) {
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        char child[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        if (unlink(child)) remove_tree(child);
    }
    if (directory) closedir(directory);
    rmdir(path);
}

char *slurp(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t size = 0, room = 4096;
    char *text = malloc(room);
    while (text && (size += fread(text + size, 1, room - size, file)) == room) text = realloc(text, room *= 2);
    if (!text) abort();
    text[size] = 0;
    fclose(file);
    return text;
}

void spill(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file)) abort();
}

int edit_file(const char *path, const char *old, const char *replacement) {
    char *text = slurp(path), *found = text ? strstr(text, old) : NULL;
    if (found) {
        FILE *file = fopen(path, "wb");
        if (!file) abort();
        fwrite(text, 1, (size_t)(found - text), file);
        fputs(replacement, file);
        fputs(found + strlen(old), file);
        fclose(file);
    }
    free(text);
    return found != NULL;
}
