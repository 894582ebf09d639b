#include "base/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/arena.h"
#include "base/clock.h"

enum { BAR_CELLS = 24, LINE_COLUMNS = 79, LINE_BYTES = 160 };
#define SECONDS_BETWEEN_BARS 0.1
#define SECONDS_BETWEEN_TICKS 1.0
#define SECONDS_BETWEEN_LINES 10.0

struct Progress {
    char label[32];
    double total, done;
    int done_items, of_items;
    int terminal, shown;                /* shown: characters of the bar that is on the screen */
    double began, drawn, counted, left; /* counted: when work was last added; left: seconds, judged then */
#ifdef _OPENMP
    omp_lock_t lock;
#endif
};

static void progress_lock(Progress *progress) {
#ifdef _OPENMP
    omp_set_lock(&progress->lock);
#else
    (void)progress;
#endif
}

static int progress_try_lock(Progress *progress) {
#ifdef _OPENMP
    return omp_test_lock(&progress->lock);
#else
    (void)progress;
    return 1;
#endif
}

static void progress_unlock(Progress *progress) {
#ifdef _OPENMP
    omp_unset_lock(&progress->lock);
#else
    (void)progress;
#endif
}

static double fraction_done(const Progress *progress) {
    double fraction = progress->total > 0 ? progress->done / progress->total : 0;
    return fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
}

/* ", about 1 min 20 s left", counted down between two additions; before the first, how long it has taken so far. */
static void format_left(const Progress *progress, double now, char text[64]) {
    double fraction = fraction_done(progress), elapsed = now - progress->began;
    char duration[32];
    text[0] = '\0';
    if (fraction <= 0 && elapsed >= 2) snprintf(text, 64, ", %s so far", format_estimate(elapsed, duration));
    if (fraction <= 0 || elapsed < 0.5) return;
    double left = progress->left - (now - progress->counted);
    if (left < 0.5) left = elapsed * (1 - fraction) / fraction; /* it takes longer than judged: judge again */
    snprintf(text, 64, ", about %s left", format_estimate(left, duration));
}

static void format_status(const Progress *progress, double now, char text[LINE_BYTES]) {
    char items[32] = "", left[64];
    if (progress->of_items > 0) snprintf(items, sizeof items, ", %d/%d", progress->done_items, progress->of_items);
    format_left(progress, now, left);
    snprintf(text, LINE_BYTES, "%3d %%%s%s", (int)(100 * fraction_done(progress)), items, left);
}

/* Redrawn in place: spaces erase what a longer bar left behind, so no terminal needs to know escapes.  A line that
 * wraps could not be redrawn: the bar takes what the words leave of 79 columns. */
static void draw_bar(Progress *progress, double now) {
    char bar[BAR_CELLS + 1], status[LINE_BYTES], line[LINE_COLUMNS + 1];
    format_status(progress, now, status);
    int cells = LINE_COLUMNS - (int)(strlen(progress->label) + strlen(status) + strlen(" [] "));
    cells = cells < 0 ? 0 : cells > BAR_CELLS ? BAR_CELLS : cells;
    memset(bar, '.', BAR_CELLS);
    memset(bar, '#', (size_t)(fraction_done(progress) * cells));
    bar[cells] = '\0';
    int length = snprintf(line, sizeof line, "%s [%s] %s", progress->label, bar, status);
    if (length > LINE_COLUMNS) length = LINE_COLUMNS;
    fprintf(stderr, "\r%s%*s", line, progress->shown > length ? progress->shown - length : 0, "");
    fflush(stderr);
    progress->shown = length;
}

static void print_line(const Progress *progress, double now) {
    char status[LINE_BYTES];
    format_status(progress, now, status);
    fprintf(stderr, "%s: %s\n", progress->label, status + strspn(status, " "));
}

Progress *progress_begin(const char *label, double total) {
    Progress *progress = memory_alloc_zero(1, sizeof *progress);
    snprintf(progress->label, sizeof progress->label, "%s", label);
    progress->total = total;
    progress->terminal = isatty(STDERR_FILENO);
    progress->began = progress->drawn = clock_seconds();
#ifdef _OPENMP
    omp_init_lock(&progress->lock);
#endif
    if (progress->terminal) draw_bar(progress, progress->began);
    return progress;
}

void progress_add(Progress *progress, double work, int done_items, int of_items) {
    progress_lock(progress);
    progress->done += work;
    if (done_items > progress->done_items) progress->done_items = done_items; /* threads may report out of order */
    progress->of_items = of_items;
    double now = clock_seconds(), fraction = fraction_done(progress);
    if (work > 0 && fraction > 0) {
        progress->counted = now;
        progress->left = (now - progress->began) * (1 - fraction) / fraction;
    }
    if (now - progress->drawn >= (progress->terminal ? SECONDS_BETWEEN_BARS : SECONDS_BETWEEN_LINES)) {
        if (progress->terminal)
            draw_bar(progress, now);
        else
            print_line(progress, now);
        progress->drawn = now;
    }
    progress_unlock(progress);
}

void progress_tick(Progress *progress) {
    if (!progress->terminal || !progress_try_lock(progress)) return;
    double now = clock_seconds();
    if (now - progress->drawn >= SECONDS_BETWEEN_TICKS) {
        draw_bar(progress, now);
        progress->drawn = now;
    }
    progress_unlock(progress);
}

void progress_end(Progress *progress) {
    if (!progress) return;
    if (progress->shown) fprintf(stderr, "\r%*s\r", progress->shown, "");
    fflush(stderr);
#ifdef _OPENMP
    omp_destroy_lock(&progress->lock);
#endif
    memory_free(progress);
}
