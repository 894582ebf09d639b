#include "study/grid.h"

#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/map.h"
#include "base/sha256.h"

#define MAX_CELLS 1000000
#define MAX_NAME 120 /* of a file of results, without its suffix: longer ones end with a hash */

const char *const size_names[] = {"paper", "smoke", NULL};

Axis row_axis(const Experiment *experiment, const ExperimentRow *row, size_t parameter, Size size) {
    if (size == SIZE_SMOKE && row->smoke[parameter].n) return row->smoke[parameter];
    if (row->settings[parameter].n) return row->settings[parameter];
    return (Axis){1, (const char **)&experiment->method->parameters[parameter].initial};
}

/* ---- what the command line changes ---- */

/* Keeps of a row's choices those that are asked for. */
static Axis narrow(const Axis *own, const Axis *given, Arena *arena) {
    Axis kept = {0, arena_alloc(arena, own->n, sizeof *kept.values)};
    for (size_t i = 0; i < own->n; i++)
        for (size_t j = 0; j < given->n; j++)
            if (strcmp(own->values[i], given->values[j]) == 0) kept.values[kept.n++] = own->values[i];
    return kept;
}

/* Several values among the rows of a size? */
static int varies(const Experiment *experiment, size_t parameter, Size size) {
    const Axis first = row_axis(experiment, &experiment->rows[0], parameter, size);
    for (size_t r = 0; r < experiment->n_rows; r++) {
        const Axis axis = row_axis(experiment, &experiment->rows[r], parameter, size);
        if (axis.n > 1 || strcmp(axis.values[0], first.values[0]) != 0) return 1;
    }
    return 0;
}

/* Does the list say what every row says already? */
static int is_own_list(const Experiment *experiment, size_t parameter, Size size, const Axis *given) {
    for (size_t r = 0; r < experiment->n_rows; r++) {
        const Axis own = row_axis(experiment, &experiment->rows[r], parameter, size);
        if (!axis_equal(&own, given)) return 0;
    }
    return 1;
}

/* The parameters of a grid while it is made: one entry each. */
typedef struct Plan {
    Axis *given; /* of the command line; n 0: nothing that differs from the rows */
    int *varies; /* has several values among the rows */
    Axis *axes;  /* of the row in hand */
} Plan;

static int plan_make(const GridRequest *request, Grid *grid, Arena *arena, Plan *plan, Error *error) {
    const Experiment *experiment = grid->experiment;
    const size_t n = grid->n_parameters;
    *plan = (Plan){arena_alloc_zero(arena, n, sizeof *plan->given), arena_alloc_zero(arena, n, sizeof *plan->varies),
                   arena_alloc_zero(arena, n, sizeof *plan->axes)};
    grid->given = "";
    for (size_t p = 0; p < n; p++) {
        const Parameter *parameter = &experiment->method->parameters[p];
        plan->varies[p] = varies(experiment, p, SIZE_PAPER) || varies(experiment, p, request->size);
        if (!request->values || !request->values[p]) continue;
        const char *where = arena_format(arena, "option --%s", parameter->name);
        if (parameter_values(parameter, request->values[p], where, arena, &plan->given[p], error)) return -1;
        if (is_own_list(experiment, p, request->size, &plan->given[p])) {
            plan->given[p].n = 0;
            continue;
        }
        grid->given = arena_format(arena, "%s%s%s=%s", grid->given, *grid->given ? " " : "", parameter->name,
                                   axis_text(&plan->given[p], arena));
    }
    return 0;
}

