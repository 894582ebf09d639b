/* What the machine is, and what no program can exceed on it: fused multiply-adds on registers, and memory that is read and
 * written in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/cpu.h"
#include "base/machine.h"
#include "base/text.h"
#include "bench.h"
#include "kernels/micro.h"
#include "kernels/simd.h"
#include "kernels/threads.h"
#include "study/schedule.h"
#include "study/store.h"

/* ---- what it is ---- */

static void print_fact(const char *name, const char *value) {
    Text row = text_create(NULL);
    text_format(&row, "machine,%s,,,,,", name);
    text_add_csv(&row, value);
    text_add(&row, ",,,\n");
    text_print(&row, stdout);
    text_destroy(&row);
}

/* The first line of a file; "" where there is none. */
static void read_line(const char *path, char *line, int size) {
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, size, file)) line[0] = 0;
    if (file) fclose(file);
    line[strcspn(line, "\n")] = 0;
}

/* "L1 48K, L2 2048K, L3 36864K": those that hold data, of the first core. */
static void print_caches(void) {
    Text all = text_create(NULL);
    for (int i = 0; i < 8; i++) {
        static const char *const names[] = {"type", "level", "size"};
        char path[128], facts[3][32];
        for (int f = 0; f < 3; f++) {
            snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", i, names[f]);
            read_line(path, facts[f], sizeof facts[f]);
        }
        if (facts[0][0] && strcmp(facts[0], "Instruction") != 0)
            text_format(&all, "%sL%s %s", all.size ? ", " : "", facts[1], facts[2]);
    }
    print_fact("caches", all.size ? all.data : "unknown");
    text_destroy(&all);
}

/* Jiffies of all cores, and those of them in which they did something, for any machine on this hardware; 0 where the system
 * does not say. */
static int read_jiffies(double *all, double *busy) {
    double user, nice, system, idle, waiting, interrupts, soft, stolen;
    char line[256];
    read_line("/proc/stat", line, sizeof line);
    if (sscanf(line, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle, &waiting, &interrupts, &soft,
               &stolen) != 8)
        return 0;
    *busy = user + nice + system + interrupts + soft + stolen;
    *all = *busy + idle + waiting;
    return 1;
}

/* Does nothing for two seconds, and looks who does something. */
static const char *idle(void) {
    const double most = 0.05;
    const struct timespec wait = {2, 0};
    double all[2], busy[2];
    if (!read_jiffies(&all[0], &busy[0]) || nanosleep(&wait, NULL) || !read_jiffies(&all[1], &busy[1]))
        return "unknown";
    return busy[1] - busy[0] <= most * (all[1] - all[0]) ? "yes" : "no";
}

static void print_facts(void) {
    char text[512];
    machine_cpu(text, sizeof text);
    print_fact("cpu", text);
    snprintf(text, sizeof text, "%d", bench_cores());
    print_fact("cores", text);
    print_caches();
    text[0] = 0;
    for (size_t i = 0; cpu_target[i]; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", cpu_target[i]);
    print_fact("instructions", text[0] ? text : "of every CPU of this kind");
    print_fact("compiler", machine_compiler());
    print_fact("source", source_hash_common());
    print_fact("idle", idle());
}

/* ---- its limits ---- */

/* FLOP/s of one thread, the best of some short stretches: all chains are in registers, and all different. */
static double multiply_adds(void) {
    enum { CHAINS = MICRO_ROWS, STEPS = 4000, STRETCHES = 40 };
    volatile real sink = 0;
    double best = 0;
    for (int stretch = 0; stretch < STRETCHES; stretch++) {
        real acc[CHAINS][MICRO_COLUMNS];
        for (size_t i = 0; i < CHAINS; i++)
            for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j++) acc[i][j] = sink + (real)(i + j);
        const real factor = sink + REAL(0.5), term = sink + REAL(0.25);
        const double start = clock_seconds();
        for (int step = 0; step < STEPS; step++)
            for (size_t i = 0; i < CHAINS; i++)
                SIMD for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j++) acc[i][j] = REAL_FMA(acc[i][j], factor, term);
        const double rate = 2.0 * STEPS * CHAINS * MICRO_COLUMNS / (clock_seconds() - start);
        for (size_t i = 0; i < CHAINS; i++)
            for (size_t j = 0; j < (size_t)MICRO_COLUMNS; j++) sink = acc[i][j] * 0; /* every chain is used */
        if (rate > best) best = rate;
    }
    return best;
}

static void multiply_adds_task(const void *context, size_t i) {
    ((double *const *)context)[0][i] = multiply_adds();
}

static void measure_multiply_adds(const Bench *bench, int threads) {
    double rates[MOST_TURNS], of_thread[MAX_THREADS], *const of_threads = of_thread;
    for (size_t turn = 0; turn < bench->turns; turn++) {
        threads_run((size_t)threads, threads > 1, multiply_adds_task, &of_threads);
        rates[turn] = 0;
        for (int i = 0; i < threads; i++) rates[turn] += of_thread[i] / 1e9;
    }
    bench_row(&(Subject){"limit", "multiply-adds", 0, threads}, "", "GFLOP/s", bench->turns, rates);
}

/* a = b + c / 2 over three arrays that caches of most machines do not hold, each thread on a part of its own. */
enum { TRIAD_COUNT = 1 << 25, TRIAD_ARRAYS = 3 };
typedef struct Triad {
    float *a, *b, *c;
    size_t part;
} Triad;

static void triad_task(const void *context, size_t i) {
    const Triad *t = context;
    float *restrict a = t->a + i * t->part;
    const float *b = t->b + i * t->part, *c = t->c + i * t->part;
    for (size_t j = 0; j < t->part; j++) a[j] = b[j] + 0.5f * c[j];
}

static void measure_memory(const Bench *bench, int threads) {
    double rates[MOST_TURNS], (*const now)(void) = threads > 1 ? clock_seconds : thread_seconds;
    const size_t count = bench->quick ? TRIAD_COUNT / 4 : TRIAD_COUNT;
    Triad t = {memory_alloc_zero(count, sizeof(float)), memory_alloc_zero(count, sizeof(float)),
               memory_alloc_zero(count, sizeof(float)), count / (size_t)threads};
    for (size_t i = 0; i < count; i++) t.b[i] = t.c[i] = (float)i;
    for (size_t turn = 0; turn <= bench->turns; turn++) { /* the first maps the pages of a */
        const double start = now();
        threads_run((size_t)threads, threads > 1, triad_task, &t);
        const double bytes = (double)(TRIAD_ARRAYS * t.part * (size_t)threads * sizeof(float));
        if (turn > 0) rates[turn - 1] = bytes / (now() - start) / 1e9;
    }
    bench_row(&(Subject){"limit", "memory", 0, threads}, "", "GB/s", bench->turns, rates);
    memory_free(t.a), memory_free(t.b), memory_free(t.c);
}

static const char about[] = "What this machine is, and what it can do at most, on one core and on all:\n"
                            "fused multiply-adds, and memory read and written in order: 10 s; quick: 4 s.";

int main(int argc, char **argv) {
    const Bench bench = bench_begin(argc, argv, 9, 3, about);
    print_facts();
    const int cores = bench_cores() < MAX_THREADS ? bench_cores() : MAX_THREADS;
    for (int threads = 1; threads <= cores; threads = threads == 1 && cores > 1 ? cores : cores + 1) {
        bench_set_threads(threads);
        measure_multiply_adds(&bench, threads);
        measure_memory(&bench, threads);
    }
    return 0;
}
