/* What a person sees: times, the progress line, standard output, and what the machine gives. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals, to watch the progress line */
#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cores.h"
#include "base/cpu.h"
#include "base/file.h"
#include "base/output.h"
#include "base/progress.h"
#include "sandbox.h"
#include "suite.h"

/* ---- times and progress ---- */

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

/* Threads report half of the work, with standard error on the given descriptor. */
static void work_on(int descriptor, const char *label, double seconds) {
    int saved = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(descriptor, STDERR_FILENO), 0);
    Progress *progress = progress_begin(label, 1000);
    double began = clock_seconds();
#pragma omp parallel for
    for (int i = 0; i < 500; i++) progress_add(progress, 1, i + 1, 1000);
    while (clock_seconds() - began < seconds) progress_add(progress, 0, 0, 1000), poll(NULL, 0, 10);
    progress_end(progress);
    dup2(saved, STDERR_FILENO);
    close(saved);
}

START_TEST(progress_is_quiet_in_a_log) {
    char *path = in_folder("log");
    int log = open(path, O_CREAT | O_WRONLY, 0600);
    work_on(log, "label", 0.3);
    close(log);
    check_content(path, "");
}
END_TEST

/* What a terminal of so many columns (0: it does not say) is sent, or NULL where there are no pseudo-terminals. */
static char *watch(unsigned short columns, const char *label) {
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master)) return NULL;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (slave < 0) return NULL;
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    ck_assert_int_eq(ioctl(slave, TIOCSWINSZ, &size), 0);
    work_on(slave, label, 0.65);
    enum { ROOM = 8192 };
    char *seen = arena_alloc(arena, ROOM, 1);
    /* A terminal hands over what was written in pieces and with delay. */
    size_t length = 0;
    for (struct pollfd ready = {.fd = master, .events = POLLIN}; length < ROOM - 1 && poll(&ready, 1, 100) > 0;) {
        ssize_t piece = read(master, seen + length, ROOM - 1 - length);
        if (piece <= 0) break;
        length += (size_t)piece;
    }
    seen[length] = '\0';
    close(slave);
    close(master);
    int drawn = 0;
    for (char *c = seen; (c = strchr(c, '\r')) != NULL; c++) drawn++;
    ck_assert_int_le(drawn, 12); /* ten in a second, the first, the clearing */
    ck_assert_int_ge(drawn, 3);  /* on a busy machine */
    for (char *c = seen; *c; c++) ck_assert((unsigned char)*c >= 0x20 || *c == '\r');
    ck_assert_msg(columns == 1 || strcmp(seen + length - 2, " \r") == 0, "something stays on the line");
    return seen;
}

/* Columns of the longest line: of the tests' labels every character takes one. */
static size_t widest(const char *seen) {
    size_t most = 0, columns = 0;
    for (; *seen; seen++) {
        columns = *seen == '\r' ? 0 : columns + ((*seen & 0xc0) != 0x80);
        if (columns > most) most = columns;
    }
    return most;
}

static const struct {
    unsigned short columns;
    const char *set; /* COLUMNS in the environment */
    const char *label, *shows;
    size_t widest;
} terminals[] = {
    {80, "20", "classification", "classification [############............]  50 %, 500/1000, about 1 s left", 79},
    {60, NULL, "classification", "classification [#####.....]  50 %, 500/1000, about 1 s left", 59},
    {50, NULL, "classification", "classification  50 %, 500/1000, about 1 s left", 49},
    {40, NULL, "classification", "classification  50 %, about 1 s left", 39},
    {33, NULL, "classification", "classification  50 %, 1 s left", 32},
    {20, NULL, "classification", "\rclassi..  50 %, 1 s", 19},
    {20, NULL, "pooling", "\rpooling  50 %, 1 s", 19},
    {12, NULL, "classification", "\r 50 %, 1 s", 11},
    {3, NULL, "classification", "\r 5", 2},
    {1, NULL, "classification", "\r", 0},
    {0, "20", "classification", "\rclassi..  50 %, 1 s", 19},
    {0, "wide", "classification", "classification [############............]  50 %, 500/1000, about 1 s left", 79},
    {20, NULL,
     "gr\xc3\xbc\xc3\x9f"
     "e\x1b[31m\n",
     "\rgr\xc3\xbc\xc3\x9f"
     "e\\..  50 %, 1 s",
     19},
};

START_TEST(progress_fits_the_terminal) {
    if (terminals[_i].set)
        setenv("COLUMNS", terminals[_i].set, 1);
    else
        unsetenv("COLUMNS");
    char *seen = watch(terminals[_i].columns, terminals[_i].label);
    if (!seen) return;
    ck_assert_msg(strstr(seen, terminals[_i].shows) != NULL, "'%s' does not show '%s'", seen, terminals[_i].shows);
    ck_assert_uint_le(widest(seen), terminals[_i].widest);
}
END_TEST

/* ---- standard output ---- */

/* In a child with standard output on the descriptor: prints more than a pipe holds, and ends with output_finish's
 * verdict; *read_on says what output_is_read said. */