/* The axes of one row; the number of its groups, 0 when the command line leaves it none. */
static size_t plan_row(const Grid *grid, const ExperimentRow *row, Arena *arena, Plan *plan) {
    size_t groups = 1;
    for (size_t p = 0; p < grid->n_parameters; p++) {
        const Parameter *parameter = &grid->experiment->method->parameters[p];
        const Axis own = row_axis(grid->experiment, row, p, grid->size), *given = &plan->given[p];
        const int row_sets = row->settings[p].n || (grid->size == SIZE_SMOKE && row->smoke[p].n);
        plan->axes[p] = !given->n                                         ? own
                        : parameter->type == PARAMETER_CHOICE && row_sets ? narrow(&own, given, arena)
                                                                          : *given;
        if (plan->axes[p].n && groups > MAX_CELLS / plan->axes[p].n)
            groups = MAX_CELLS + 1; /* too many: refused by the caller, and no product overflows */
        else
            groups *= plan->axes[p].n;
    }
    return groups;
}

/* ---- cells ---- */

/* Does "only" of the parameter let it have a meaning in a cell with these values? */
static int has_meaning(const Method *method, const Parameter *parameter, const char *const *values) {
    if (!parameter->only) return 1;
    const char *list = strchr(parameter->only, '=') + 1;
    size_t p = 0;
    while (strncmp(parameter->only, method->parameters[p].name, (size_t)(list - 1 - parameter->only)) != 0 ||
           method->parameters[p].name[list - 1 - parameter->only])
        p++;
    for (const char *word = list; *word; word += strspn(word, ",")) {
        const size_t length = strcspn(word, ",");
        if (strlen(values[p]) == length && strncmp(values[p], word, length) == 0) return 1;
        word += length;
    }
    return 0;
}

/* Values, canonical text and label of a row's group, whose number is written in the mixed base of the axes. */
static void name_group(const Grid *grid, const Plan *plan, size_t group, Arena *arena, const char **values,
                       const char **text, const char **label) {
    const Method *method = grid->experiment->method;
    char *name = arena_format(arena, "%s", "");
    *text = "";
    for (size_t p = grid->n_parameters, rest = group; p-- > 0; rest /= plan->axes[p].n)
        values[p] = plan->axes[p].values[rest % plan->axes[p].n];
    for (size_t p = 0; p < grid->n_parameters; p++) {
        const Parameter *parameter = &method->parameters[p];
        const int meaning = has_meaning(method, parameter, values);
        if (!meaning) values[p] = parameter->initial;
        *text = arena_format(arena, "%s%s=%s ", *text, parameter->name, values[p]);
        if (meaning && (plan->varies[p] || plan->given[p].n))
            name = arena_format(arena, "%s%s%s=%s", name, *name ? " " : "", parameter->name, values[p]);
    }
    *label = *name ? name : "default";
}

typedef struct Making {
    Grid *grid;
    Plan plan;
    Map *known; /* the texts of the groups so far */
    size_t capacity;
    Arena *arena;
} Making;

static void add_group(Making *making, const char **values, const char *text, const char *label) {
    Grid *grid = making->grid;
    if (grid->n_cells + grid->n_seeds > making->capacity) {
        making->capacity = 2 * making->capacity + grid->n_seeds;
        Cell *cells = arena_alloc(making->arena, making->capacity, sizeof *cells);
        if (grid->n_cells) memcpy(cells, grid->cells, grid->n_cells * sizeof *cells);
        grid->cells = cells;
    }
    for (size_t s = 0; s < grid->n_seeds; s++) {
        const unsigned seed = grid->first_seed + (unsigned)s;
        grid->cells[grid->n_cells] = (Cell){.method = grid->experiment->method,
                                            .values = values,
                                            .seed = seed,
                                            .text = arena_format(making->arena, "%sseed=%u", text, seed),
                                            .label = label,
                                            .index = grid->n_cells};
        grid->n_cells++;
    }
    grid->n_groups++;
}

static int add_row(Making *making, const ExperimentRow *row, Error *error) {
    Grid *grid = making->grid;
    Arena *arena = making->arena;
    const size_t groups = plan_row(grid, row, arena, &making->plan);
    if (groups > MAX_CELLS || (grid->n_groups + groups) > MAX_CELLS / grid->n_seeds)
        return error_set(error, "experiment %s: more than %d cells; give fewer values or seeds", grid->experiment->name,
                         MAX_CELLS);
    for (size_t group = 0; group < groups; group++) {
        const char **values = arena_alloc(arena, grid->n_parameters + 1, sizeof *values), *text, *label;
        name_group(grid, &making->plan, group, arena, values, &text, &label);
        if (map_put(making->known, text, grid->n_groups) == MAP_ABSENT) add_group(making, values, text, label);
    }
    return groups > 0;
}

