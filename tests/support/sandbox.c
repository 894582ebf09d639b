#define _XOPEN_SOURCE 700
#include "sandbox.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

char folder[64];
Arena *arena;
Error error;

void sandbox_begin(void) {
    strcpy(folder, "/tmp/scaledown_base.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    arena = arena_create(0);
    error.text[0] = '\0';
}

void sandbox_end(void) {
    char *command = arena_format(arena, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    arena_destroy(arena);
}

char *in_folder(const char *name) {
    return path_join(arena, folder, name);
}

int files_in_folder(void) {
    FILE *list = popen(arena_format(arena, "ls -A '%s' | wc -l", folder), "r");
    int count = -1;
    ck_assert_int_eq(fscanf(list, "%d", &count), 1);
    pclose(list);
    return count;
}

void check_content(const char *path, const char *expected) {
    unsigned char *data;
    size_t size;
    ck_assert_msg(file_read(path, 1 << 20, arena, &data, &size, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(size, strlen(expected));
    ck_assert_str_eq((char *)data, expected);
}

void check_error_names(const char *a, const char *b) {
    ck_assert_str_ne(error.text, "");
    ck_assert_ptr_null(strchr(error.text, '\n'));
    ck_assert_msg(strstr(error.text, a) != NULL, "'%s' does not name '%s'", error.text, a);
    ck_assert_msg(strstr(error.text, b) != NULL, "'%s' does not name '%s'", error.text, b);
}

uint64_t next_random(void) { /* splitmix64 */
    static uint64_t state = 1;
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}
