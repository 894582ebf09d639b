/* Files, whole or absent; CSV and NumPy files, with planted faults: every reader is given damaged input and must refuse
 * it in one line. */
#define _XOPEN_SOURCE 700
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/sha256.h"
#include "csv_values.h"
#include "sandbox.h"
#include "suite.h"

/* ---- file ---- */

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

static const char *temporary_of(const char *name) { /* of this process */
    AtomicFile file;
    ck_assert_int_eq(atomic_open(&file, in_folder(name), &error), 0);
    const char *temporary = arena_copy_text(arena, file.temporary);
    atomic_abandon(&file);
    return temporary;
}

static void make_old(const char *path, int days) {
    ck_assert_int_eq(file_write(path, "x", 1, &error), 0);
    struct timespec times[2] = {{.tv_sec = time(NULL) - days * 86400L}, {.tv_sec = time(NULL) - days * 86400L}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void die_while_writing(const char *path) {
    pid_t child = fork();
    AtomicFile file;
    if (child == 0) _exit(atomic_open(&file, path, NULL) != 0);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

START_TEST(temporaries_name_host_and_process) {
    const char *temporary = temporary_of("cell.csv"), *rest = temporary + strlen(in_folder("cell.csv"));
    ck_assert_int_eq(strncmp(temporary, in_folder("cell.csv.tmp."), strlen(in_folder("cell.csv.tmp."))), 0);
    ck_assert_str_eq(strrchr(temporary, '.') + 1, arena_format(arena, "%ld", (long)getpid()));
    int dots = 0;
    for (; *rest; rest++) {
        dots += *rest == '.';
        ck_assert_ptr_nonnull(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", *rest));
    }
    ck_assert_int_eq(dots, 3); /* .tmp.HOST.PID */
}
END_TEST

START_TEST(stale_temporaries_are_removed) {
    die_while_writing(in_folder("cell.csv"));
    AtomicFile alive;
    ck_assert_int_eq(atomic_open(&alive, in_folder("alive"), &error), 0);
    make_old(in_folder("a.tmp.elsewhere.1"), STALE_DAYS - 1); /* another machine's: only its age tells */
    make_old(in_folder("b.tmp.elsewhere.1"), STALE_DAYS + 1);
    make_old(in_folder("a.tmp.x.y1"), STALE_DAYS + 1); /* names of people's own files */
    make_old(in_folder("a.tmp"), STALE_DAYS + 1);
    make_old(in_folder("tmp.x.1"), STALE_DAYS + 1);
    make_old(in_folder(".999999999"), STALE_DAYS + 1);
    ck_assert_int_eq(files_in_folder(), 8);
    ck_assert_int_eq(directory_remove_stale(folder), 2);
    ck_assert_int_eq(files_in_folder(), 6);
    ck_assert(!file_exists(in_folder("b.tmp.elsewhere.1")));
    ck_assert_int_eq(atomic_commit(&alive, &error), 0);
    ck_assert_int_eq(directory_remove_stale(in_folder("absent")), 0);
}
END_TEST

START_TEST(a_file_loses_only_its_own_stale_temporaries) {
    die_while_writing(in_folder("trace.csv"));
    die_while_writing(in_folder("other.csv"));
    die_while_writing(in_folder("a.trace.csv"));
    ck_assert_int_eq(file_can_be_written(in_folder("trace.csv"), &error), 1);
    ck_assert_int_eq(files_in_folder(), 2);
    ck_assert_int_eq(file_can_be_written(in_folder("absent/trace.csv"), &error), 0);
    check_error_names("absent/trace.csv", "No such file");
}
END_TEST

/* In a process that must end, from a signal handler or another thread. */
START_TEST(open_temporaries_can_be_removed_at_once) {
    pid_t child = fork();
    if (child == 0) {
        AtomicFile files[20];
        for (int i = 0; i < 20; i++)
            if (atomic_open(&files[i], in_folder(arena_format(arena, "f%d", i)), NULL)) _exit(1);
        if (atomic_commit(&files[3], NULL)) _exit(2);
        atomic_abandon(&files[0]);
        atomic_abandon(&files[19]);
        if (atomic_open(&files[0], in_folder("again"), NULL)) _exit(3);
        if (files_in_folder() != 19) _exit(4);
        temporaries_remove();
        _exit(files_in_folder() == 1 ? 0 : 5);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert(file_exists(in_folder("f3")));
}
END_TEST

START_TEST(temporaries_of_many_threads) {
#pragma omp parallel for num_threads(8)
    for (int i = 0; i < 400; i++) {
        char name[128];
        AtomicFile file;
        snprintf(name, sizeof name, "%s/%d", folder, i);
        if (atomic_open(&file, name, NULL)) continue;
        text_format(&file.text, "%d", i);
        if (i % 2)
            atomic_abandon(&file);
        else
            atomic_commit(&file, NULL);
    }
    ck_assert_int_eq(files_in_folder(), 200);
}
END_TEST

START_TEST(links_are_followed) {
    ck_assert_int_eq(mkdir(in_folder("there"), 0700), 0);
    ck_assert_int_eq(file_write(in_folder("there/target"), "old", 3, &error), 0);
    ck_assert_int_eq(symlink("there/target", in_folder("link")), 0);
    ck_assert_int_eq(file_write(in_folder("link"), "new", 3, &error), 0);
    check_content(in_folder("there/target"), "new");
    struct stat status;
    ck_assert_int_eq(lstat(in_folder("link"), &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_int_eq(files_in_folder(), 2);
}
END_TEST

/* /dev/stdout may lead to a file: it is written to, not replaced. */
START_TEST(devices_are_written_directly) {
    pid_t child = fork();
    if (child == 0) {
        int out = open(in_folder("out"), O_CREAT | O_WRONLY | O_APPEND, 0600);
        if (out < 0 || write(out, "one ", 4) != 4 || dup2(out, STDOUT_FILENO) < 0) _exit(1);
        _exit(file_write("/dev/stdout", "two", 3, NULL) ? 2 : 0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    check_content(in_folder("out"), "one two");
    ck_assert_int_eq(files_in_folder(), 1);
}
END_TEST

/* Larger than what is kept in memory: what was handed over early counts, and so does its failure. */
START_TEST(large_files_are_handed_over_early) {
    static char block[10000];
    memset(block, 'b', sizeof block);
    AtomicFile file;
    ck_assert_int_eq(atomic_open(&file, in_folder("large"), &error), 0);
    for (int i = 0; i < 100; i++) {
        text_add_bytes(&file.text, block, sizeof block);
        atomic_flush(&file);
        ck_assert_uint_lt(file.text.size, 100000);
    }
    ck_assert_int_eq(atomic_commit(&file, &error), 0);
    struct stat status;
    ck_assert_int_eq(stat(in_folder("large"), &status), 0);
    ck_assert_int_eq(status.st_size, 1000000);
    if (!file_exists("/dev/full")) return;
    ck_assert_int_eq(atomic_open(&file, "/dev/full", &error), 0);
    for (int i = 0; i < 100; i++) text_add_bytes(&file.text, block, sizeof block), atomic_flush(&file);
    text_clear(&file.text);
    ck_assert_int_eq(atomic_commit(&file, &error), -1);
    check_error_names("/dev/full", "No space left");
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

/* A table of ours with bytes changed, removed, doubled: read or refused in one line that names the file. */
START_TEST(csv_survives_mutants) {
    static const char whole[] = "id,series,metric,x,value,text\n"
                                "a-1,ours,loss,0,0.5,\"with, comma\"\n"
                                "a-2,ours,loss,100,2.25e-3,\"say \"\"no\"\"\"\n"
                                "a-3,ours,accuracy,200,94.0,plain\n";
    Arena *scratch = arena_create(4096);
    int accepted = 0, refused = 0;
    for (int i = 0; i < 20000; i++, arena_reset(scratch)) {
        size_t size = sizeof whole - 1;
        char *text = arena_alloc(scratch, 2 * size, 1);
        memcpy(text, whole, size);
        for (size_t n = 1 + next_random() % 3; n > 0; n--) {
            size_t at = (size_t)(next_random() % size), part = 1 + (size_t)(next_random() % 8);
            if (part > size - at) part = size - at;
            switch (next_random() % 3) {
            case 0:
                text[at] = (char)next_random();
                break;
            case 1:
                memmove(text + at, text + at + part, size - at - part);
                size -= part;
                break;
            default:
                memmove(text + at + part, text + at, size - at);
                size += part;
            }
            if (size < 10 || size > sizeof whole + 30) break;
        }
        CsvTable table;
        double value;
        error.text[0] = '\0';
        if (csv_parse("mutant.csv", text, size, scratch, &table, &error)) {
            refused++;
            check_error_names("mutant.csv", "line");
            continue;
        }
        accepted++;
        for (size_t row = 0; row < table.rows; row++)
            for (size_t column = 0; column < table.columns; column++)
                if (csv_number(&table, row, column, &value, &error)) check_error_names("mutant.csv", "line");
    }
    arena_destroy(scratch);
    ck_assert_int_gt(accepted, 1000);
    ck_assert_int_gt(refused, 1000);
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

int main(void) {
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("file");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, file_is_whole_or_absent);
    tcase_add_test(tests, file_that_cannot_be_written);
    tcase_add_test(tests, full_disk_is_noticed);
    tcase_add_test(tests, failed_write_keeps_the_old_file);
    tcase_add_test(tests, file_reading_is_limited);
    tcase_add_test(tests, directories);
    tcase_add_test(tests, stale_temporaries_are_removed);
    tcase_add_test(tests, csv_reads_rfc_4180);
    tcase_add_test(tests, csv_refuses_damage);
    tcase_add_test(tests, csv_round_trip);
    tcase_add_test(tests, csv_survives_noise);
    tcase_add_test(tests, npy_round_trip);
    tcase_add_test(tests, npy_equals_numpy);
    tcase_add_test(tests, npy_refuses_damage);
    tcase_add_test(tests, npy_refuses_every_cut_and_change);
    tcase_add_test(tests, npy_that_cannot_be_written);
    tcase_add_test(tests, temporaries_name_host_and_process);
    tcase_add_test(tests, a_file_loses_only_its_own_stale_temporaries);
    tcase_add_test(tests, open_temporaries_can_be_removed_at_once);
    tcase_add_test(tests, temporaries_of_many_threads);
    tcase_add_test(tests, links_are_followed);
    tcase_add_test(tests, devices_are_written_directly);
    tcase_add_test(tests, large_files_are_handed_over_early);
    tcase_add_test(tests, csv_survives_mutants);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
