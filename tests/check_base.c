/* The base floor, with planted faults: every reader here is given damaged input and must refuse it in one line. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals, to watch the progress bar */

#include <check.h>
#include <fcntl.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/options.h"
#include "base/progress.h"
#include "base/sha256.h"
#include "suite.h"

static char folder[64];
static Arena *arena;
static Error error;

static void setup(void) {
    strcpy(folder, "/tmp/check_base.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    arena = arena_create(0);
    error.text[0] = '\0';
}

static void teardown(void) {
    char *command = arena_format(arena, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    arena_destroy(arena);
}

static char *in_folder(const char *name) {
    return path_join(arena, folder, name);
}

static uint64_t random_state = 1;
static uint64_t next_random(void) { /* splitmix64 */
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* One line that contains each of the words. */
static void check_error_names(const char *a, const char *b) {
    ck_assert_str_ne(error.text, "");
    ck_assert_ptr_null(strchr(error.text, '\n'));
    ck_assert_msg(strstr(error.text, a) != NULL, "'%s' does not name '%s'", error.text, a);
    ck_assert_msg(strstr(error.text, b) != NULL, "'%s' does not name '%s'", error.text, b);
}

static int files_in_folder(void) {
    FILE *list = popen(arena_format(arena, "ls -A '%s' | wc -l", folder), "r");
    int count = -1;
    ck_assert_int_eq(fscanf(list, "%d", &count), 1);
    pclose(list);
    return count;
}

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
    ck_assert_int_eq(file_write(text, "", 0, &error), -1); /* the advice survives a path of any length */
    check_error_names("too long", "choose a shorter path");
    memory_free(text);
}
END_TEST

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

/* ---- file ---- */

static void check_content(const char *path, const char *expected) {
    unsigned char *data;
    size_t size;
    ck_assert_msg(file_read(path, 1 << 20, arena, &data, &size, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(size, strlen(expected));
    ck_assert_str_eq((char *)data, expected);
}

START_TEST(file_is_whole_or_absent) {
    char *path = in_folder("a.txt");
    ck_assert_int_eq(file_write(path, "first", 5, &error), 0);
    AtomicFile file;
    ck_assert_int_eq(atomic_open(&file, path, &error), 0);
    text_add(&file.text, "half of the sec");
    check_content(path, "first");
    ck_assert_int_eq(files_in_folder(), 2);
    atomic_abandon(&file);
    ck_assert_int_eq(files_in_folder(), 1);
    check_content(path, "first");
    ck_assert_int_eq(atomic_open(&file, path, &error), 0);
    text_add(&file.text, "second");
    ck_assert_int_eq(atomic_commit(&file, &error), 0);
    atomic_abandon(&file);
    check_content(path, "second");
    ck_assert_int_eq(files_in_folder(), 1);
    ck_assert_int_eq(file_write(path, NULL, 0, &error), 0);
    check_content(path, "");
}
END_TEST

START_TEST(file_that_cannot_be_written) {
    char *regular = in_folder("regular"), *below = in_folder("regular/x");
    ck_assert_int_eq(file_write(regular, "r", 1, &error), 0);
    ck_assert_int_eq(file_write(below, "x", 1, &error), -1);
    check_error_names(below, "Not a directory");
    ck_assert_int_eq(file_write(in_folder("absent/x"), "x", 1, &error), -1);
    check_error_names("absent/x", "No such file");
    ck_assert_int_eq(file_write(folder, "x", 1, &error), -1);
    check_error_names(folder, "Is a directory");
    if (geteuid() != 0) {
        ck_assert_int_eq(chmod(folder, 0500), 0);
        ck_assert_int_eq(file_write(in_folder("y"), "x", 1, &error), -1);
        check_error_names(in_folder("y"), "Permission denied");
        ck_assert_int_eq(chmod(folder, 0700), 0);
    }
    ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

START_TEST(full_disk_is_noticed) {
    if (!file_exists("/dev/full")) return;
    ck_assert_int_eq(file_write("/dev/full", "x", 1, &error), -1);
    check_error_names("/dev/full", "No space left");
    char *megabyte = memory_alloc_zero(1 << 20, 1);
    ck_assert_int_eq(file_write("/dev/full", megabyte, 1 << 20, &error), -1);
    check_error_names("/dev/full", "choose another folder");
    memory_free(megabyte);
    ck_assert(file_exists("/dev/full")); /* not renamed over */
    ck_assert_int_eq(file_write("/dev/null", "x", 1, &error), 0);
}
END_TEST

/* A limit on file size stands in for a disk that fills up half way. */
START_TEST(failed_write_keeps_the_old_file) {
    char *path = in_folder("a.txt"), *megabyte = memory_alloc_zero(1 << 20, 1);
    ck_assert_int_eq(file_write(path, "old", 3, &error), 0);
    struct rlimit before, tight;
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = 100000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    int result = file_write(path, megabyte, 1 << 20, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    memory_free(megabyte);
    ck_assert_int_eq(result, -1);
    check_error_names(path, "choose another folder");
    ck_assert_int_eq(files_in_folder(), 1);
    check_content(path, "old");
}
END_TEST

START_TEST(file_reading_is_limited) {
    char *path = in_folder("a");
    unsigned char *data;
    size_t size;
    ck_assert_int_eq(file_write(path, "12\0", 3, &error), 0);
    ck_assert_int_eq(file_read(path, 3, arena, &data, &size, &error), 0);
    ck_assert_uint_eq(size, 3);
    ck_assert_int_eq(data[3], 0);
    ck_assert_int_eq(file_read(path, 2, arena, &data, &size, &error), -1);
    check_error_names(path, "2 bytes");
    ck_assert_int_eq(file_read(folder, 100, arena, &data, &size, &error), -1);
    check_error_names(folder, "Is a directory");
    ck_assert_int_eq(file_read(in_folder("b"), 100, arena, &data, &size, &error), -1);
    check_error_names("/b", "No such file");
    ck_assert_int_eq(file_read("/dev/zero", 200000, arena, &data, &size, &error), -1); /* has no end */
    check_error_names("/dev/zero", "200000 bytes");
}
END_TEST

START_TEST(directories) {
    char *deep = in_folder("a//b/c/");
    ck_assert_int_eq(directory_create(deep, &error), 0);
    ck_assert_int_eq(directory_create(deep, &error), 0);
    ck_assert_int_eq(directory_create("/", &error), 0);
    ck_assert_int_eq(file_write(in_folder("a/b/c/file"), "x", 1, &error), 0);
    ck_assert_int_eq(directory_create(in_folder("a/b/c/file"), &error), -1);
    check_error_names("a/b/c/file", "Not a directory");
    ck_assert_int_eq(directory_create(in_folder("a/b/c/file/d"), &error), -1);
    check_error_names("a/b/c/file/d", "Not a directory");
    ck_assert_int_eq(directory_create("", &error), -1);
    ck_assert_int_eq(file_remove(in_folder("a/b/c/file"), &error), 0);
    ck_assert_int_eq(file_remove(in_folder("a/b/c/file"), &error), 0);
    ck_assert_int_eq(file_remove(in_folder("a"), &error), -1);
    ck_assert_str_eq(path_join(arena, "a", "b"), "a/b");
    ck_assert_str_eq(path_join(arena, "a/", "b"), "a/b");
    ck_assert_str_eq(path_join(arena, "", "b"), "b");
}
END_TEST

START_TEST(stale_temporaries_are_removed) {
    pid_t child = fork(); /* dies in the middle of writing */
    if (child == 0) {
        AtomicFile file;
        _exit(atomic_open(&file, in_folder("cell.csv"), NULL) != 0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    AtomicFile alive;
    ck_assert_int_eq(atomic_open(&alive, in_folder("alive"), &error), 0);
    file_write(in_folder("a.tmp.x1"), "", 0, &error);
    file_write(in_folder(".999999999"), "", 0, &error);
    ck_assert_int_eq(files_in_folder(), 4);
    ck_assert_int_eq(directory_remove_stale(folder), 1);
    ck_assert_int_eq(files_in_folder(), 3);
    ck_assert_int_eq(atomic_commit(&alive, &error), 0);
    ck_assert_int_eq(directory_remove_stale(in_folder("absent")), 0);
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

/* ---- csv ---- */

static int parse_csv(const char *text, CsvTable *table) {
    error.text[0] = '\0';
    return csv_parse("t.csv", text, strlen(text), arena, table, &error);
}

START_TEST(csv_reads_rfc_4180) {
    CsvTable table;
    ck_assert_msg(parse_csv("\xef\xbb\xbfname,\"a,b\",x\r\n\"line\nbreak\",\"say \"\"hi\"\"\",0.5\n,,\n", &table) == 0,
                  "%s", error.text);
    ck_assert_uint_eq(table.rows, 2);
    ck_assert_uint_eq(table.columns, 3);
    ck_assert_str_eq(table.names[0], "name");
    ck_assert_str_eq(table.names[1], "a,b");
    ck_assert_str_eq(csv_text(&table, 0, 0), "line\nbreak");
    ck_assert_str_eq(csv_text(&table, 0, 1), "say \"hi\"");
    for (size_t i = 0; i < 3; i++) ck_assert_str_eq(csv_text(&table, 1, i), "");
    ck_assert_uint_eq(table.lines[0], 2);
    ck_assert_uint_eq(table.lines[1], 4);
    size_t column;
    double value;
    ck_assert_int_eq(csv_column(&table, "x", &column, &error), 0);
    ck_assert_uint_eq(column, 2);
    ck_assert_int_eq(csv_number(&table, 0, column, &value, &error), 0);
    ck_assert(value == 0.5);
    ck_assert_int_eq(csv_number(&table, 1, column, &value, &error), -1);
    check_error_names("t.csv, line 4, column x", "''");
    ck_assert_int_eq(csv_column(&table, "y", &column, &error), -1);
    check_error_names("t.csv", "no column named y");
}
END_TEST

START_TEST(csv_refuses_damage) {
    static const struct {
        const char *text, *line, *what;
    } cases[] = {
        {"", "line 1", "empty"},
        {"a,b\n1,2", "line 2", "cut off"},
        {"a,b\n1,", "line 2", "cut off"},
        {"a,b\n1,2\n3\n", "line 3", "1 fields, but the header has 2"},
        {"a,b\n1,2,3\n", "line 2", "3 fields, but the header has 2"},
        {"a,b\n\n", "line 2", "1 fields"},
        {"a,b\n1,\"x\n2,3\n", "line 2", "never closed"},
        {"a,b\n\"1\n\n\",2\n3,\"", "line 5", "never closed"},
        {"a,b\n1,x\"y\n", "line 2", "a quote or carriage return"},
        {"a,b\n1,\"x\"y\n", "line 2", "a quote or carriage return"},
        {"a,b\n1\r,2\n", "line 2", "a quote or carriage return"},
        {"a,b\n1,2\r", "line 2", "a quote or carriage return"},
    };
    CsvTable table;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(parse_csv(cases[i].text, &table) == -1, "case %zu was accepted", i);
        check_error_names(cases[i].line, cases[i].what);
        check_error_names("t.csv", "repair or delete");
    }
    ck_assert_int_eq(csv_parse("t.csv", "a,b\n1,2\n3\0,4\n", 13, arena, &table, &error), -1);
    check_error_names("t.csv, line 3", "zero byte");
    ck_assert_int_eq(parse_csv("a,a\n1,2\n", &table), 0);
    size_t column;
    ck_assert_int_eq(csv_column(&table, "a", &column, &error), -1);
    check_error_names("t.csv", "more than one");
    ck_assert_int_eq(csv_read(in_folder("none.csv"), arena, &table, &error), -1);
    check_error_names("none.csv", "No such file");
}
END_TEST

START_TEST(csv_round_trip) {
    static const char *const fields[] = {"plain",      "",     "a,b",     "\"",
                                         "two\nlines", "cr\r", "\"\"x\"", "gr\xc3\xbc\xc3\x9f "};
    char *path = in_folder("t.csv");
    AtomicFile file;
    ck_assert_int_eq(atomic_open(&file, path, &error), 0);
    for (int row = 0; row < 3; row++)
        for (int i = 0; i < 8; i++) {
            text_add_csv(&file.text, fields[(i + row) % 8]);
            text_add_character(&file.text, i < 7 ? ',' : '\n');
        }
    ck_assert_int_eq(atomic_commit(&file, &error), 0);
    CsvTable table;
    ck_assert_msg(csv_read(path, arena, &table, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(table.rows, 2);
    for (size_t i = 0; i < 8; i++) {
        ck_assert_str_eq(table.names[i], fields[i]);
        ck_assert_str_eq(csv_text(&table, 1, i), fields[(i + 2) % 8]);
    }
}
END_TEST

/* Whatever is damaged, the parser answers and, with sanitizers, never steps outside. */
START_TEST(csv_survives_noise) {
    static const char alphabet[] = "a,\"\n\r1";
    Arena *scratch = arena_create(4096);
    int accepted = 0;
    for (int i = 0; i < 50000; i++) {
        char *text = arena_alloc(scratch, 12, 1);
        size_t size = (size_t)(next_random() % 12);
        for (size_t j = 0; j < size; j++) text[j] = alphabet[next_random() % 6];
        CsvTable table;
        if (csv_parse("noise", text, size, scratch, &table, NULL) == 0) {
            accepted++;
            for (size_t row = 0; row < table.rows; row++)
                for (size_t column = 0; column < table.columns; column++)
                    ck_assert_uint_le(strlen(csv_text(&table, row, column)), size);
        }
        arena_reset(scratch);
    }
    ck_assert_int_gt(accepted, 100);
    arena_destroy(scratch);
}
END_TEST

/* ---- npy ---- */

START_TEST(npy_round_trip) {
    static const struct {
        NpyArray array;
        size_t size;
    } cases[] = {{{NPY_F4, 2, {3, 5}, NULL}, 4},       {{NPY_F8, 1, {7}, NULL}, 8}, {{NPY_U1, 3, {2, 3, 4}, NULL}, 1},
                 {{NPY_I8, 4, {2, 1, 3, 2}, NULL}, 8}, {{NPY_F8, 0, {0}, NULL}, 8}, {{NPY_F4, 2, {0, 40}, NULL}, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        NpyArray array = cases[i].array, read;
        size_t bytes = npy_count(&array) * cases[i].size;
        unsigned char *data = arena_alloc(arena, bytes, 1);
        for (size_t j = 0; j < bytes; j++) data[j] = (unsigned char)next_random();
        array.data = data;
        char *path = in_folder("a.npy");
        ck_assert_int_eq(npy_write(path, &array, &error), 0);
        ck_assert_msg(npy_read(path, arena, &read, &error) == 0, "%s", error.text);
        ck_assert_int_eq(read.type, array.type);
        ck_assert_int_eq(read.rank, array.rank);
        for (int j = 0; j < read.rank; j++) ck_assert_uint_eq(read.shape[j], array.shape[j]);
        ck_assert_uint_eq(npy_count(&read) * cases[i].size, bytes);
        ck_assert_uint_eq((uintptr_t)read.data % 64, 0);
        if (bytes) ck_assert_mem_eq(read.data, data, bytes);
    }
}
END_TEST

/* SHA-256 of the files that NumPy 1.24's numpy.save wrote for the same arrays. */
START_TEST(npy_equals_numpy) {
    float matrix[6] = {0, 1, 2, 3, 4, 5.5f};
    int64_t vector[3] = {-1, 0, 1ll << 40};
    double scalar = 0.1;
    uint8_t bytes[4] = {0, 1, 2, 255};
    const struct {
        NpyArray array;
        const char *hex;
    } cases[] = {
        {{NPY_F4, 2, {2, 3}, matrix}, "19d4cbb5c4a37b6c9996cad57044ff9ebe024786f112d60978cd75f7756f2f8f"},
        {{NPY_I8, 1, {3}, vector}, "a359a5d280c0abe06ef663ab201ef2f230e2efdd1a1666071e2a43c99a066c3c"},
        {{NPY_F8, 0, {0}, &scalar}, "4656e0df3f722a77d394f11d5bba5dacf92497ad9a0c3e7f0bc93a6101c18613"},
        {{NPY_U1, 4, {1, 2, 2, 1}, bytes}, "69ed904158997fe8f4ca6ff41177678430784845bcfb1600a8f71ed1475e2f7f"}};
    for (int i = 0; i < 4; i++) {
        char hex[SHA256_HEX], *path = in_folder("a.npy");
        ck_assert_int_eq(npy_write(path, &cases[i].array, &error), 0);
        ck_assert_int_eq(sha256_file(path, hex, &error), 0);
        ck_assert_str_eq(hex, cases[i].hex);
    }
}
END_TEST

/* A file with this header text and bytes of data behind it; -1 or 0 as npy_read says. */
static int read_made_up_npy(const char *header, size_t data_bytes) {
    size_t length = strlen(header);
    unsigned char *file = arena_alloc_zero(arena, 10 + length + data_bytes, 1);
    memcpy(file, "\x93NUMPY\x01", 8);
    file[8] = (unsigned char)(length & 255);
    file[9] = (unsigned char)(length >> 8);
    memcpy(file + 10, header, length);
    char *path = in_folder("made_up.npy");
    ck_assert_int_eq(file_write(path, file, 10 + length + data_bytes, &error), 0);
    error.text[0] = '\0';
    NpyArray array;
    return npy_read(path, arena, &array, &error);
}

START_TEST(npy_refuses_damage) {
    static const struct {
        const char *header;
        size_t bytes;
        const char *what; /* NULL: it is good */
    } cases[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n", 24, NULL},
        {"{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}", 24, NULL},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n", 23, "cut off"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n", 25, "behind its data"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n", 0, "cut off"},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", 24, "its type"},
        {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", 24, "its type"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", 24, "its type"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }", 24, "its type"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", 24, "C order"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999, 3), }", 24, "too large"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4), }", 24, "too large"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }", 0, "too large"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387903,), }", 12, "cut off"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }", 24, "shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }", 24, "shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6), }", 24, "shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3", 24, "shape"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 2, 3), }", 24, "dimensions"},
        {"{'descr': '<f4', 'fortran_order': False}", 24, "malformed"},
        {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", 24, "malformed"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}", 24, "malformed"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x", 24, "malformed"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3),", 24, "malformed"},
        {"", 24, "malformed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int result = read_made_up_npy(cases[i].header, cases[i].bytes);
        ck_assert_msg(result == (cases[i].what ? -1 : 0), "case %zu: %d %s", i, result, error.text);
        if (cases[i].what) check_error_names("made_up.npy", cases[i].what);
    }
}
END_TEST

START_TEST(npy_refuses_every_cut_and_change) {
    float data[6] = {1, 2, 3, 4, 5, 6};
    NpyArray array = {NPY_F4, 2, {2, 3}, data}, read;
    char *path = in_folder("a.npy");
    unsigned char *whole, *copy;
    size_t size;
    ck_assert_int_eq(npy_write(path, &array, &error), 0);
    ck_assert_int_eq(file_read(path, 1000, arena, &whole, &size, &error), 0);
    ck_assert_uint_eq(size, 128 + 24);
    copy = arena_alloc(arena, size, 1);
    FILE *stream = fopen(path, "wb");
    setvbuf(stream, NULL, _IONBF, 0);
    for (size_t cut = 0; cut < size; cut++) {
        ck_assert_int_eq(truncate(path, 0), 0);
        rewind(stream);
        if (cut) ck_assert_uint_eq(fwrite(whole, 1, cut, stream), cut);
        ck_assert_msg(npy_read(path, arena, &read, &error) == -1, "cut at %zu was accepted", cut);
    }
    static const unsigned char changes[] = {0, '9', ',', 255};
    int refused = 0;
    for (size_t at = 0; at < 72; at++) /* magic, version, length and the dictionary; then only padding follows */
        for (size_t i = 0; i < sizeof changes; i++) {
            memcpy(copy, whole, size);
            if (copy[at] == changes[i]) continue;
            copy[at] = changes[i];
            ck_assert_int_eq(truncate(path, 0), 0);
            rewind(stream);
            ck_assert_uint_eq(fwrite(copy, 1, size, stream), size);
            refused += npy_read(path, arena, &read, &error);
        }
    fclose(stream);
    /* A few of the 288 changes are no change, or leave a header that still says the same. */
    ck_assert_int_le(refused, -250);
}
END_TEST

START_TEST(npy_that_cannot_be_written) {
    NpyArray array = {NPY_F4, 5, {1, 1, 1, 1}, NULL};
    ck_assert_int_eq(npy_write(in_folder("a.npy"), &array, &error), -1);
    check_error_names("a.npy", "dimensions");
    array = (NpyArray){NPY_F8, 2, {SIZE_MAX / 4, 4}, NULL};
    ck_assert_int_eq(npy_write(in_folder("a.npy"), &array, &error), -1);
    ck_assert_int_eq(files_in_folder(), 0);
    float one = 1;
    array = (NpyArray){NPY_F4, 0, {0}, &one};
    ck_assert_int_eq(npy_write("README.md/x.npy", &array, &error), -1);
    check_error_names("README.md/x.npy", "cannot write");
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

/* ---- options ---- */

static const Option table[] = {{"num-samples", "N", "5000", "how many examples"},
                               {"train-split", "F", "0.8", "part for training"},
                               {"shuffle-seq", NULL, NULL, "permute the positions"},
                               {"out", "DIR", NULL, "folder to write to"},
                               {"help", NULL, NULL, "show this"},
                               {NULL, NULL, NULL, NULL}};
static Options options;

static int parse_line(const char *line) {
    static char copy[256], *argv[16];
    int argc = 0;
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    error.text[0] = '\0';
    return options_parse(&options, table, argc, argv, arena, &error);
}

START_TEST(options_anywhere) {
    long long samples;
    double split;
    ck_assert_msg(parse_line("run --num-samples 40 fast --train-split=-.5 --shuffle-seq -5 -- --out") == 0, "%s",
                  error.text);
    ck_assert_int_eq(options.n_words, 4);
    ck_assert_str_eq(options.words[0], "run");
    ck_assert_str_eq(options.words[1], "fast");
    ck_assert_str_eq(options.words[2], "-5");
    ck_assert_str_eq(options.words[3], "--out");
    ck_assert_int_eq(options_integer(&options, "num-samples", 10, 100, &samples, &error), 0);
    ck_assert_int_eq(samples, 40);
    ck_assert_int_eq(options_double(&options, "train-split", -1, 1, &split, &error), 0);
    ck_assert(split == -0.5);
    ck_assert(options_given(&options, "shuffle-seq") && !options_given(&options, "out"));
    ck_assert_ptr_null(options_text(&options, "out"));
    ck_assert_int_eq(parse_line("-h"), 0);
    ck_assert(options_given(&options, "help") && !options_given(&options, "num-samples"));
    ck_assert_str_eq(options_text(&options, "num-samples"), "5000");
    ck_assert_int_eq(parse_line("--num-samples -3"), 0);
    ck_assert_str_eq(options_text(&options, "num-samples"), "-3");
}
END_TEST

START_TEST(options_refuse_mistakes) {
    static const char *const cases[][3] = {{"--num-sample 4", "unknown option --num-sample;", "--num-samples?"},
                                           {"--NUM-samples=4", "--NUM-samples", "did you mean --num-samples?"},
                                           {"--split 1", "--split", "did you mean --train-split?"},
                                           {"--otu x", "--otu", "did you mean --out?"},
                                           {"--qqqqqq", "--qqqqqq; see", "--help"},
                                           {"--=3", "unknown option", "--help"},
                                           {"-x", "unknown option -x", "--help"},
                                           {"--out", "--out needs a value", "--out DIR"},
                                           {"--out --shuffle-seq", "--out needs a value", "--out DIR"},
                                           {"--out=", "--out needs a value", "--out DIR"},
                                           {"--shuffle-seq=1", "--shuffle-seq", "takes no value"},
                                           {"--out a --out=a", "--out", "twice"},
                                           {"-h --help", "--help", "twice"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(parse_line(cases[i][0]) == -1, "'%s' was accepted", cases[i][0]);
        check_error_names(cases[i][1], cases[i][2]);
    }
}
END_TEST

START_TEST(options_refuse_numbers) {
    static const char *const texts[] = {"9", "101", "12x", "1e2", "0x10", "99999999999999999999", "nan", "-40", "40.0"};
    long long integer = 7;
    double number = 7;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq(parse_line(arena_format(arena, "--num-samples %s", texts[i])), 0);
        ck_assert_int_eq(options_integer(&options, "num-samples", 10, 100, &integer, &error), -1);
        check_error_names(arena_format(arena, "--num-samples is '%s'", texts[i]), "from 10 to 100");
    }
    static const char *const reals[] = {"1.5", "-0.1", "1e999", "nan", "inf", "0,5", "half", "1.0000000000000002"};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        ck_assert_int_eq(parse_line(arena_format(arena, "--train-split %s", reals[i])), 0);
        ck_assert_int_eq(options_double(&options, "train-split", 0, 1, &number, &error), -1);
        check_error_names(arena_format(arena, "--train-split is '%s'", reals[i]), "from 0 to 1");
    }
    ck_assert(integer == 7 && number == 7);
    ck_assert_int_eq(options_integer(&options, "out", 0, 1, &integer, &error), -1);
    check_error_names("--out", "is needed");
}
END_TEST

START_TEST(options_know_their_choices) {
    static const char *const choices[] = {"fast", "slow", "never", NULL};
    int index = 7;
    ck_assert_int_eq(parse_line("--out slow"), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), 0);
    ck_assert_int_eq(index, 1);
    ck_assert_int_eq(parse_line("--out slo"), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), -1);
    check_error_names("--out is 'slo'", "fast or slow or never");
    ck_assert_int_eq(parse_line(""), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), -1);
    check_error_names("--out", "is needed");
    ck_assert_int_eq(index, 1);
}
END_TEST

