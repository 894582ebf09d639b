#include "study/paper.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/map.h"
#include "base/text.h"

#define MAX_SEEDS 100000
#define MAX_NAME 64
enum { NAME, ITEM, TITLE, METHOD, SETTINGS, SMOKE, SEEDS, SMOKE_SEEDS, FIRST_SEED, VARIES };
static const char columns[] = "name,item,title,method,settings,smoke,seeds,smoke-seeds,first-seed";

/* ---- one row of an experiments table ---- */

static const char *place(const CsvTable *table, size_t row, size_t column, Arena *arena) {
    return arena_format(arena, "%s, line %zu, column %s", table->path, table->lines[row], table->names[column]);
}

/* "name=list name=list" as one axis for each parameter. */
static int read_settings(const char *text, const char *where, const Method *method, Arena *arena, Axis **axes,
                         Error *error) {
    static const char form[] = "; a blank is between settings, a comma between values: \"model=cnn,mlp widths=2,4\"";
    Axis *out = arena_alloc_zero(arena, parameter_count(method) + 1, sizeof *out);
    for (const char *word = text; *word; word += strspn(word, " ")) {
        const size_t length = strcspn(word, " "), equals = strcspn(word, "= ");
        const char *name = arena_format(arena, "%.*s", (int)equals, word);
        const size_t p = parameter_find(method, name);
        if (equals == length)
            return error_set(error, "%s: \"%s\" is not of the form parameter=value,value%s", where, name, form);
        if (!method->parameters[p].name) {
            const char **known = arena_alloc_zero(arena, p + 1, sizeof *known);
            for (size_t i = 0; i < p; i++) known[i] = method->parameters[i].name;
            return error_set(error,
                             "%s: method %s has no parameter \"%s\"%s; `scaledown run EXPERIMENT --help` lists those "
                             "of an experiment",
                             where, method->name, name, nearest_note(name, known, arena));
        }
        if (out[p].n) return error_set(error, "%s: %s is set twice", where, name);
        const char *list = arena_format(arena, "%.*s", (int)(length - equals - 1), word + equals + 1);
        if (strchr(list, '=') || (*list && list[strlen(list) - 1] == ','))
            return error_set(error, "%s, %s: \"%.80s\" is no list of values%s", where, name, list, form);
        if (parameter_values(&method->parameters[p], list, arena_format(arena, "%s, %s", where, name), arena, &out[p],
                             error))
            return -1;
        word += length;
    }
    *axes = out;
    return 0;
}

static int read_count(const CsvTable *table, size_t row, size_t column, long long low, long long high, Arena *arena,
                      long long *value, Error *error) {
    const char *text = csv_text(table, row, column);
    if (parse_integer(text, low, high, value) == 0) return 0;
    return error_set(error, "%s: \"%.60s\" is not an integer from %lld to %lld", place(table, row, column, arena), text,
                     low, high);
}

static const Method *find_method(const Method *const *methods, const CsvTable *table, size_t row, Arena *arena,
                                 Error *error) {
    const char *name = csv_text(table, row, METHOD);
    size_t n = 0;
    for (; methods[n]; n++)
        if (strcmp(methods[n]->name, name) == 0) return methods[n];
    const char **known = arena_alloc_zero(arena, n + 1, sizeof *known);
    for (size_t i = 0; i < n; i++) known[i] = methods[i]->name;
    error_set(error, "%s: unknown method \"%s\"%s; a method is a file of reproduce/, listed in registry.c",
              place(table, row, METHOD, arena), name, nearest_note(name, known, arena));
    return NULL;
}