static int print_to(int descriptor, int close_first, const char *names) {
    pid_t child = fork();
    if (child == 0) {
        Error problem = {""};
        dup2(descriptor, STDOUT_FILENO);
        close(descriptor);
        if (close_first) close(close_first);
        if (output_prepare()) _exit(9);
        for (int i = 0; i < 100000; i++) printf("line %d\n", i);
        int flushed = output_flush(&problem), is_read = output_is_read();
        int finished = output_finish(&problem);
        if (flushed != finished) _exit(8);
        if (finished && !strstr(problem.text, names)) _exit(7);
        _exit(finished ? 1 : is_read ? 0 : 2);
    }
    int status;
    close(descriptor);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(a_reader_may_go) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    int log = open(in_folder("log"), O_CREAT | O_WRONLY, 0600), full = open("/dev/full", O_WRONLY);
    ck_assert_int_eq(print_to(log, 0, ""), 0);
    close(ends[0]);
    ck_assert_int_eq(print_to(ends[1], 0, ""), 2);
    if (full >= 0) ck_assert_int_eq(print_to(full, 0, "standard output"), 1);
    struct stat status;
    ck_assert_int_eq(stat(in_folder("log"), &status), 0);
    ck_assert_int_eq(status.st_size, 1088890); /* 100000 lines "line N" */
}
END_TEST

START_TEST(closed_descriptors_are_filled) {
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++) close(i);
        if (output_prepare()) _exit(1);
        int next = open(in_folder("file"), O_CREAT | O_WRONLY, 0600);
        puts("x");
        _exit(next < 3 ? 2 : output_finish(NULL) ? 0 : 3);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    check_content(in_folder("file"), "");
}
END_TEST

/* ---- cores and instructions ---- */

static void put(const char *path, const char *text) {
    char *whole = in_folder(path), *slash = strrchr(whole, '/');
    *slash = '\0';
    ck_assert_int_eq(directory_create(whole, &error), 0);
    *slash = '/';
    ck_assert_int_eq(file_write(whole, text, strlen(text), &error), 0);
}

START_TEST(quotas_of_control_groups) {
    ck_assert(isinf(cores_quota(folder)));
    put("proc/self/cgroup", "0::/a/b\n");
    ck_assert(isinf(cores_quota(folder)));
    put("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    ck_assert(isinf(cores_quota(folder)));
    put("sys/fs/cgroup/a/cpu.max", "250000 100000\n");
    ck_assert(cores_quota(folder) == 2.5);
    put("sys/fs/cgroup/a/b/cpu.max", "800000 100000\n"); /* the one above allows less */
    ck_assert(cores_quota(folder) == 2.5);
    put("sys/fs/cgroup/a/b/cpu.max", "50000 100000\n");
    ck_assert(cores_quota(folder) == 0.5);
    put("sys/fs/cgroup/a/b/cpu.max", "nonsense\n");
    ck_assert(cores_quota(folder) == 2.5);
    put("proc/self/cgroup", "0::/named/outside/the/container\n");
    put("sys/fs/cgroup/cpu.max", "300000 100000\n");
    ck_assert(cores_quota(folder) == 3);
}
END_TEST

START_TEST(quotas_of_old_control_groups) {
    put("proc/self/cgroup", "12:pids:/x\n5:cpuset:/a\n4:cpu,cpuacct:/a\n0::/\n");
    put("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1\n");
    put("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
    ck_assert(isinf(cores_quota(folder)));
    put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "400000\n");
    put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    ck_assert(cores_quota(folder) == 4);
    put("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "150000\n");
    ck_assert(cores_quota(folder) == 1.5);
    put("proc/self/cgroup", "garbage\n:\n::\n4:cpuset:/a\n");
    ck_assert(isinf(cores_quota(folder)));
}
END_TEST

START_TEST(threads_are_tried) {
    ck_assert_int_ge(cores_usable(), 1);
    ck_assert_int_ge(cores_default_threads(), 1);
    ck_assert_int_le(cores_default_threads(), cores_usable());
    ck_assert_int_eq(cores_startable_threads(1, &error), 1);
    ck_assert_int_eq(cores_startable_threads(0, &error), 1);
    ck_assert_str_eq(error.text, "");
#ifdef _OPENMP
    ck_assert_int_eq(cores_startable_threads(8, &error), 8);
    ck_assert_str_eq(error.text, "");
#ifndef __SANITIZE_ADDRESS__
    struct rlimit before, tight;
    getrlimit(RLIMIT_AS, &before);
    tight = before;
    tight.rlim_cur = (rlim_t)512 << 20; /* room for the stacks of some tens of threads */
    if (setrlimit(RLIMIT_AS, &tight) == 0) {
        int started = cores_startable_threads(1000, &error);
        setrlimit(RLIMIT_AS, &before);
        ck_assert_int_lt(started, 1000);
        check_error_names(arena_format(arena, "only %d of 1000 threads", started), "ulimit");
    }
#endif
#endif
}
END_TEST

START_TEST(this_cpu_has_what_it_was_built_for) {
    ck_assert_ptr_null(cpu_problem());
    for (const char *const *name = cpu_target; *name; name++)
        ck_assert_msg(cpu_has(*name) == 1, "nobody knows how to look for %s", *name);
    ck_assert_int_eq(cpu_has("no such instruction"), -1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("progress");
    TCase *tests = tcase_create("progress");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, durations_for_people);
    tcase_add_test(tests, progress_is_quiet_in_a_log);
    tcase_add_loop_test(tests, progress_fits_the_terminal, 0, sizeof terminals / sizeof *terminals);
    tcase_add_test(tests, a_reader_may_go);
    tcase_add_test(tests, closed_descriptors_are_filled);
    tcase_add_test(tests, quotas_of_control_groups);
    tcase_add_test(tests, quotas_of_old_control_groups);
    tcase_add_test(tests, threads_are_tried);
    tcase_add_test(tests, this_cpu_has_what_it_was_built_for);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
