/* Memory, numbers, hashes and times. */

#include <check.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/sha256.h"
#include "sandbox.h"
#include "suite.h"

/* ---- arena ---- */

START_TEST(arena_keeps_what_it_gave) {
    Arena *small = arena_create(256);
    unsigned char *pieces[200];
    for (int i = 0; i < 200; i++) {
        pieces[i] = arena_alloc(small, (size_t)i * 7, 1);
        ck_assert_uint_eq((uintptr_t)pieces[i] % 64, 0);
        memset(pieces[i], i, (size_t)i * 7);
    }
    for (int i = 0; i < 200; i++)
        for (int j = 0; j < i * 7; j++) ck_assert_int_eq(pieces[i][j], i);
    arena_destroy(small);
    arena_destroy(NULL);
}
END_TEST

START_TEST(arena_reset_reuses_blocks) {
    Arena *small = arena_create(256);
    void *first[20];
    for (int i = 0; i < 20; i++) first[i] = arena_alloc(small, 100, 1);
    size_t peak = arena_peak(small);
    ck_assert_uint_eq(peak, 20 * 128);
    for (int round = 0; round < 5; round++) {
        arena_reset(small);
        for (int i = 0; i < 20; i++) ck_assert_ptr_eq(arena_alloc(small, 100, 1), first[i]);
    }
    ck_assert_uint_eq(arena_peak(small), peak);
    arena_alloc(small, 1000, 1);
    ck_assert_uint_eq(arena_peak(small), peak + 1024);
    arena_destroy(small);
}
END_TEST

START_TEST(arena_rewinds_to_a_mark) {
    Arena *small = arena_create(256);
    ArenaMark empty = arena_mark(small);
    char *kept = arena_copy_text(small, "kept");
    ArenaMark mark = arena_mark(small);
    void *large = arena_alloc(small, 10000, 1), *tiny = arena_alloc(small, 1, 1);
    arena_rewind(small, mark);
    /* The other way round: the block that fits is found wherever it stands, nothing new is needed. */
    void *tiny_again = arena_alloc(small, 1, 1), *large_again = arena_alloc(small, 10000, 1);
    ck_assert_ptr_eq(large, large_again);
    ck_assert_ptr_ne(tiny, tiny_again); /* behind "kept" there was room */
    memset(large_again, 1, 10000);
    ck_assert_str_eq(kept, "kept");
    arena_rewind(small, empty);
    ck_assert_ptr_eq(arena_alloc(small, 1, 1), kept);
    arena_destroy(small);
}
END_TEST

START_TEST(arena_helpers) {
    double *zero = arena_alloc_zero(arena, 1000, sizeof *zero);
    for (int i = 0; i < 1000; i++) ck_assert(zero[i] == 0);
    ck_assert_ptr_ne(arena_alloc(arena, 0, 8), arena_alloc(arena, 8, 0));
    ck_assert_str_eq(arena_format(arena, "%s-%d", "cell", 42), "cell-42");
    char *text = memory_alloc_zero(3, 5);
    for (int i = 0; i < 15; i++) ck_assert_int_eq(text[i], 0);
    ck_assert_uint_eq((uintptr_t)text % 64, 0);
    memory_free(text);
}
END_TEST

static jmp_buf exhausted;
static size_t exhausted_bytes;
static void note_exhausted(size_t bytes) {
    exhausted_bytes = bytes;
    longjmp(exhausted, 1);
}

START_TEST(products_are_checked) {
    static const size_t cases[][2] = {
        {SIZE_MAX, 2}, {SIZE_MAX / 8 + 2, 8}, {(size_t)1 << 32, (size_t)1 << 32}, {SIZE_MAX, 1}};
    memory_set_exhausted_handler(note_exhausted);
    for (volatile int i = 0; i < 4; i++) {
        exhausted_bytes = 0;
        if (!setjmp(exhausted)) arena_alloc(arena, cases[i][0], cases[i][1]);
        ck_assert_uint_eq(exhausted_bytes, SIZE_MAX);
        exhausted_bytes = 0;
        if (!setjmp(exhausted)) memory_alloc(cases[i][0], cases[i][1]);
        ck_assert_uint_eq(exhausted_bytes, SIZE_MAX);
    }
    memory_set_exhausted_handler(NULL);
}
END_TEST