START_TEST(options_show_help) {
    ck_assert_int_eq(parse_line(""), 0);
    FILE *stream = fopen(in_folder("help"), "w");
    options_help(&options, stream);
    ck_assert_int_eq(fclose(stream), 0);
    check_content(in_folder("help"), "  --num-samples N  how many examples (default 5000)\n"
                                     "  --train-split F  part for training (default 0.8)\n"
                                     "  --shuffle-seq    permute the positions\n"
                                     "  --out DIR        folder to write to\n"
                                     "  --help           show this\n");
}
END_TEST

/* ---- clock and progress ---- */

START_TEST(durations_for_people) {
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0, "0.0 s"},          {0.44, "0.4 s"},     {9.94, "9.9 s"},    {9.96, "10 s"},
                 {59.4, "59 s"},        {59.6, "1 min 0 s"}, {80, "1 min 20 s"}, {3599.7, "1 h 00 min"},
                 {7500, "2 h 05 min"},  {273600, "3 d 4 h"}, {-1, "0.0 s"},      {NAN, "0.0 s"},
                 {1e300, "11574 d 1 h"}};
    char text[32];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(format_duration(cases[i].seconds, text), cases[i].text);
    ck_assert_str_eq(format_estimate(6.7, text), "7 s");
    ck_assert_str_eq(format_estimate(59.6, text), "1 min 0 s");
    ck_assert_str_eq(format_estimate(NAN, text), "0 s");
    double before = clock_seconds();
    ck_assert(clock_seconds() >= before);
}
END_TEST

