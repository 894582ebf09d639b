#include "command/list.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "command/command.h"
#include "command/table.h"
#include "data/image_sets.h"
#include "study/schedule.h"

static const char *const formats[] = {"table", "csv", NULL};
static const Option list_options[] = {{"format", "FORMAT", "table", "table, or csv for programs"},
                                      {NULL, NULL, NULL, NULL}};

/* Rows of an experiment: their cells, by themselves, though other rows may have some of them, too. */
typedef struct Part {
    const Experiment *experiment;
    const char *item;
    size_t cells, left;
    double cost, seconds; /* of those that are left: core-seconds where costs are measured, seconds here */
    const char *needs;    /* what one of those that are left reads and is not there, or NULL; its cost does not count */
} Part;

typedef struct Listing {
    size_t n;
    Part *parts;
    Part all; /* each cell once */
    int threads;
    double time_scale;
} Listing;

static void add_up(const Jobs *jobs, const Listing *listing, Arena *arena, Part *part) {
    const Jobs left = jobs_unfinished(jobs, arena);
    part->cells = jobs->n;
    const Jobs ready = jobs_ready(&left, arena), lacking = jobs_lacking(&left, arena);
    part->left = left.n;
    part->cost = jobs_cost(&ready);
    part->seconds = jobs_seconds(&ready, listing->threads, listing->time_scale);
    part->needs = lacking.n ? lacking.jobs[0].needs : NULL;
}

/* The part of these rows of an experiment; the states of its cells are those of all, known by their keys. */
static int add_part(const Command *command, const Experiment *experiment, const unsigned char *rows, const Jobs *all,
                    const Map *known, Listing *listing, Error *error) {
    Arena *arena = command->arena;
    GridRequest request;
    Grid grid;
    Jobs jobs;
    if (command_request(command, experiment, &request, error)) return -1;
    request.rows = rows;
    if (grid_make(experiment, &request, arena, &grid, error) || jobs_make(&grid, 1, arena, &jobs, error)) return -1;
    for (size_t j = 0; j < jobs.n; j++) jobs.jobs[j].state = all->jobs[map_get(known, jobs.jobs[j].key)].state;
    Part *part = &listing->parts[listing->n++];
    Text items = text_create(arena);
    Map *named = map_create(arena);
    for (size_t r = 0; r < experiment->n_rows; r++)
        if (rows[r] && map_put(named, experiment->rows[r].item, r) == MAP_ABSENT)
            text_format(&items, "%s%s", items.size ? "; " : "", experiment->rows[r].item);
    *part = (Part){.experiment = experiment, .item = items.data};
    add_up(&jobs, listing, arena, part);
    return 0;
}

/* Every cell is looked up once, whichever rows have it.  A part is a row, or by_experiment all chosen ones of an
 * experiment. */
static int make_listing(const Command *command, const Grid *grids, int by_experiment, Listing *listing, Error *error) {
    Arena *arena = command->arena;
    const Selection *selection = &command->selection;
    Jobs all;
    if (command_jobs(command, grids, &all, error)) return -1;
    Map *known = map_create(arena);
    for (size_t i = 0; i < all.n; i++) map_put(known, all.jobs[i].key, i);
    add_up(&all, listing, arena, &listing->all);
    size_t most = 0;
    for (size_t i = 0; i < selection->n; i++) most += selection->chosen[i].experiment->n_rows;
    listing->parts = arena_alloc_zero(arena, most, sizeof *listing->parts);
    for (size_t i = 0; i < selection->n; i++) {
        const Experiment *experiment = selection->chosen[i].experiment;
        if (by_experiment) {
            if (add_part(command, experiment, grids[i].rows, &all, known, listing, error)) return -1;
            continue;
        }
        for (size_t r = 0; r < experiment->n_rows; r++) {
            unsigned char *only = arena_alloc_zero(arena, experiment->n_rows, 1);
            only[r] = 1;
            if (grids[i].rows[r] && add_part(command, experiment, only, &all, known, listing, error)) return -1;
        }
    }
    return 0;
}

static int listing_of(Command *command, int by_experiment, Listing *listing, Error *error) {
    Grid *grids;
    *listing = (Listing){.n = 0};
    if (command_threads(command, &listing->threads, error) || command_grids(command, &grids, error)) return EXIT_USAGE;
    listing->time_scale = measure_time_scale();
    return make_listing(command, grids, by_experiment, listing, error) ? EXIT_FAILURE : 0;
}

static const char *left_text(const Part *part, char buffer[32]) {
    return part->needs ? "needs data" : part->left ? format_estimate(part->seconds, buffer) : "-";
}

static void print_csv(const Listing *listing, Arena *arena) {
    Table table = table_create("llllrrrrl", arena);
    table_header(&table, "paper,experiment,item,title,cells,done,core_seconds,seconds,needs");
    for (size_t i = 0; i < listing->n; i++) {
        const Part *part = &listing->parts[i];
        table_add(&table, part->experiment->paper->name);
        table_add(&table, part->experiment->name);
        table_add(&table, part->item);
        table_add(&table, part->experiment->title);
        table_format(&table, "%zu", part->cells);
        table_format(&table, "%zu", part->cells - part->left);
        table_format(&table, "%.0f", part->cost * listing->time_scale);
        table_format(&table, "%.0f", part->seconds);
        table_add(&table, part->needs ? part->needs : "");
    }
    table_csv(&table, stdout);
}

