#include "command/provenance.h"

#include "study/golden.h"

static void add(Text *text, const char *name, const char *of, const char *value) {
    text_format(text, "%s%s%s,", name, of ? "/" : "", of ? of : "");
    text_add_csv(text, value);
    text_add_character(text, '\n');
}

void provenance_paper(const Paper *paper, int recorded, const Selection *selection, Text *text) {
    size_t n_selected = 0;
    for (size_t i = 0; i < selection->n; i++) n_selected += selection->chosen[i].experiment->paper == paper;
    const int all = !selection->only && n_selected == paper->n_experiments;
    Text program = text_create(NULL);
    shell_word(command_program, &program);
    text_add(text, "name,value\n");
    add(text, "title", NULL, paper->title);
    add(text, "authors", NULL, paper->authors);
    add(text, "venue", NULL, paper->venue);
    add(text, "year", NULL, paper->year);
    add(text, "url", NULL, paper->url);
    add(text, "results", NULL, recorded ? "recorded" : "own");
    add(text, "claims", NULL, all ? "all" : "a part");
    add(text, "sources", NULL, source_hash_common());
    add(text, "program", NULL, program.data);
    text_destroy(&program);
}

/* The command that makes the results that are there. */
static const char *run_line(const Command *command, const Experiment *experiment, const Results *results,
                            Arena *arena) {
    Text line = text_create(arena);
    command_line(command, "run", arena_format(arena, "%s/%s", experiment->paper->name, experiment->name), &line);
    if (results && results->grid.n_seeds != experiment->seeds && !options_given(&command->options, "seeds"))
        text_format(&line, " --seeds %zu", results->grid.n_seeds);
    if (results && results->grid.first_seed != experiment->first_seed)
        text_format(&line, " --first-seed %u", results->grid.first_seed);
    return line.data;
}

/* NULL when the recorded results cannot be read. */
static const char *compared(const Command *command, const Results *results, Arena *arena, Error *error) {
    GoldenCount count;
    const int status = golden_verify(command_references(command), results, &count, error);
    if (count.differ) {
        const char *differ = arena_format(arena, "differ: %s", error->text);
        *error = (Error){""};
        return differ;
    }
    if (status < 0) return NULL;
    if (status || !count.same) return "nothing is recorded";
    Text text = text_create(arena);
    text_format(&text, "equal (%s", count_text(count.same, "cell", arena));
    if (count.unrecorded) text_format(&text, "; %zu more are not recorded", count.unrecorded);
    if (count.missing) text_format(&text, "; %zu recorded ones were not run", count.missing);
    text_add(&text, ")");
    return text.data;
}

/* What was run: seeds and the core-seconds that they cost on the machine that costs are measured on. */
static int add_size(const char *of, const Results *results, Text *text, Arena *arena, Error *error) {
    const Grid *grid = &results->grid;
    double seconds = 0, all = 0;
    for (size_t i = 0; i < grid->n_cells; i++, all += seconds)
        if (cell_cost(&grid->cells[i], &seconds, error)) return -1;
    add(text, "seeds", of, arena_format(arena, "%zu", grid->n_seeds));
    add(text, "cost", of, arena_format(arena, "%.1f", all));
    return 0;
}

int provenance_experiment(const Command *command, const Experiment *experiment, const Results *results, int recorded,
                          Text *text, Error *error) {
    char hash[SHA256_HEX];
    if (source_hash(experiment->method, hash, error)) return -1;
    Arena *arena = arena_create(0);
    add(text, "title", experiment->name, experiment->title);
    add(text, "items", experiment->name, experiment_items(experiment, arena));
    add(text, "sources", experiment->name, hash);
    add(text, "run", experiment->name, run_line(command, experiment, results, arena));
    const char *against = !results ? "not run" : recorded ? "recorded" : compared(command, results, arena, error);
    if (against) {
        add(text, "compared", experiment->name, against);
        add(text, "varies", experiment->name, experiment->varies);
    }
    const int status = !against ? -1 : results ? add_size(experiment->name, results, text, arena, error) : 0;
    arena_destroy(arena);
    return status;
}

void provenance_row(const Claim *claim, Text *text) {
    const Quantity *const quantities[] = {claim->a, claim->b};
    Text uses = text_create(NULL);
    for (int q = 0; q < 2; q++) {
        size_t n = 0;
        const Experiment *const *of = quantities[q] ? quantity_experiments(quantities[q], &n) : NULL;
        for (size_t i = 0; i < n; i++)
            if (of[i] != claim->row->experiment)
                text_format(&uses, "%s%s/%s", uses.size ? " " : "", of[i]->paper->name, of[i]->name);
    }
    if (uses.size) add(text, "uses", claim->row->id, uses.data);
    text_destroy(&uses);
}