/* ---- numbers ---- */

START_TEST(numbers_are_read_whole) {
    static const char *const bad[] = {"",    " ",    " 1",       "1 ",    "12x",   "0x10",  "nan",  "NAN",
                                      "inf", "-inf", "infinity", "1e",    "1e+",   "e5",    ".",    "-",
                                      "+",   "+-1",  "1,5",      "1.2.3", "1e5.0", "1e999", "--1",  "-1e999",
                                      "1\n", "1d5",  "0b1",      "1'000", "1_000", "\t1",   "1e1e1"};
    double value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(parse_double(bad[i], &value) == -1, "'%s' was taken for a number", bad[i]);
        ck_assert(value == 7);
    }
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},      {"-12", -12}, {"+3", 3},          {"0.1", 0.1},
                {".5", 0.5},   {"5.", 5},    {"1e-08", 1e-08},   {"1E+2", 100},
                {"1e-999", 0}, {"007", 7},   {"4e-320", 4e-320}, {"1.7976931348623157e308", DBL_MAX}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(parse_double(good[i].text, &value) == 0, "'%s' was refused", good[i].text);
        ck_assert_msg(value == good[i].value, "'%s' was read as %g", good[i].text, value);
    }
}
END_TEST

START_TEST(integers_are_read_whole) {
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x10",
                                      "-",
                                      "+",
                                      "12x",
                                      "101",
                                      "-101",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"};
    long long value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(parse_integer(bad[i], -100, 100, &value) == -1, "'%s' was taken for a number", bad[i]);
    ck_assert_int_eq(value, 7);
    ck_assert_int_eq(parse_integer("99999999999999999999999", INT64_MIN, INT64_MAX, &value), -1);
    ck_assert_int_eq(parse_integer("-9223372036854775808", INT64_MIN, INT64_MAX, &value), 0);
    ck_assert(value == INT64_MIN);
    ck_assert_int_eq(parse_integer("-100", -100, 100, &value), 0);
    ck_assert_int_eq(value, -100);
    ck_assert_int_eq(parse_integer("+007", -100, 100, &value), 0);
    ck_assert_int_eq(value, 7);
}
END_TEST

START_TEST(numbers_are_written_short) {
    static const struct {
        double value;
        const char *text;
    } doubles[] = {{0, "0"},
                   {-0.0, "-0"},
                   {42, "42"},
                   {6000, "6000"},
                   {-150, "-150"},
                   {0.1, "0.1"},
                   {1e-8, "1e-08"},
                   {1e15, "1e+15"},
                   {1e14, "100000000000000"},
                   {0.1 + 0.2, "0.30000000000000004"},
                   {DBL_MAX, "1.7976931348623157e+308"},
                   {-DBL_MIN, "-2.2250738585072014e-308"},
                   {5e-324, "5e-324"},
                   {123456.789, "123456.789"},
                   {NAN, "nan"},
                   {-INFINITY, "-inf"},
                   {1.0 / 3, "0.3333333333333333"}};
    char text[32];
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        ck_assert_str_eq(format_double(doubles[i].value, text), doubles[i].text);
    static const struct {
        float value;
        const char *text;
    } floats[] = {{0.1f, "0.1"},
                  {16777215, "16777215"},
                  {1e10f, "1e+10"},
                  {1.0f / 3, "0.33333334"},
                  {FLT_MAX, "3.4028235e+38"},
                  {1e-45f, "1e-45"},
                  {-2.5f, "-2.5"},
                  {6000, "6000"},
                  {INFINITY, "inf"}};
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        ck_assert_str_eq(format_float(floats[i].value, text), floats[i].text);
}
END_TEST