/* Many threads report for a while, with standard error on the given descriptor. */
static void work_on(int descriptor, double seconds) {
    int saved = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(descriptor, STDERR_FILENO), 0);
    Progress *progress = progress_begin("a label that is much longer than the room that there is for it", 1000);
    double began = clock_seconds();
#pragma omp parallel for
    for (int i = 0; i < 500; i++) progress_add(progress, 1, i + 1, 1000);
    while (clock_seconds() - began < seconds) progress_add(progress, 0, 0, 1000);
    progress_end(progress);
    dup2(saved, STDERR_FILENO);
    close(saved);
}

START_TEST(progress_is_quiet_in_a_log) {
    char *path = in_folder("log");
    int log = open(path, O_CREAT | O_WRONLY, 0600);
    work_on(log, 0.3);
    close(log);
    check_content(path, "");
}
END_TEST

START_TEST(progress_draws_and_clears_its_bar) {
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master)) return; /* no pseudo-terminals here */
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (slave < 0) return;
    work_on(slave, 0.75);
    char seen[8192];
    /* A terminal hands over what was written in pieces and with delay. */
    size_t size = 0;
    for (struct pollfd ready = {.fd = master, .events = POLLIN}; size < sizeof seen - 1 && poll(&ready, 1, 300) > 0;) {
        ssize_t piece = read(master, seen + size, sizeof seen - 1 - size);
        if (piece <= 0) break;
        size += (size_t)piece;
    }
    ck_assert_uint_gt(size, 80);
    seen[size] = '\0';
    close(slave);
    close(master);
    int drawn = 0;
    for (char *c = seen; (c = strchr(c, '\r')) != NULL; c++) drawn++;
    ck_assert_int_le(drawn, 12); /* ten in a second, the first, the clearing */
    ck_assert_int_ge(drawn, 3);  /* on a busy machine */
    ck_assert_ptr_nonnull(strstr(seen, " 50 %, 500/1000"));
    ck_assert_ptr_nonnull(strstr(seen, "[######.......]  50 %, 500/1000, about 1 s left"));
    ck_assert_ptr_null(strchr(seen, '\n'));
    ck_assert_str_eq(seen + size - 3, "  \r"); /* nothing stays on the line */
    for (char *c = strtok(seen, "\r"); c; c = strtok(NULL, "\r")) ck_assert_uint_le(strlen(c), 79);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("base");
    TCase *tests = tcase_create("base");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, error_is_one_clean_line);
    tcase_add_test(tests, error_is_cut_to_its_room);
    tcase_add_test(tests, arena_keeps_what_it_gave);
    tcase_add_test(tests, arena_reset_reuses_blocks);
    tcase_add_test(tests, arena_rewinds_to_a_mark);
    tcase_add_test(tests, arena_helpers);
    tcase_add_test(tests, products_are_checked);
    tcase_add_test(tests, file_is_whole_or_absent);
    tcase_add_test(tests, file_that_cannot_be_written);
    tcase_add_test(tests, full_disk_is_noticed);
    tcase_add_test(tests, failed_write_keeps_the_old_file);
    tcase_add_test(tests, file_reading_is_limited);
    tcase_add_test(tests, directories);
    tcase_add_test(tests, stale_temporaries_are_removed);
    tcase_add_test(tests, numbers_are_read_whole);
    tcase_add_test(tests, integers_are_read_whole);
    tcase_add_test(tests, numbers_are_written_short);
    tcase_add_test(tests, numbers_come_back);
    tcase_add_test(tests, numbers_ignore_the_locale);
    tcase_add_test(tests, csv_reads_rfc_4180);
    tcase_add_test(tests, csv_refuses_damage);
    tcase_add_test(tests, csv_round_trip);
    tcase_add_test(tests, csv_survives_noise);
    tcase_add_test(tests, npy_round_trip);
    tcase_add_test(tests, npy_equals_numpy);
    tcase_add_test(tests, npy_refuses_damage);
    tcase_add_test(tests, npy_refuses_every_cut_and_change);
    tcase_add_test(tests, npy_that_cannot_be_written);
    tcase_add_test(tests, sha256_known_answers);
    tcase_add_test(tests, sha256_does_not_depend_on_the_pieces);
    tcase_add_test(tests, options_anywhere);
    tcase_add_test(tests, options_refuse_mistakes);
    tcase_add_test(tests, options_refuse_numbers);
    tcase_add_test(tests, options_know_their_choices);
    tcase_add_test(tests, options_show_help);
    tcase_add_test(tests, durations_for_people);
    tcase_add_test(tests, progress_is_quiet_in_a_log);
    tcase_add_test(tests, progress_draws_and_clears_its_bar);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