/* A paper's or an experiment's name becomes part of paths, in which "--" comes before what is varied. */
static int is_name(const char *name) {
    const size_t length = strlen(name);
    if (length == 0 || length > MAX_NAME || name[0] == '-' || strstr(name, "--")) return 0;
    return strcmp(name, "all") != 0 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int name_error(const char *where, const char *name, Error *error) {
    return error_set(
        error, "%s: \"%.80s\" is not a name: at most %d lower-case letters, digits and single hyphens, not \"all\"",
        where, name, MAX_NAME);
}

/* What only the first row of an experiment says. */
static int begin_experiment(const CsvTable *table, size_t row, const Catalogue *catalogue, Arena *arena,
                            Experiment *experiment, Error *error) {
    long long seeds, smoke_seeds, first;
    *experiment = (Experiment){.name = csv_text(table, row, NAME),
                               .title = csv_text(table, row, TITLE),
                               .varies = table->columns > VARIES ? csv_text(table, row, VARIES) : "",
                               .table = table->path};
    if (!is_name(experiment->name)) return name_error(place(table, row, NAME, arena), experiment->name, error);
    if (!experiment->title[0])
        return error_set(error, "%s: the first row of %s needs a title", place(table, row, TITLE, arena),
                         experiment->name);
    if (!(experiment->method = find_method(catalogue->methods, table, row, arena, error)) ||
        read_count(table, row, SEEDS, 1, MAX_SEEDS, arena, &seeds, error) ||
        read_count(table, row, SMOKE_SEEDS, 1, MAX_SEEDS, arena, &smoke_seeds, error) ||
        read_count(table, row, FIRST_SEED, 0, 0xffffffffLL - MAX_SEEDS, arena, &first, error))
        return -1;
    experiment->seeds = (size_t)seeds;
    experiment->smoke_seeds = (size_t)smoke_seeds;
    experiment->first_seed = (unsigned)first;
    return 0;
}

/* A later row leaves blank what the first one says, or repeats it. */
static int check_later_row(const CsvTable *table, size_t row, size_t first, Arena *arena, Error *error) {
    static const int shared[] = {TITLE, METHOD, SEEDS, SMOKE_SEEDS, FIRST_SEED, VARIES};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        const size_t column = (size_t)shared[i];
        if (column >= table->columns) continue;
        const char *text = csv_text(table, row, column);
        if (text[0] && strcmp(text, csv_text(table, first, column)) != 0)
            return error_set(error, "%s: \"%.80s\" is not what the first row of %s says, \"%.80s\"; leave it blank",
                             place(table, row, column, arena), text, csv_text(table, row, NAME),
                             csv_text(table, first, column));
    }
    return 0;
}

/* What the row sets; at the tiny size that is its own column, then the method's, then what it sets at the paper's. */
static int read_row(const CsvTable *table, size_t r, const Method *method, Arena *arena, ExperimentRow *row,
                    Error *error) {
    Axis *settings, *smoke, *general;
    *row = (ExperimentRow){.item = csv_text(table, r, ITEM), .line = table->lines[r]};
    if (!row->item[0])
        return error_set(error, "%s: every row names an item of the paper, \"Fig. 5c\"", place(table, r, ITEM, arena));
    if (read_settings(csv_text(table, r, SETTINGS), place(table, r, SETTINGS, arena), method, arena, &settings,
                      error) ||
        read_settings(csv_text(table, r, SMOKE), place(table, r, SMOKE, arena), method, arena, &smoke, error) ||
        read_settings(method->smoke ? method->smoke : "", arena_format(arena, "method %s, smoke", method->name), method,
                      arena, &general, error))
        return -1;
    for (size_t p = 0; method->parameters[p].name; p++)
        if (!smoke[p].n) smoke[p] = general[p];
    row->settings = settings;
    row->smoke = smoke;
    return 0;
}

/* The experiment whose first row is given, with the rows that follow under its name; *next is behind them. */
static int read_experiment(const CsvTable *table, size_t first, const Catalogue *catalogue, Arena *arena,
                           Experiment *experiment, size_t *next, Error *error) {
    if (begin_experiment(table, first, catalogue, arena, experiment, error)) return -1;
    size_t end = first;
    while (end < table->rows && strcmp(csv_text(table, end, NAME), experiment->name) == 0) end++;
    ExperimentRow *rows = arena_alloc(arena, end - first, sizeof *rows);
    for (size_t r = first; r < end; r++)
        if (check_later_row(table, r, first, arena, error) ||
            read_row(table, r, experiment->method, arena, &rows[r - first], error))
            return -1;
    experiment->rows = rows;
    experiment->n_rows = end - first;
    *next = end;
    return 0;
}