START_TEST(numbers_come_back) {
    char text[32];
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random();
        double value, parsed;
        memcpy(&value, &bits, 8);
        if (!isfinite(value)) continue;
        ck_assert_int_eq(parse_double(format_double(value, text), &parsed), 0);
        ck_assert_mem_eq(&value, &parsed, 8);
        float single, read;
        memcpy(&single, &bits, 4);
        if (!isfinite(single)) continue;
        read = strtof(format_float(single, text), NULL);
        ck_assert_mem_eq(&single, &read, 4);
    }
}
END_TEST

/* Only where such a locale is installed: a decimal comma must not change a number. */
START_TEST(numbers_ignore_the_locale) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    const char *set = NULL;
    for (int i = 0; i < 4 && !set; i++) set = setlocale(LC_ALL, names[i]);
    char text[32];
    double value = 0;
    int result = parse_double("0.5", &value);
    format_double(0.25, text);
    setlocale(LC_ALL, "C");
    ck_assert_int_eq(result, 0);
    ck_assert(value == 0.5);
    ck_assert_str_eq(text, "0.25");
}
END_TEST

/* ---- sha256 ---- */

START_TEST(sha256_known_answers) {
    /* FIPS 180-4's own examples. */
    static const char *const cases[][2] = {{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                                           {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                                           {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                                            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
    char hex[SHA256_HEX];
    for (int i = 0; i < 3; i++) {
        sha256_hex(cases[i][0], strlen(cases[i][0]), hex);
        ck_assert_str_eq(hex, cases[i][1]);
    }
    char *million = memory_alloc(1000000, 1), *path = in_folder("million");
    memset(million, 'a', 1000000);
    static const char expected[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    sha256_hex(million, 1000000, hex);
    ck_assert_str_eq(hex, expected);
    ck_assert_int_eq(file_write(path, million, 1000000, &error), 0);
    ck_assert_int_eq(sha256_file(path, hex, &error), 0);
    ck_assert_str_eq(hex, expected);
    memory_free(million);
    ck_assert_int_eq(sha256_file(in_folder("absent"), hex, &error), -1);
    check_error_names("absent", "No such file");
    ck_assert_int_eq(sha256_file(folder, hex, &error), -1);
}
END_TEST

START_TEST(sha256_does_not_depend_on_the_pieces) {
    unsigned char data[300];
    for (int i = 0; i < 300; i++) data[i] = (unsigned char)(i * 7);
    for (size_t size = 0; size <= 300; size += 1 + size / 130) {
        char whole[SHA256_HEX], pieces[SHA256_HEX];
        sha256_hex(data, size, whole);
        Sha256 hash;
        sha256_begin(&hash);
        for (size_t at = 0, part; at < size; at += part) {
            part = 1 + (size_t)(next_random() % 70);
            if (part > size - at) part = size - at;
            sha256_add(&hash, data + at, part);
        }
        sha256_end(&hash, pieces);
        ck_assert_str_eq(whole, pieces);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("base");
    TCase *tests = tcase_create("base");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, arena_keeps_what_it_gave);
    tcase_add_test(tests, arena_reset_reuses_blocks);
    tcase_add_test(tests, arena_rewinds_to_a_mark);
    tcase_add_test(tests, arena_helpers);
    tcase_add_test(tests, products_are_checked);
    tcase_add_test(tests, numbers_are_read_whole);
    tcase_add_test(tests, integers_are_read_whole);
    tcase_add_test(tests, numbers_are_written_short);
    tcase_add_test(tests, numbers_come_back);
    tcase_add_test(tests, numbers_ignore_the_locale);
    tcase_add_test(tests, sha256_known_answers);
    tcase_add_test(tests, sha256_does_not_depend_on_the_pieces);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