/* The values of each parameter that occur in the grid. */
static const Axis *collect_lists(const Grid *grid, Arena *arena) {
    Axis *lists = arena_alloc_zero(arena, grid->n_parameters + 1, sizeof *lists);
    for (size_t p = 0; p < grid->n_parameters; p++) {
        Map *seen = map_create(arena);
        lists[p].values = arena_alloc(arena, grid->n_groups, sizeof *lists[p].values);
        for (size_t g = 0; g < grid->n_groups; g++) {
            const char *value = grid->cells[g * grid->n_seeds].values[p];
            if (map_put(seen, value, g) == MAP_ABSENT) lists[p].values[lists[p].n++] = value;
        }
    }
    return lists;
}

int grid_make(const Experiment *experiment, const GridRequest *request, Arena *arena, Grid *grid, Error *error) {
    *grid =
        (Grid){.experiment = experiment, .size = request->size, .n_parameters = parameter_count(experiment->method)};
    const size_t own_seeds = request->size == SIZE_SMOKE ? experiment->smoke_seeds : experiment->seeds;
    grid->n_seeds = request->seeds > 0 ? (size_t)request->seeds : own_seeds;
    grid->first_seed = request->first_seed >= 0 ? (unsigned)request->first_seed : experiment->first_seed;
    if (grid->n_seeds > MAX_CELLS || grid->n_seeds - 1 > 0xffffffffu - grid->first_seed)
        return error_set(error, "experiment %s: %zu seeds from %u on pass 4294967295 or are more than %d cells",
                         experiment->name, grid->n_seeds, grid->first_seed, MAX_CELLS);
    Making making = {.grid = grid, .known = map_create(arena), .arena = arena};
    if (plan_make(request, grid, arena, &making.plan, error)) return -1;
    unsigned char *rows = arena_alloc_zero(arena, experiment->n_rows, 1);
    for (size_t r = 0; r < experiment->n_rows; r++) {
        if (request->rows && !request->rows[r]) continue;
        const int added = add_row(&making, &experiment->rows[r], error);
        if (added < 0) return -1;
        rows[r] = (unsigned char)added;
    }
    if (grid->n_cells == 0)
        return error_set(error,
                         "experiment %s: none of its rows has these choices; `scaledown run %s --help` tells them",
                         experiment->name, experiment->name);
    grid->rows = rows;
    grid->lists = collect_lists(grid, arena);
    return 0;
}

/* ---- the grid as a file ---- */

int grid_is_own(const Grid *grid) {
    return grid->size == SIZE_PAPER && !*grid->given && grid->n_seeds >= grid->experiment->seeds &&
           grid->first_seed == grid->experiment->first_seed;
}

static int all_rows(const Grid *grid) {
    size_t r = 0;
    while (r < grid->experiment->n_rows && grid->rows[r]) r++;
    return r == grid->experiment->n_rows;
}

int grid_is_whole(const Grid *grid) {
    return grid_is_own(grid) && all_rows(grid) && grid->n_seeds == grid->experiment->seeds;
}

static const char *rows_text(const Grid *grid, Arena *arena) {
    const char *text = "";
    if (all_rows(grid)) return "all";
    for (size_t r = 0; r < grid->experiment->n_rows; r++)
        if (grid->rows[r]) text = arena_format(arena, "%s%s%zu", text, *text ? "," : "", r + 1);
    return text;
}