/* ---- one paper ---- */

static int read_experiments(const Catalogue *catalogue, Paper *paper, Arena *arena, Error *error) {
    CsvTable table;
    const char *path = arena_format(arena, "%s/reproduce/%s/experiments.csv", catalogue->root, paper->name);
    if (csv_read(path, arena, &table, error) || csv_columns_and(&table, columns, "varies", error)) return -1;
    if (table.rows == 0) return error_set(error, "%s: no experiment; a paper has at least one", path);
    Experiment *experiments = arena_alloc(arena, table.rows, sizeof *experiments);
    for (size_t row = 0; row < table.rows;) {
        Experiment *experiment = &experiments[paper->n_experiments];
        const size_t first = row;
        if (read_experiment(&table, first, catalogue, arena, experiment, &row, error)) return -1;
        for (size_t i = 0; i < paper->n_experiments; i++)
            if (strcmp(experiments[i].name, experiment->name) == 0)
                return error_set(error, "%s: %s stands further up already; the rows of an experiment follow each other",
                                 place(&table, first, NAME, arena), experiment->name);
        experiment->paper = paper;
        paper->n_experiments++;
    }
    paper->experiments = experiments;
    return 0;
}

static int read_paper(const Catalogue *catalogue, const char *name, Paper *paper, Arena *arena, Error *error) {
    *paper = (Paper){.name = name};
    const struct {
        const char *name, **value;
    } fields[] = {{"title", &paper->title},
                  {"authors", &paper->authors},
                  {"venue", &paper->venue},
                  {"year", &paper->year},
                  {"url", &paper->url}};
    enum { N_FIELDS = sizeof fields / sizeof *fields };
    CsvTable table;
    const char *path = arena_format(arena, "%s/reproduce/%s/paper.csv", catalogue->root, name);
    if (csv_read(path, arena, &table, error) || csv_columns(&table, "name,value", error)) return -1;
    for (size_t r = 0; r < table.rows; r++) {
        size_t f = 0;
        while (f < N_FIELDS && strcmp(fields[f].name, csv_text(&table, r, 0)) != 0) f++;
        if (f == N_FIELDS || *fields[f].value)
            return error_set(error,
                             "%s, line %zu: \"%.80s\" is unknown or stands there twice; there are title, authors, "
                             "venue, year and url",
                             path, table.lines[r], csv_text(&table, r, 0));
        *fields[f].value = csv_text(&table, r, 1);
    }
    if (!paper->url) paper->url = "";
    for (size_t f = 0; f < N_FIELDS; f++)
        if (!*fields[f].value || (!**fields[f].value && fields[f].value != &paper->url))
            return error_set(error, "%s: no row \"%s\", or without a value", path, fields[f].name);
    return 0;
}

/* The folders of reproduce/ that hold a paper.csv, sorted. */
static int list_papers(const char *root, Arena *arena, size_t *n, char ***names, Error *error) {
    const char *path = arena_format(arena, "%s/reproduce", root);
    size_t n_files;
    const int status = directory_names(path, arena, &n_files, names, error);
    *n = 0;
    if (status > 0)
        return error_set(error, "%s: no such folder; --project names the folder of scaledown that holds reproduce/",
                         path);
    for (size_t i = 0; i < n_files; i++) {
        char *name = (*names)[i];
        if (*name == '.' || !file_exists(arena_format(arena, "%s/%s/paper.csv", path, name))) continue;
        if (!is_name(name)) return name_error(path, name, error);
        (*names)[(*n)++] = name;
    }
    return status || *n ? status : error_set(error, "%s: no folder with a paper.csv is there", path);
}

