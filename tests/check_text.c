/* Texts that grow, what a terminal may show, and errors. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "sandbox.h"
#include "suite.h"

/* ---- error ---- */

START_TEST(error_is_one_clean_line) {
    ck_assert_int_eq(error_set(&error, "bad\n\x1b[31m\x7f %s", "\xc2\x9b name\t"), -1);
    ck_assert_str_eq(error.text, "bad\\n\\x1b[31m\\x7f \\u009b name\\t");
    error_set(&error, "%s", "gr\xc3\xbc\xc3\x9f");
    ck_assert_str_eq(error.text, "gr\xc3\xbc\xc3\x9f");
    error_set(&error, "again: %s", error.text);
    ck_assert_str_eq(error.text, "again: gr\xc3\xbc\xc3\x9f");
    ck_assert_int_eq(error_set(NULL, "nobody asks"), -1);
}
END_TEST

START_TEST(error_is_cut_to_its_room) {
    char *text = memory_alloc(5000, 1);
    memset(text, 'x', 4999);
    text[4999] = '\0';
    error_set(&error, "%s", text);
    ck_assert_uint_eq(strlen(error.text), sizeof error.text - 1);
    ck_assert_str_eq(error.text + sizeof error.text - 5, "x...");
    ck_assert_int_eq(file_write(text, "", 0, &error), -1); /* the advice survives a path of any length */
    check_error_names("too long", "choose a shorter path");
    memory_free(text);
}
END_TEST

/* ---- printable ---- */

START_TEST(controls_become_visible) {
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"", ""},
        {"a\\b", "a\\b"},
        {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
        {"two\nlines\r\t", "two\\nlines\\r\\t"},
        {"\x7f", "\\x7f"},
        {"gr\xc3\xbc\xc3\x9f \xe2\x89\xa4 \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xe2\x89\xa4 \xf0\x9f\x98\x80"},
        {"\xc2\x9b"
         "31m",
         "\\u009b31m"},
        {"\xe2\x80\xae"
         "txt",
         "\\u202etxt"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xc0\x8a", "\\xc0\\x8a"},
        {"\xe0\x80\x8a", "\\xe0\\x80\\x8a"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xe2\x82"
         "x",
         "\\xe2\\x82x"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_str_eq(text_printable(arena, cases[i][0]), cases[i][1]);
        ck_assert_str_eq(text_printable(arena, cases[i][1]), cases[i][1]); /* shown once, shown for ever */
    }
}
END_TEST

/* Whatever the bytes: no control reaches the terminal, and a buffer that is too small gets whole characters. */
START_TEST(no_bytes_act_on_a_terminal) {
    for (int i = 0; i < 20000; i++) {
        char bytes[8], shown[64], part[64];
        for (int j = 0; j < 7; j++) bytes[j] = (char)(1 + next_random() % 255);
        bytes[7] = '\0';
        size_t length = printable(bytes, shown, sizeof shown), room = (size_t)(next_random() % 20);
        ck_assert_uint_eq(length, strlen(shown));
        for (unsigned char *c = (unsigned char *)shown; *c; c++) ck_assert(*c >= 0x20 && *c != 0x7f);
        ck_assert_uint_eq(printable(bytes, part, room), length);
        if (room == 0) continue;
        ck_assert_uint_lt(strlen(part), room);
        ck_assert_int_eq(strncmp(part, shown, strlen(part)), 0);
        ck_assert_str_eq(text_printable(arena, part), part); /* no half character */
    }
}
END_TEST

/* ---- text ---- */

static void fill(Text *text) {
    for (int i = 0; i < 3000; i++) text_format(text, "%d,%s\n", i, "x");
    text_add_character(text, '.');
    text_add_bytes(text, "a\0b", 3);
}

static void check_filled(const Text *text) {
    const char *at = text->data;
    for (int i = 0; i < 3000; i++, at = strchr(at, '\n') + 1) ck_assert_int_eq(atoi(at), i);
    ck_assert_uint_eq((size_t)(at - text->data) + 4, text->size);
    ck_assert_mem_eq(at, ".a\0b", 5);
}

START_TEST(a_text_grows) {
    Text own = text_create(NULL), in_arena = text_create(arena);
    ck_assert_str_eq(own.data, "");
    fill(&own);
    fill(&in_arena);
    check_filled(&own);
    check_filled(&in_arena);
    text_clear(&own);
    ck_assert_uint_eq(own.size, 0);
    ck_assert_str_eq(own.data, "");
    for (size_t length = 0; length < 2000; length += 37) { /* every way to meet the end of what there is */
        char *long_text = arena_format(arena, "%*s", (int)length, "x");
        Text text = text_create(NULL);
        text_add(&text, "begin ");
        text_format(&text, "%s", long_text);
        ck_assert_str_eq(text.data + 6, long_text);
        ck_assert_uint_eq(text.size, strlen(text.data));
        text_destroy(&text);
    }
    text_destroy(&own);
    text_destroy(&own);
    text_destroy(&in_arena);
}
END_TEST

START_TEST(fields_and_numbers) {
    Text text = text_create(arena);
    static const char *const fields[] = {"plain", "", "a,b", "say \"hi\"", "two\nlines", "cr\r", " spaces "};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        text_add_csv(&text, fields[i]);
        text_add_character(&text, ',');
    }
    ck_assert_str_eq(text.data, "plain,,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"cr\r\", spaces ,");
    text_clear(&text);
    static const double numbers[] = {0, -3, 6000, 0.1, 1e-8, 1e15, 1e300};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        text_add_number(&text, numbers[i]);
        text_add_character(&text, ' ');
        text_add_real(&text, numbers[i]);
        text_add_character(&text, ' ');
    }
    ck_assert_str_eq(text.data, "0 0.0 -3 -3.0 6000 6000.0 0.1 0.1 1e-08 1e-08 1e+15 1e+15 1e+300 1e+300 ");
    text_clear(&text);
    text_add(&text, "<");
    text_add_printable(&text, "a\x1b");
    text_add(&text, ">");
    ck_assert_str_eq(text.data, "<a\\x1b>");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, error_is_one_clean_line);
    tcase_add_test(tests, error_is_cut_to_its_room);
    tcase_add_test(tests, controls_become_visible);
    tcase_add_test(tests, no_bytes_act_on_a_terminal);
    tcase_add_test(tests, a_text_grows);
    tcase_add_test(tests, fields_and_numbers);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