void grid_text(const Grid *grid, Text *text) {
    Arena *arena = arena_create(0);
    text_format(text, "name,value\npaper,%s\nexperiment,%s\nsize,%s\nseeds,%zu\nfirst-seed,%u\nrows,",
                grid->experiment->paper->name, grid->experiment->name, size_names[grid->size], grid->n_seeds,
                grid->first_seed);
    text_add_csv(text, rows_text(grid, arena));
    text_add(text, "\ngiven,");
    text_add_csv(text, grid->given);
    text_add(text, "\n");
    for (size_t p = 0; p < grid->n_parameters; p++) {
        text_format(text, "%s,", grid->experiment->method->parameters[p].name);
        text_add_csv(text, axis_text(&grid->lists[p], arena));
        text_add(text, "\n");
    }
    arena_destroy(arena);
}

/* "all" or "1,3": NULL for all, else one byte for each row. */
static int read_rows(const Experiment *experiment, const char *path, const char *text, Arena *arena,
                     const unsigned char **rows, Error *error) {
    unsigned char *found = arena_alloc_zero(arena, experiment->n_rows, 1);
    *rows = NULL;
    if (strcmp(text, "all") == 0) return 0;
    for (const char *word = text;; word++) {
        long long number;
        const size_t length = strcspn(word, ",");
        if (parse_integer(arena_format(arena, "%.*s", (int)length, word), 1, (long long)experiment->n_rows, &number))
            return error_set(error, "%s: rows \"%.80s\" are not those of experiment %s, 1 to %zu; run it again", path,
                             text, experiment->name, experiment->n_rows);
        found[number - 1] = 1;
        word += length;
        if (!*word) break;
    }
    *rows = found;
    return 0;
}

int grid_read(const Experiment *experiment, const char *path, Arena *arena, Grid *grid, Error *error) {
    CsvTable table;
    GridRequest request = {.size = SIZE_PAPER};
    if (csv_read(path, arena, &table, error) || csv_columns(&table, "name,value", error)) return -1;
    static const char *const names[] = {"size", "given", "seeds", "first-seed", "rows"};
    const char *fields[sizeof names / sizeof *names] = {NULL};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t r = 0; r < table.rows; r++)
            if (strcmp(csv_text(&table, r, 0), names[i]) == 0) fields[i] = csv_text(&table, r, 1);
        if (!fields[i]) return error_set(error, "%s: no row \"%s\"; run the experiment again", path, names[i]);
    }
    const char *size = fields[0], *given = fields[1], *seeds = fields[2], *first = fields[3], *rows = fields[4];
    if (strcmp(size, size_names[SIZE_PAPER]) != 0 || *given)
        return error_set(error,
                         "%s: size \"%.20s\" and parameters \"%.80s\" are not the experiment's own; run it again", path,
                         size, given);
    if (parse_integer(seeds, 1, MAX_CELLS, &request.seeds) ||
        parse_integer(first, 0, 0xffffffffLL, &request.first_seed))
        return error_set(error,
                         "%s: seeds \"%.40s\" from \"%.40s\" are not what a run writes; run the experiment again", path,
                         seeds, first);
    if (read_rows(experiment, path, rows, arena, &request.rows, error)) return -1;
    return grid_make(experiment, &request, arena, grid, error);
}

const char *grid_stem(const Grid *grid, Arena *arena) {
    const Experiment *experiment = grid->experiment;
    if (grid_is_own(grid)) return arena_format(arena, "%s/%s", experiment->paper->name, experiment->name);
    char *name = arena_format(arena, "%s", experiment->name);
    if (*grid->given) name = arena_format(arena, "%s--%s", name, grid->given);
    if (grid->size == SIZE_SMOKE) name = arena_format(arena, "%s--smoke", name);
    if (!all_rows(grid)) name = arena_format(arena, "%s--rows=%s", name, rows_text(grid, arena));
    const size_t own_seeds = grid->size == SIZE_SMOKE ? experiment->smoke_seeds : experiment->seeds;
    if (grid->n_seeds != own_seeds || grid->first_seed != experiment->first_seed)
        name = arena_format(arena, "%s--seeds=%u..%u", name, grid->first_seed,
                            grid->first_seed + (unsigned)grid->n_seeds - 1);
    for (char *c = name; *c; c++)
        if (*c == ' ') *c = '+';
    if (strlen(name) > MAX_NAME) {
        char hex[SHA256_HEX];
        sha256_hex(name, strlen(name), hex);
        name = arena_format(arena, "%.*s--%.12s", MAX_NAME - 14, name, hex);
    }
    return arena_format(arena, "%s/variants/%s", experiment->paper->name, name);
}