static void print_needs(const Listing *listing, Arena *arena) {
    const Experiment **experiments = arena_alloc(arena, listing->n, sizeof *experiments);
    const char **needs = arena_alloc(arena, listing->n, sizeof *needs);
    for (size_t i = 0; i < listing->n; i++) {
        experiments[i] = listing->parts[i].experiment;
        needs[i] = listing->parts[i].needs;
    }
    print_skipped(listing->n, experiments, needs, stdout);
}

/* The data sets that are there; the others are named where an experiment needs them. */
static void print_sets(Arena *arena) {
    Text text = text_create(arena);
    for (const ImageSource *source = image_sources; source->name; source++) {
        Error missing = {""};
        if (image_set_check(source->name, &missing) == 0)
            text_format(&text, "%s %s", text.size ? "," : "", source->title);
    }
    text_print_words(
        arena_format(arena, text.size ? "data sets found:%s" : "data sets found: none (make data)", text.data), 0,
        (size_t)output_columns(), stdout);
    puts("");
}

/* The parts of one paper from the first on; returns the part behind the last. */
static size_t print_paper(const Listing *listing, size_t first, Arena *arena) {
    const Paper *paper = listing->parts[first].experiment->paper;
    char left[32];
    Table table = table_create("lrrlw", arena);
    size_t i = first;
    printf("%s: ", text_printable(arena, paper->name));
    text_print_words(
        text_printable(arena, arena_format(arena, "%s, \"%s\", %s", paper->authors, paper->title, paper->year)),
        text_columns(paper->name) + 2, (size_t)output_columns(), stdout);
    puts("");
    table_header(&table, "experiment,cells,done,time left,items");
    for (; i < listing->n && listing->parts[i].experiment->paper == paper; i++) {
        const Part *part = &listing->parts[i];
        table_add(&table, i > first && part[-1].experiment == part->experiment ? "" : part->experiment->name);
        table_format(&table, "%zu", part->cells);
        table_format(&table, "%zu", part->cells - part->left);
        table_add(&table, left_text(part, left));
        table_add(&table, part->item);
    }
    table_print(&table, 2, stdout);
    return i;
}

static int list_work(Command *command, Error *error) {
    Listing listing;
    int format;
    char left[32];
    if (options_choice(&command->options, "format", formats, &format, error)) return EXIT_USAGE;
    const int status = listing_of(command, 0, &listing, error);
    if (status) return status;
    if (format) return print_csv(&listing, command->arena), 0;
    for (size_t i = 0; i < listing.n;) {
        if (i) puts("");
        i = print_paper(&listing, i, command->arena);
    }
    printf("\nin all, each cell once: %zu cells, %zu done, %s left on %s\n", listing.all.cells,
           listing.all.cells - listing.all.left,
           listing.all.left ? format_estimate(listing.all.seconds, left) : "nothing",
           count_text((size_t)listing.threads, "core", command->arena));
    print_needs(&listing, command->arena);
    print_sets(command->arena);
    return 0;
}

static int estimate_work(Command *command, Error *error) {
    Listing listing;
    Arena *arena = command->arena;
    char left[32];
    const int status = listing_of(command, 1, &listing, error);
    if (status) return status;
    Table table = table_create("lrrlw", arena);
    table_header(&table, "experiment,cells,left,about,items");
    for (size_t i = 0; i < listing.n; i++) {
        const Part *part = &listing.parts[i];
        table_format(&table, "%s/%s", part->experiment->paper->name, part->experiment->name);
        table_format(&table, "%zu", part->cells);
        table_format(&table, "%zu", part->left);
        table_add(&table, left_text(part, left));
        table_add(&table, part->item);
    }
    table_print(&table, 0, stdout);
    const char *total = arena_format(arena,
                                     "about %s in all, each cell once, on %s; this machine takes %.2f times as long as "
                                     "the one that costs were measured on",
                                     format_estimate(listing.all.seconds, left),
                                     count_text((size_t)listing.threads, "core", arena), listing.time_scale);
    puts("");
    text_print_words(total, 0, (size_t)output_columns(), stdout);
    puts("");
    print_needs(&listing, arena);
    return 0;
}

int list_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {"list",
                                     "[EXPERIMENT|PAPER|all]",
                                     "The experiments of each paper: what they make of it, how many cells they have, "
                                     "how many are stored, and how long the others take here.",
                                     TAKES_RESULTS | TAKES_GRID | TAKES_THREADS,
                                     list_options,
                                     list_work};
    return command_run(&kind, methods, argc, argv, error);
}

int estimate_command(const Method *const *methods, int argc, char **argv, Error *error) {
    static const CommandKind kind = {"estimate",
                                     "[EXPERIMENT|PAPER|all]",
                                     "How long the cells that are not stored will take on this machine.",
                                     TAKES_RESULTS | TAKES_GRID | TAKES_PARAMETERS | TAKES_THREADS,
                                     NULL,
                                     estimate_work};
    return command_run(&kind, methods, argc, argv, error);
}
