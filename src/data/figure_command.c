#include "data/figure_command.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/options.h"
#include "data/mnist1d.h"

enum { CLASSES = 10, TEMPLATE_LENGTH = 12, STAGES_LABEL = 5 };

typedef struct Panel {
    const char *name;
    size_t length;
    const double *x, *t;
} Panel;

static int write_panels(const char *path, const Panel *panels, size_t n_panels, Error *error) {
    AtomicFile file;
    char x[32], t[32];
    if (atomic_open(&file, path, error)) return -1;
    text_add(&file.text, "panel,name,point,x,t\n");
    for (size_t i = 0; i < n_panels; i++) {
        for (size_t j = 0; j < panels[i].length; j++) {
            text_format(&file.text, "%zu,", i);
            text_add_csv(&file.text, panels[i].name);
            text_format(&file.text, ",%zu,%s,%s\n", j, format_double(panels[i].x[j], x),
                        format_double(panels[i].t[j], t));
        }
    }
    return atomic_commit(&file, error);
}

static int write_templates(Arena *arena, const char *folder, Error *error) {
    double x[CLASSES][TEMPLATE_LENGTH], t[TEMPLATE_LENGTH];
    Panel panels[CLASSES];
    mnist1d_templates(x, t);
    for (int digit = 0; digit < CLASSES; digit++)
        panels[digit] = (Panel){arena_format(arena, "%d", digit), TEMPLATE_LENGTH, x[digit], t};
    return write_panels(path_join(arena, folder, "figure1_templates.csv"), panels, CLASSES, error);
}

/* The first training row of a class, or n_train. */
static size_t first_of_class(const Mnist1d *data, int digit) {
    size_t row = 0;
    while (row < data->n_train && data->y[row] != digit) row++;
    return row;
}

static int write_examples(Arena *arena, const char *folder, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    Panel panels[CLASSES];
    if (mnist1d_make(&options, arena, &data, error)) return -1;
    for (int digit = 0; digit < CLASSES; digit++) {
        size_t row = first_of_class(&data, digit);
        if (row == data.n_train) return error_set(error, "figure-data: no training example of class %d", digit);
        panels[digit] = (Panel){arena_format(arena, "%d", digit), data.length, data.x + row * data.length, data.t};
    }
    return write_panels(path_join(arena, folder, "figure1_examples.csv"), panels, CLASSES, error);
}

static int write_stages(Arena *arena, const char *folder, Error *error) {
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1dStage *stages;
    size_t n_stages;
    if (mnist1d_stages(&options, STAGES_LABEL, arena, &stages, &n_stages, error)) return -1;
    Panel *panels = arena_alloc(arena, n_stages, sizeof *panels);
    for (size_t i = 0; i < n_stages; i++)
        panels[i] = (Panel){stages[i].name, stages[i].length, stages[i].x, stages[i].t};
    return write_panels(path_join(arena, folder, "figure1_stages.csv"), panels, n_stages, error);
}

static int write_all(const char *folder, Error *error) {
    Arena *arena = arena_create(0);
    int failed = directory_create(folder, error) || write_templates(arena, folder, error) ||
                 write_examples(arena, folder, error) || write_stages(arena, folder, error);
    arena_destroy(arena);
    return failed ? -1 : 0;
}

int figure_data_command(int argc, char **argv, Error *error) {
    static const Option table[] = {{"out", "DIR", "build/figures", "folder to write into"},
                                   {"help", NULL, NULL, "show this"},
                                   {NULL, NULL, NULL, NULL}};
    Arena *arena = arena_create(0);
    Options options;
    int failed = options_parse(&options, table, argc, argv, arena, error);
    if (!failed && options.n_words > 0)
        failed = error_set(error, "figure-data: unexpected '%s'; see scaledown figure-data --help", options.words[0]);
    if (!failed && options_given(&options, "help"))
        options_help(&options, stdout);
    else if (!failed)
        failed = write_all(options_text(&options, "out"), error);
    arena_destroy(arena);
    return failed ? -1 : 0;
}