int catalogue_read(const char *root, const Method *const *methods, Arena *arena, Catalogue *catalogue, Error *error) {
    char **names;
    size_t n;
    for (const Method *const *method = methods; *method; method++) {
        if (method_check(*method, error)) return -1;
        for (const Method *const *other = methods; other != method; other++)
            if (strcmp((*other)->name, (*method)->name) == 0)
                return error_set(error, "two methods are named %s", (*method)->name);
    }
    if (list_papers(root, arena, &n, &names, error)) return -1;
    Paper *papers = arena_alloc(arena, n, sizeof *papers);
    *catalogue = (Catalogue){arena_copy_text(arena, root), methods, n, papers};
    for (size_t i = 0; i < n; i++)
        if (read_paper(catalogue, names[i], &papers[i], arena, error) ||
            read_experiments(catalogue, &papers[i], arena, error))
            return -1;
    return 0;
}

/* ---- finding ---- */

static size_t count_experiments(const Catalogue *catalogue) {
    size_t n = 0;
    for (size_t p = 0; p < catalogue->n_papers; p++) n += catalogue->papers[p].n_experiments;
    return n;
}

static const Paper *paper_find(const Catalogue *catalogue, const char *name, size_t length) {
    for (size_t p = 0; p < catalogue->n_papers; p++) {
        const Paper *paper = &catalogue->papers[p];
        if (strlen(paper->name) == length && strncmp(paper->name, name, length) == 0) return paper;
    }
    return NULL;
}

static int unknown_paper(const Catalogue *catalogue, const char *name, Error *error) {
    Arena *arena = arena_create(0);
    const char **known = arena_alloc_zero(arena, catalogue->n_papers + 1, sizeof *known);
    for (size_t p = 0; p < catalogue->n_papers; p++) known[p] = catalogue->papers[p].name;
    error_set(error, "unknown paper \"%.80s\"%s; `scaledown list` names them all", name,
              nearest_note(name, known, arena));
    arena_destroy(arena);
    return -1;
}

static int unknown_experiment(const Catalogue *catalogue, const char *name, Error *error) {
    Arena *arena = arena_create(0);
    const char **known = arena_alloc_zero(arena, count_experiments(catalogue) + catalogue->n_papers + 1, sizeof *known);
    size_t n = 0;
    for (size_t p = 0; p < catalogue->n_papers; p++) {
        known[n++] = catalogue->papers[p].name;
        for (size_t e = 0; e < catalogue->papers[p].n_experiments; e++)
            known[n++] = catalogue->papers[p].experiments[e].name;
    }
    error_set(error, "unknown experiment \"%.80s\"%s; `scaledown list` names them all", name,
              nearest_note(name, known, arena));
    arena_destroy(arena);
    return -1;
}

const Experiment *experiment_find(const Catalogue *catalogue, const Paper *paper, const char *name, Error *error) {
    const char *slash = strchr(name, '/');
    const Experiment *found = NULL;
    if (slash) {
        const size_t length = (size_t)(slash - name);
        char folder[81];
        snprintf(folder, sizeof folder, "%.*s", length < 80 ? (int)length : 80, name);
        paper = paper_find(catalogue, name, length);
        if (!paper) return unknown_paper(catalogue, folder, error), NULL;
        name = slash + 1;
    }
    for (size_t p = 0; p < catalogue->n_papers; p++) {
        if (paper && paper != &catalogue->papers[p]) continue;
        for (size_t e = 0; e < catalogue->papers[p].n_experiments; e++) {
            const Experiment *experiment = &catalogue->papers[p].experiments[e];
            if (strcmp(experiment->name, name) != 0) continue;
            if (found) {
                error_set(error, "experiment %s: both %s and %s have one; write %s/%s", name, found->paper->name,
                          experiment->paper->name, found->paper->name, name);
                return NULL;
            }
            found = experiment;
        }
    }
    if (!found) unknown_experiment(catalogue, name, error);
    return found;
}