/* ---- what a cell tells ---- */

/* A name that the table does not declare with that type is noted, for whoever runs the cell. */
static const char *cell_text(const Cell *cell, const char *name, ParameterType type) {
    const size_t p = parameter_find(cell->method, name);
    if (cell->method->parameters[p].name && cell->method->parameters[p].type == type) return cell->values[p];
    if (cell->undeclared && !*cell->undeclared) *cell->undeclared = name;
    return "";
}

long long cell_integer(const Cell *cell, const char *parameter) {
    long long value = 0;
    parse_integer(cell_text(cell, parameter, PARAMETER_INTEGER), -0x7fffffffffffffffLL, 0x7fffffffffffffffLL, &value);
    return value;
}

double cell_real(const Cell *cell, const char *parameter) {
    double value = NAN;
    parse_double(cell_text(cell, parameter, PARAMETER_REAL), &value);
    return value;
}

const char *cell_choice(const Cell *cell, const char *parameter) {
    return cell_text(cell, parameter, PARAMETER_CHOICE);
}

int cell_is(const Cell *cell, const char *parameter, const char *choice) {
    const char *value = cell_text(cell, parameter, PARAMETER_CHOICE);
    if (!*value) return 0;
    const size_t length = strlen(choice);
    const char *word = cell->method->parameters[parameter_find(cell->method, parameter)].choices;
    while (*word && (strcspn(word, ",") != length || strncmp(word, choice, length) != 0)) {
        word += strcspn(word, ",");
        word += *word == ',';
    }
    if (!*word && cell->undeclared && !*cell->undeclared) *cell->undeclared = choice;
    return strcmp(value, choice) == 0;
}

unsigned cell_seed(const Cell *cell) {
    return cell->seed;
}

int cell_cost(const Cell *cell, double *seconds, Error *error) {
    const char *undeclared = NULL;
    Cell asked = *cell;
    asked.undeclared = &undeclared;
    *seconds = cell->method->cost ? cell->method->cost(&asked) : 1;
    if (undeclared)
        return error_set(error, "method %s: its cost asks for \"%s\", which its table does not declare so",
                         cell->method->name, undeclared);
    if (!isfinite(*seconds) || *seconds < 0)
        return error_set(error, "method %s: the cost of cell %s is not a number of seconds", cell->method->name,
                         cell->text);
    return 0;
}

int cell_needs(const Cell *cell, Arena *arena, const char **needs, Error *error) {
    const char *undeclared = NULL;
    Error missing = {""};
    Cell asked = *cell;
    *needs = NULL;
    if (!cell->method->ready) return 0;
    asked.undeclared = &undeclared;
    if (cell->method->ready(&asked, &missing)) *needs = arena_copy_text(arena, missing.text);
    if (undeclared)
        return error_set(error, "method %s: whether it is ready asks for \"%s\", which its table does not declare so",
                         cell->method->name, undeclared);
    return 0;
}

int experiment_needs(const Experiment *experiment, Arena *arena, const char **needs, Error *error) {
    const GridRequest own = {.size = SIZE_PAPER, .first_seed = -1};
    Grid grid;
    *needs = NULL;
    if (!experiment->method->ready) return 0;
    if (grid_make(experiment, &own, arena, &grid, error)) return -1;
    for (size_t g = 0; g < grid.n_groups && !*needs; g++)
        if (cell_needs(&grid.cells[g * grid.n_seeds], arena, needs, error)) return -1;
    return 0;
}
