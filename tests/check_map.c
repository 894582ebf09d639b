/* Numbers found by names, many of them; columns of a table by their names. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/map.h"
#include "suite.h"

enum { KEYS = 100000 };

START_TEST(a_hundred_thousand_keys_are_found) {
    Arena *arena = arena_create(0);
    Map *map = map_create(arena);
    char other[32];
    ck_assert_uint_eq(map_count(map), 0);
    ck_assert_uint_eq(map_get(map, "key-0"), MAP_ABSENT);
    for (size_t i = 0; i < KEYS; i++) {
        ck_assert_uint_eq(map_put(map, arena_format(arena, "key-%zu", i), 3 * i), MAP_ABSENT);
        ck_assert_uint_eq(map_count(map), i + 1);
    }
    for (size_t i = 0; i < KEYS; i++) {
        snprintf(other, sizeof other, "key-%zu", i); /* the text counts, not where it is */
        ck_assert_uint_eq(map_get(map, other), 3 * i);
        ck_assert_uint_eq(map_put(map, other, 7), 3 * i); /* the first number stays */
        snprintf(other, sizeof other, "key-%zu ", i);
        ck_assert_uint_eq(map_get(map, other), MAP_ABSENT);
    }
    ck_assert_uint_eq(map_count(map), KEYS);
    ck_assert_uint_lt(arena_peak(arena), (size_t)64 << 20);
    arena_destroy(arena);
}
END_TEST

START_TEST(odd_keys_are_keys) {
    static const char *const keys[] = {"", " ", "a", "A", "\xff", "\x01", "a,b", "\n"};
    Arena *arena = arena_create(0);
    Map *map = map_create(arena);
    for (size_t i = 0; i < 8; i++) ck_assert_uint_eq(map_put(map, keys[i], i), MAP_ABSENT);
    for (size_t i = 0; i < 8; i++) ck_assert_uint_eq(map_get(map, keys[i]), i);
    ck_assert_uint_eq(map_get(map, "b"), MAP_ABSENT);
    arena_destroy(arena);
}
END_TEST

static const struct {
    const char *header, *expected;
    int agree;
} headers[] = {{"id,verdict", "id,verdict", 1},     {"id", "id", 1},
               {"verdict,id", "id,verdict", 0},     {"id", "id,verdict", 0},
               {"id,verdict,x", "id,verdict", 0},   {"id,verdic", "id,verdict", 0},
               {"id,verdicts", "id,verdict", 0},    {"i,verdict", "id,verdict", 0},
               {"\"id,verdict\"", "id,verdict", 0}, {"id,", "id,verdict", 0},
               {"ID,verdict", "id,verdict", 0},     {"id ,verdict", "id,verdict", 0}};

START_TEST(columns_must_be_those_expected) {
    Arena *arena = arena_create(0);
    CsvTable table;
    Error error = {""};
    const char *text = arena_format(arena, "%s\n", headers[_i].header);
    ck_assert_int_eq(csv_parse("table.csv", text, strlen(text), arena, &table, &error), 0);
    ck_assert_int_eq(csv_columns(&table, headers[_i].expected, &error), headers[_i].agree ? 0 : -1);
    if (!headers[_i].agree)
        ck_assert_msg(strstr(error.text, "table.csv, line 1") && strstr(error.text, headers[_i].expected), "%s",
                      error.text);
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("maps");
    TCase *t = tcase_create("maps");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_hundred_thousand_keys_are_found);
    tcase_add_test(t, odd_keys_are_keys);
    tcase_add_loop_test(t, columns_must_be_those_expected, 0, (int)(sizeof headers / sizeof *headers));
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
