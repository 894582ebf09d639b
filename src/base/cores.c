#define _GNU_SOURCE /* sched_getaffinity */
#include "base/cores.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/csv.h"
#include "base/file.h"

enum { MOST_PROCESSORS = 1 << 16, FILE_BYTES = 1 << 20 };

/* ---- processors ---- */

static int processors(void) {
#ifdef __linux__
    /* The kernel refuses a set with less room than the machine could have processors. */
    for (int room = 1024; room <= MOST_PROCESSORS; room *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)room);
        if (!set) break;
        size_t size = CPU_ALLOC_SIZE((size_t)room);
        int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0) return count;
    }
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > MOST_PROCESSORS ? MOST_PROCESSORS : (int)online;
}

/* ---- control groups ---- */

/* The number that is the first or second word of a file, or NaN. */
static double read_word(Arena *arena, const char *path, int second) {
    unsigned char *data;
    size_t size;
    double value;
    if (file_read(path, FILE_BYTES, arena, &data, &size, NULL)) return NAN;
    char *word = (char *)data;
    if (second) word += strcspn(word, " \n"), word += strspn(word, " \n");
    word[strcspn(word, " \n")] = '\0';
    return parse_double(word, &value) == 0 ? value : NAN;
}

/* Version 2 has both numbers in cpu.max, "max 100000" for none; version 1 has two files, and -1 for none. */
static double group_quota(Arena *arena, const char *group, int version) {
    const char *quota_file = arena_format(arena, "%s/%s", group, version == 2 ? "cpu.max" : "cpu.cfs_quota_us");
    const char *period_file = version == 2 ? quota_file : arena_format(arena, "%s/cpu.cfs_period_us", group);
    double quota = read_word(arena, quota_file, 0), period = read_word(arena, period_file, version == 2);
    return quota > 0 && period > 0 ? quota / period : INFINITY;
}

/* The least quota of a group and those above it, below a mounted hierarchy. */
static double least_quota(Arena *arena, const char *mount, const char *group, int version) {
    char *path = arena_format(arena, "%s%s", mount, group);
    double least = INFINITY;
    for (char *end = path + strlen(path); end >= path + strlen(mount); end--) {
        if (*end != '/' && *end != '\0') continue;
        *end = '\0';
        least = fmin(least, group_quota(arena, path, version));
    }
    return least;
}

/* Whether the comma list has the word. */
static int lists(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0')) return 1;
    return 0;
}

/* Lines "NUMBER:CONTROLLERS:GROUP"; of version 2 "0::GROUP".  A container may see its own groups at the root of what is
 * mounted, whatever the name of its group outside: least_quota comes by there as well. */
double cores_quota(const char *root) {
    static const struct {
        const char *mount;
        int version;
    } places[] = {{"cgroup", 2}, {"cgroup/unified", 2}, {"cgroup/cpu", 1}, {"cgroup/cpu,cpuacct", 1}};
    Arena *arena = arena_create(0);
    unsigned char *data;
    size_t size;
    double least = INFINITY;
    if (file_read(arena_format(arena, "%s/proc/self/cgroup", root), FILE_BYTES, arena, &data, &size, NULL)) size = 0;
    for (char *line = (char *)data, *end; size && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end) *end++ = '\0';
        char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group) continue;
        *group++ = '\0';
        int version = controllers[1] ? 1 : 2;
        if (version == 1 && !lists(controllers + 1, "cpu")) continue;
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            const char *mount = arena_format(arena, "%s/sys/fs/%s", root, places[i].mount);
            if (places[i].version == version) least = fmin(least, least_quota(arena, mount, group, version));
        }
    }
    arena_destroy(arena);
    return least;
}

int cores_usable(void) {
    double available = processors(), quota = ceil(cores_quota("") - 0.01);
    double cores = quota < available ? quota : available;
    return cores < 1 ? 1 : (int)cores;
}

/* ---- threads ---- */

int cores_default_threads(void) {
#ifdef _OPENMP
    int cores = cores_usable(), asked = omp_get_max_threads(), limit = omp_get_thread_limit();
    int threads = asked < limit ? asked : limit;
    return threads < 1 ? 1 : threads < cores ? threads : cores;
#else
    return 1;
#endif
}

#ifdef _OPENMP
static void *wait_for_gate(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

/* A thread counts for a moment after it was joined; OpenMP starts its own at once. */
static void wait_until_gone(void) {
    static const struct timespec millisecond = {0, 1000000};
    struct stat status;
    for (int i = 0; i < 100 && stat("/proc/self/task", &status) == 0 && status.st_nlink > 3; i++)
        nanosleep(&millisecond, NULL);
}

int cores_startable_threads(int wanted, Error *note) {
    if (wanted < 2) return 1;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t *threads = memory_alloc((size_t)wanted, sizeof *threads);
    int started = 1; /* this one */
    pthread_mutex_lock(&gate);
    while (started < wanted && pthread_create(&threads[started], NULL, wait_for_gate, &gate) == 0) started++;
    pthread_mutex_unlock(&gate);
    for (int i = 1; i < started; i++) pthread_join(threads[i], NULL);
    memory_free(threads);
    wait_until_gone();
    if (started < wanted)
        error_set(note,
                  "only %d of %d threads can be started here, so %d are used; see ulimit -u, ulimit -v and the limits "
                  "of the container",
                  started, wanted, started);
    return started;
}
#else
int cores_startable_threads(int wanted, Error *note) {
    (void)wanted, (void)note;
    return 1;
}
#endif

void cores_wait_passively(char **argv) {
#if defined _OPENMP && defined __linux__
    if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT") || getenv("KMP_BLOCKTIME")) return;
    char program[4096]; /* by name: under an emulator /proc/self/exe itself is the emulator */
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0) return;
    program[length] = '\0';
    if (setenv("OMP_WAIT_POLICY", "passive", 1) == 0) execv(program, argv);
#else
    (void)argv;
#endif
}
