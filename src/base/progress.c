#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/clock.h"
#include "base/csv.h"
#include "base/text.h"

enum { BAR_MOST = 24, BAR_LEAST = 4, LABEL_LEAST = 4, USUAL_COLUMNS = 80 };
#define SECONDS_BETWEEN_BARS 0.1
#define SECONDS_BETWEEN_TICKS 1.0
#define SECONDS_BETWEEN_LINES 10.0

struct Progress {
    Text label, line;
    double total, done;
    int done_items, of_items;
    int terminal;
    size_t shown;                       /* columns of the line that is on the screen */
    double began, drawn, counted, left; /* counted: when work was last added; left: seconds, estimated then */
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

static size_t terminal_columns(void) {
    struct winsize size;
    const char *set = getenv("COLUMNS");
    long long columns = 0;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return set && parse_integer(set, 1, 100000, &columns) == 0 ? (size_t)columns : USUAL_COLUMNS;
}

/* Of UTF-8; characters from U+2E80 on may take two. */
static size_t columns_of(const char *text) {
    size_t columns = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        columns += (*c & 0xc0) == 0x80 ? 0 : *c > 0xe2 || (*c == 0xe2 && c[1] >= 0xba) ? 2 : 1;
    return columns;
}

/* The label in at most so many columns, cut with "..". */
static void add_label(Progress *progress, size_t columns) {
    const char *label = progress->label.data, *end = label;
    if (columns_of(label) <= columns) {
        text_add(&progress->line, label);
        return;
    }
    size_t start = progress->line.size;
    while (*end) {
        size_t before = progress->line.size;
        do text_add_character(&progress->line, *end++);
        while (((unsigned char)*end & 0xc0) == 0x80);
        if (columns_of(progress->line.data + start) + 2 <= columns) continue;
        progress->line.size = before;
        break;
    }
    text_add(&progress->line, "..");
}

/* What a line has, from the most to the least. */
static const struct Layout {
    int bar, items, whole_label, part_of_label;
    const char *about, *left;
} layouts[] = {{1, 1, 1, 0, "about ", " left"},
               {0, 1, 1, 0, "about ", " left"},
               {0, 0, 1, 0, "about ", " left"},
               {0, 0, 1, 0, "", " left"},
               {0, 0, 0, 1, "", ""},
               {0, 0, 0, 0, "", ""}};
enum { N_LAYOUTS = sizeof layouts / sizeof *layouts };

/* " 42 %, 12/40, about 1 min 20 s left".  The time is counted down between two additions; before the first, it is how
 * long the work has taken so far. */
static void add_status(Progress *progress, double now, const struct Layout *layout) {
    const double fraction = fraction_done(progress), elapsed = now - progress->began;
    char duration[32];
    text_format(&progress->line, "%3d %%", (int)(100 * fraction));
    if (layout->items && progress->of_items > 0)
        text_format(&progress->line, ", %d/%d", progress->done_items, progress->of_items);
    if (fraction <= 0 && elapsed >= 2) text_format(&progress->line, ", %s so far", format_estimate(elapsed, duration));
    if (fraction <= 0 || elapsed < 0.5) return;
    double left = progress->left - (now - progress->counted);
    if (left < 0.5) left = elapsed * (1 - fraction) / fraction; /* it takes longer than estimated: estimate again */
    text_format(&progress->line, ", %s%s%s", layout->about, format_estimate(left, duration), layout->left);
}

/* Fills line with the first layout that fits; at least the percentage. */
static void lay_out(Progress *progress, double now, size_t columns) {
    size_t label = columns_of(progress->label.data), room = 0;
    const struct Layout *layout = layouts;
    for (int i = 0; i < N_LAYOUTS; i++) {
        layout = &layouts[i];
        text_clear(&progress->line);
        add_status(progress, now, layout);
        size_t before = layout->whole_label ? label + 1 : layout->part_of_label ? LABEL_LEAST + 1 : 0;
        if (layout->bar) before += BAR_LEAST + 3;
        room = columns > progress->line.size ? columns - progress->line.size : 0;
        if (before <= room) break;
    }
    text_clear(&progress->line);
    if (layout->whole_label || layout->part_of_label) add_label(progress, room - 1);
    size_t cells = layout->bar ? room - label - 4 : 0;
    if (cells > BAR_MOST) cells = BAR_MOST;
    const size_t full = (size_t)(fraction_done(progress) * (double)cells);
    if (cells) text_add(&progress->line, " [");
    for (size_t i = 0; i < cells; i++) text_add_character(&progress->line, i < full ? '#' : '.');
    if (cells) text_add_character(&progress->line, ']');
    if (progress->line.size) text_add_character(&progress->line, ' ');
    add_status(progress, now, layout);
    if (progress->line.size > columns && layout == &layouts[N_LAYOUTS - 1]) progress->line.data[columns] = '\0';
}

/* Redrawn in place: spaces erase what a longer line left behind, so no terminal needs to know escapes.  The last column
 * stays free: some terminals wrap when it is written. */
static void draw_bar(Progress *progress, double now) {
    size_t columns = terminal_columns() - 1;
    lay_out(progress, now, columns);
    size_t length = columns_of(progress->line.data);
    size_t erased = progress->shown < columns ? progress->shown : columns;
    fprintf(stderr, "\r%s%*s", progress->line.data, erased > length ? (int)(erased - length) : 0, "");
    fflush(stderr);
    progress->shown = length;
}

static void print_line(Progress *progress, double now) {
    text_clear(&progress->line);
    text_format(&progress->line, "%s: ", progress->label.data);
    size_t start = progress->line.size;
    add_status(progress, now, &layouts[0]);
    const char *status = progress->line.data + start;
    fprintf(stderr, "%.*s%s\n", (int)start, progress->line.data, status + strspn(status, " "));
}

Progress *progress_begin(const char *label, double total) {
    Progress *progress = memory_alloc_zero(1, sizeof *progress);
    progress->label = text_create(NULL);
    progress->line = text_create(NULL);
    text_add_printable(&progress->label, label);
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
    size_t columns = progress->terminal ? terminal_columns() - 1 : 0;
    if (progress->shown) fprintf(stderr, "\r%*s\r", (int)(progress->shown < columns ? progress->shown : columns), "");
    fflush(stderr);
#ifdef _OPENMP
    omp_destroy_lock(&progress->lock);
#endif
    text_destroy(&progress->label);
    text_destroy(&progress->line);
    memory_free(progress);
}