const char *experiment_items(const Experiment *experiment, Arena *arena) {
    Map *known = map_create(arena);
    Text text = text_create(arena);
    for (size_t r = 0; r < experiment->n_rows; r++)
        for (const char *item = experiment->rows[r].item; *(item += strspn(item, "; "));) {
            size_t length = strcspn(item, ";");
            const char *name = arena_format(arena, "%.*s", (int)length, item);
            if (map_put(known, name, r) == MAP_ABSENT) text_format(&text, "%s%s", text.size ? "; " : "", name);
            item += length;
        }
    return text.data;
}

/* ---- selecting ---- */

int experiment_takes_a_night(const Experiment *experiment) {
    return item_matches(experiment->rows[0].item, "overnight");
}

int item_matches(const char *items, const char *only) {
    const size_t length = strlen(only);
    while (*items) {
        const size_t n = strcspn(items, ";");
        if (n >= length && strncmp(items, only, length) == 0) {
            const unsigned char last = length ? (unsigned char)only[length - 1] : ' ',
                                next = (unsigned char)items[length];
            const int same_number =
                isdigit(last) && (isdigit(next) || (next == '.' && isdigit((unsigned char)items[length + 1])));
            const int same_word = isalpha(last) && isalnum(next);
            if (n == length || (!same_number && !same_word)) return 1;
        }
        items += n;
        items += strspn(items, "; ");
    }
    return 0;
}

/* A row makes the item asked for when that is one of its items, or a panel of one: "Fig. 2" makes "Fig. 2b". */
static int row_makes(const char *items, const char *only) {
    if (item_matches(items, only)) return 1;
    while (*items) {
        const size_t n = strcspn(items, ";");
        if (n && strncmp(only, items, n) == 0 && islower((unsigned char)only[n]) && !only[n + 1]) return 1;
        items += n;
        items += strspn(items, "; ");
    }
    return 0;
}

static int wanted(const Paper *paper, const Experiment *experiment, const Paper *only_paper,
                  const Experiment *only_one) {
    return only_one ? experiment == only_one : !only_paper || paper == only_paper;
}

int selection_make(const Catalogue *catalogue, const char *word, const char *paper_name, const char *only, Arena *arena,
                   Selection *selection, Error *error) {
    const Paper *paper = paper_name ? paper_find(catalogue, paper_name, strlen(paper_name)) : NULL;
    const Experiment *one = NULL;
    if (paper_name && !paper) return unknown_paper(catalogue, paper_name, error);
    const Paper *named = word ? paper_find(catalogue, word, strlen(word)) : NULL;
    if (named && (!paper || paper == named))
        paper = named;
    else if (word && strcmp(word, "all") != 0 && !(one = experiment_find(catalogue, paper, word, error)))
        return -1;
    if (only && !*only) only = NULL;
    *selection = (Selection){0, arena_alloc(arena, count_experiments(catalogue), sizeof *selection->chosen), only};
    for (size_t p = 0; p < catalogue->n_papers; p++)
        for (size_t e = 0; e < catalogue->papers[p].n_experiments; e++) {
            const Experiment *experiment = &catalogue->papers[p].experiments[e];
            if (!wanted(&catalogue->papers[p], experiment, paper, one)) continue;
            Chosen chosen = {experiment, arena_alloc_zero(arena, experiment->n_rows, 1), 0};
            size_t n = 0;
            for (size_t r = 0; r < experiment->n_rows; r++)
                n += chosen.rows[r] = !only || row_makes(experiment->rows[r].item, only);
            chosen.whole = n == experiment->n_rows;
            if (n) selection->chosen[selection->n++] = chosen;
        }
    if (selection->n) return 0;
    return error_set(error, "no experiment%s%s makes \"%.80s\"; `scaledown list` names the items of each",
                     paper ? " of "
                     : one ? " named "
                           : "",
                     paper ? paper->name
                     : one ? one->name
                           : "",
                     only);
}
