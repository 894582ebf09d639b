#include "study/grid.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/options.h"

#define MAX_CELLS 1000000

const char *const size_names[] = {"paper", "smoke", NULL};

size_t parameter_count(const Study *study) {
    size_t n = 0;
    while (study->parameters[n].name) n++;
    return n;
}

/* ---- names ---- */

const char *nearest_name(const char *name, const char *const *known) {
    Nearest nearest = {.word = name, .distance = SIZE_MAX}; /* however far it is */
    for (; *known; known++) nearest_consider(&nearest, *known);
    return nearest.name ? nearest.name : "";
}

const Study *study_find(const Study *const *studies, const char *name, Error *error) {
    const char *names[256] = {NULL};
    for (size_t i = 0; studies[i] && i < 255; i++) {
        if (strcmp(studies[i]->name, name) == 0) return studies[i];
        names[i] = studies[i]->name;
    }
    error_set(error, "unknown study \"%s\" (nearest: %s); `scaledown list` names them all", name,
              nearest_name(name, names));
    return NULL;
}

/* ---- one value ---- */

/* The words of a comma list; empty words are kept, so that "a,,b" is refused later. */
static size_t split_list(const char *list, Arena *arena, const char ***words) {
    size_t n = 1;
    for (const char *c = list; *c; c++) n += *c == ',';
    *words = arena_alloc_zero(arena, n + 1, sizeof **words);
    char *copy = arena_copy_text(arena, list);
    for (size_t i = 0; i < n; i++) {
        (*words)[i] = copy;
        copy += strcspn(copy, ",");
        *copy++ = 0;
    }
    return n;
}

static int choice_value(const Parameter *p, const char *text, Arena *arena, const char **value, Error *error) {
    const char **choices;
    split_list(p->choices, arena, &choices);
    for (size_t i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0) return *value = choices[i], 0;
    return error_set(error, "option --%s: unknown value \"%s\" (nearest: %s); one of %s", p->name, text,
                     nearest_name(text, choices), p->choices);
}

static int integer_value(const Parameter *p, const char *text, Arena *arena, const char **value, Error *error) {
    long long number, low = (long long)p->low, high = (long long)p->high;
    if (parse_integer(text, low, high, &number)) {
        if (low == high)
            return error_set(error, "option --%s: \"%s\" is not %lld, all that this study has", p->name, text, low);
        return error_set(error, "option --%s: \"%s\" is not an integer from %lld to %lld", p->name, text, low, high);
    }
    *value = arena_format(arena, "%lld", number);
    return 0;
}

static int real_value(const Parameter *p, const char *text, Arena *arena, const char **value, Error *error) {
    double number;
    char low[32], high[32], buffer[32];
    if (parse_double(text, &number) || number < p->low || number > p->high)
        return error_set(error, "option --%s: \"%s\" is not a number from %s to %s", p->name, text,
                         format_double(p->low, low), format_double(p->high, high));
    *value = arena_copy_text(arena, format_double(number, buffer));
    return 0;
}

int parameter_value(const Parameter *parameter, const char *text, Arena *arena, const char **value, Error *error) {
    static int (*const read[])(const Parameter *, const char *, Arena *, const char **,
                               Error *) = {integer_value, real_value, choice_value};
    return read[parameter->type](parameter, text, arena, value, error);
}

/* ---- the grid ---- */

typedef struct Axis {
    const char **values;
    size_t n;
} Axis;

static int axis_make(const Parameter *parameter, const char *list, Arena *arena, Axis *axis, Error *error) {
    const char **words;
    axis->n = split_list(list, arena, &words);
    axis->values = arena_alloc(arena, axis->n, sizeof *axis->values);
    for (size_t i = 0; i < axis->n; i++) {
        if (parameter_value(parameter, words[i], arena, &axis->values[i], error)) return -1;
        for (size_t j = 0; j < i; j++)
            if (strcmp(axis->values[i], axis->values[j]) == 0)
                return error_set(error, "option --%s: %s is given twice", parameter->name, words[i]);
    }
    return 0;
}

static const char *join(const Axis *axis, Arena *arena) {
    const char *text = axis->values[0];
    for (size_t i = 1; i < axis->n; i++) text = arena_format(arena, "%s,%s", text, axis->values[i]);
    return text;
}

static const char *default_list(const Parameter *parameter, Size size) {
    return size == SIZE_SMOKE && parameter->smoke ? parameter->smoke : parameter->paper;
}

/* ---- panels ---- */

/* What a panel, in the words "name=list name=list", sets for the parameter; NULL if nothing. */
static const char *panel_list(const char *words, const char *name, Arena *arena) {
    size_t length = strlen(name);
    for (const char *word = words; *word; word += strspn(word, " ")) {
        size_t n = strcspn(word, " ");
        if (n > length + 1 && word[length] == '=' && strncmp(word, name, length) == 0)
            return arena_format(arena, "%.*s", (int)(n - length - 1), word + length + 1);
        word += n;
    }
    return NULL;
}

static const char *panel_words(const Panel *panel, Size size) {
    return size == SIZE_SMOKE && panel->smoke ? panel->smoke : panel->paper;
}

/* Does any panel set the parameter at that size? */
static int in_panels(const Study *study, Size size, const char *name, Arena *arena) {
    for (const Panel *panel = study->panels; panel && panel->item; panel++)
        if (panel_list(panel_words(panel, size), name, arena)) return 1;
    return 0;
}

static int panel_check(const Study *study, const Panel *panel, const char *words, Error *error) {
    for (const char *word = words; *word; word += strspn(word, " ")) {
        size_t n = strcspn(word, "= "), known = 0;
        for (const Parameter *p = study->parameters; p->name; p++)
            known |= strlen(p->name) == n && strncmp(p->name, word, n) == 0;
        if (!known || word[n] != '=' || strcspn(word + n, " ") < 2)
            return error_set(error, "study %s, panel %s: \"%.*s\" is not a parameter with its values", study->name,
                             panel->item, (int)n, word);
        word += strcspn(word, " ");
    }
    return 0;
}

/* Keeps of a panel's choices those that are asked for. */
static void narrow(Axis *axis, const Axis *given) {
    size_t kept = 0;
    for (size_t i = 0; i < axis->n; i++)
        for (size_t j = 0; j < given->n; j++)
            if (strcmp(axis->values[i], given->values[j]) == 0) axis->values[kept++] = axis->values[i];
    axis->n = kept;
}

/* The values of one parameter in one panel (panel NULL: in a study without panels). */
static int panel_axis(const GridRequest *request, const Panel *panel, const Parameter *parameter, const Axis *given,
                      Arena *arena, Axis *axis, Error *error) {
    const char *own = panel ? panel_list(panel_words(panel, request->size), parameter->name, arena) : NULL;
    int narrows = given && own && parameter->type == PARAMETER_CHOICE;
    if (given && !narrows) return *axis = *given, 0;
    if (axis_make(parameter, own ? own : default_list(parameter, request->size), arena, axis, error)) return -1;
    if (narrows) narrow(axis, given);
    return 0;
}

/* ---- cells ---- */

/* The parameters of a grid while it is made; the lists of one panel at a time. */
typedef struct Plan {
    Axis *axes, *fallbacks; /* of the panel; of the defaults */
    const Axis **given;     /* of the command line, or NULL */
    int *varied;            /* the label always names it */
} Plan;

/* Does the label name this parameter?  Yes if the study varies it, or if the value is not the default. */
static int in_label(const Plan *plan, size_t p, const char *value) {
    return plan->varied[p] || plan->axes[p].n > 1 || strcmp(value, plan->fallbacks[p].values[0]) != 0;
}

static void group_name(const Grid *grid, const Plan *plan, size_t group, Arena *arena, const char **values,
                       const char **text, const char **label) {
    const Parameter *parameters = grid->study->parameters;
    for (size_t p = grid->n_parameters, rest = group; p-- > 0; rest /= plan->axes[p].n)
        values[p] = plan->axes[p].values[rest % plan->axes[p].n];
    *text = *label = "";
    for (size_t p = 0; p < grid->n_parameters; p++) {
        *text = arena_format(arena, "%s%s=%s ", *text, parameters[p].name, values[p]);
        if (in_label(plan, p, values[p]))
            *label = arena_format(arena, "%s%s%s=%s", *label, **label ? " " : "", parameters[p].name, values[p]);
    }
    if (!**label) *label = "default";
}

/* Among the first n groups? */
static int group_known(const Grid *grid, size_t n, const char *const *values) {
    for (size_t g = 0; g < n; g++) {
        size_t p = 0;
        while (p < grid->n_parameters && strcmp(grid->cells[g * grid->n_seeds].values[p], values[p]) == 0) p++;
        if (p == grid->n_parameters) return 1;
    }
    return 0;
}

/* Append the groups of one panel. */
static int add_panel(Grid *grid, const Plan *plan, Arena *arena, Error *error) {
    size_t groups = 1, before = grid->n_groups;
    for (size_t p = 0; p < grid->n_parameters; p++) {
        groups *= plan->axes[p].n;
        if ((before + groups) * grid->n_seeds > MAX_CELLS)
            return error_set(error, "study %s: more than %d cells; give fewer values or seeds", grid->study->name,
                             MAX_CELLS);
    }
    Cell *cells = arena_alloc_zero(arena, (before + groups) * grid->n_seeds + 1, sizeof *cells);
    if (before) memcpy(cells, grid->cells, grid->n_cells * sizeof *cells);
    grid->cells = cells;
    for (size_t group = 0; group < groups; group++) {
        const char **values = arena_alloc(arena, grid->n_parameters, sizeof *values), *text, *label;
        group_name(grid, plan, group, arena, values, &text, &label);
        if (group_known(grid, before, values)) continue;
        for (size_t s = 0; s < grid->n_seeds; s++) {
            unsigned seed = grid->first_seed + (unsigned)s;
            cells[grid->n_cells] = (Cell){.study = grid->study,
                                          .size = grid->size,
                                          .values = values,
                                          .seed = seed,
                                          .text = arena_format(arena, "%sseed=%u", text, seed),
                                          .label = label,
                                          .index = grid->n_cells};
            grid->n_cells++;
        }
        grid->n_groups++;
    }
    return 0;
}

static int plan_make(const GridRequest *request, Grid *grid, Arena *arena, Plan *plan, Error *error) {
    size_t n = grid->n_parameters;
    *plan = (Plan){arena_alloc(arena, n, sizeof *plan->axes), arena_alloc(arena, n, sizeof *plan->fallbacks),
                   arena_alloc_zero(arena, n, sizeof *plan->given), arena_alloc(arena, n, sizeof *plan->varied)};
    grid->lists = arena_alloc(arena, n, sizeof *grid->lists);
    for (size_t p = 0; p < n; p++) {
        const Parameter *parameter = &grid->study->parameters[p];
        if (axis_make(parameter, default_list(parameter, request->size), arena, &plan->fallbacks[p], error)) return -1;
        plan->varied[p] = in_panels(grid->study, SIZE_PAPER, parameter->name, arena) || strchr(parameter->paper, ',') ||
                          plan->fallbacks[p].n > 1;
        int own = in_panels(grid->study, request->size, parameter->name, arena);
        grid->lists[p] = own ? PANELS : join(&plan->fallbacks[p], arena);
        if (!request->values || !request->values[p]) continue;
        Axis *given = arena_alloc(arena, 1, sizeof *given);
        if (axis_make(parameter, request->values[p], arena, given, error)) return -1;
        plan->given[p] = given;
        grid->lists[p] = join(given, arena);
    }
    return 0;
}

int grid_make(const Study *study, const GridRequest *request, Arena *arena, Grid *grid, Error *error) {
    Plan plan;
    *grid = (Grid){.study = study, .size = request->size, .n_parameters = parameter_count(study)};
    int own_seeds = request->size == SIZE_SMOKE ? study->smoke_seeds : study->paper_seeds;
    grid->n_seeds = request->seeds > 0 ? (size_t)request->seeds : (size_t)own_seeds;
    grid->first_seed = request->first_seed >= 0 ? (unsigned)request->first_seed : study->first_seed;
    if (grid->n_seeds - 1 > 0xffffffffu - grid->first_seed)
        return error_set(error, "study %s: %zu seeds from %u on pass 4294967295", study->name, grid->n_seeds,
                         grid->first_seed);
    if (plan_make(request, grid, arena, &plan, error)) return -1;
    const Panel *panel = study->panels;
    do {
        for (size_t p = 0; p < grid->n_parameters; p++)
            if (panel_axis(request, panel, &study->parameters[p], plan.given[p], arena, &plan.axes[p], error))
                return -1;
        if (add_panel(grid, &plan, arena, error)) return -1;
    } while (panel && (++panel)->item);
    if (grid->n_cells == 0)
        return error_set(error, "study %s: none of its panels has these choices; `scaledown run %s --help` tells them",
                         study->name, study->name);
    return 0;
}

/* ---- the grid as a file ---- */

const char *grid_text(const Grid *grid, Arena *arena) {
    const char *text = arena_format(arena, "name,values\nstudy,%s\nsize,%s\nseeds,%zu\nfirst-seed,%u\n",
                                    grid->study->name, size_names[grid->size], grid->n_seeds, grid->first_seed);
    for (size_t p = 0; p < grid->n_parameters; p++) {
        const char *quote = strchr(grid->lists[p], ',') ? "\"" : "";
        text =
            arena_format(arena, "%s%s,%s%s%s\n", text, grid->study->parameters[p].name, quote, grid->lists[p], quote);
    }
    return text;
}

static const char *grid_field(const CsvTable *table, const char *name, Error *error) {
    const char *found = NULL;
    for (size_t r = 0; r < table->rows; r++)
        if (strcmp(csv_text(table, r, 0), name) == 0) found = csv_text(table, r, 1);
    if (!found) error_set(error, "%s: no row \"%s\"; run the study again", table->path, name);
    return found;
}

int grid_read(const Study *study, const char *path, Arena *arena, Grid *grid, Error *error) {
    CsvTable table;
    size_t n = parameter_count(study), column;
    if (csv_read(path, arena, &table, error) || csv_column(&table, "values", &column, error)) return -1;
    if (table.columns != 2 || table.rows != n + 4)
        return error_set(error, "%s: expected 2 columns and %zu rows; run the study again", path, n + 4);
    const char *size = grid_field(&table, "size", error), *seeds = grid_field(&table, "seeds", error);
    const char *first = grid_field(&table, "first-seed", error);
    const char **values = arena_alloc(arena, n, sizeof *values);
    if (!size || !seeds || !first) return -1;
    for (size_t p = 0; p < n; p++)
        if (!(values[p] = grid_field(&table, study->parameters[p].name, error)))
            return -1;
        else if (strcmp(values[p], PANELS) == 0)
            values[p] = NULL;
    GridRequest request = {.values = values};
    if (strcmp(size, "smoke") == 0)
        request.size = SIZE_SMOKE;
    else if (strcmp(size, "paper") != 0)
        return error_set(error, "%s: size is \"%s\", neither paper nor smoke", path, size);
    if (parse_integer(seeds, 1, MAX_CELLS, &request.seeds) ||
        parse_integer(first, 0, 0xffffffffLL, &request.first_seed))
        return error_set(error, "%s: seeds \"%s\" from \"%s\" are not what a run writes; run the study again", path,
                         seeds, first);
    return grid_make(study, &request, arena, grid, error);
}

/* ---- the study's own tables ---- */

/* A lower-case letter, then lower-case letters, digits and what is allowed besides. */
static int name_is(const char *name, const char *allowed) {
    if (!name || !islower((unsigned char)*name)) return 0;
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && !strchr(allowed, *name)) return 0;
    return 1;
}

static int claim_check(const Study *study, const Claim *claim, Error *error) {
    int pair = claim->kind == CLAIM_EQUAL || (claim->kind == CLAIM_ABOVE && claim->b.cell);
    if (!name_is(claim->id, "-"))
        return error_set(error, "study %s: malformed claim id \"%s\"", study->name, claim->id);
    if (!claim->item || !claim->text) return error_set(error, "claim %s: no item or text", claim->id);
    if (claim->kind != CLAIM_REPORT && (!claim->a.cell || !claim->a.metric))
        return error_set(error, "claim %s: no quantity to judge", claim->id);
    if (pair && (!claim->b.cell || !claim->b.metric))
        return error_set(error, "claim %s: no second quantity", claim->id);
    if (!pair && !claim->published) return error_set(error, "claim %s: no published number", claim->id);
    if (!(claim->margin >= 0) || isinf(claim->margin)) return error_set(error, "claim %s: malformed margin", claim->id);
    if (claim->kind == CLAIM_ONE_RUN && claim->margin <= 0)
        return error_set(error, "claim %s: one run of theirs needs a margin", claim->id);
    return 0;
}

/* ---- claims ---- */

/* One claim of a series for each value. */
static void expand(const ClaimSeries *series, Arena *arena, ClaimList *list, Claim *claims) {
    const char **x;
    size_t n = split_list(series->values, arena, &x);
    const int along_x = strncmp(series->parameter, "at ", 3) == 0;
    for (size_t i = 0; i < n; i++) {
        const char *cell =
            along_x ? series->cell : arena_format(arena, "%s %s=%s", series->cell, series->parameter, x[i]);
        double at = NAN;
        if (along_x) parse_double(x[i], &at);
        list->series[list->n] = series;
        claims[list->n++] = (Claim){.id = arena_format(arena, "%s-%s", series->id, x[i]),
                                    .item = series->item,
                                    .text = arena_format(arena, "%s (%s %s).", series->text, series->parameter, x[i]),
                                    .kind = series->kind,
                                    .a = {cell, series->metric, at},
                                    .b = {NULL, NULL, NAN},
                                    .published = arena_format(arena, "%s-%s", series->published, x[i]),
                                    .margin = series->margin,
                                    .note = series->note};
    }
}

ClaimList study_claims(const Study *study, Arena *arena) {
    size_t n = 0;
    const char **words;
    for (const Claim *claim = study->claims; claim && claim->id; claim++) n++;
    for (const ClaimSeries *s = study->series; s && s->id; s++) n += split_list(s->values, arena, &words);
    Claim *claims = arena_alloc(arena, n + 1, sizeof *claims);
    ClaimList list = {0, claims, arena_alloc_zero(arena, n + 1, sizeof *list.series)};
    for (const Claim *claim = study->claims; claim && claim->id; claim++) claims[list.n++] = *claim;
    for (const ClaimSeries *s = study->series; s && s->id; s++) expand(s, arena, &list, claims);
    return list;
}

static int claims_check(const Study *study, Arena *arena, Error *error) {
    ClaimList list = study_claims(study, arena);
    for (size_t i = 0; i < list.n; i++) {
        if (claim_check(study, &list.claims[i], error)) return -1;
        for (size_t j = 0; j < i; j++)
            if (strcmp(list.claims[i].id, list.claims[j].id) == 0)
                return error_set(error, "claim %s is declared twice", list.claims[i].id);
    }
    return 0;
}

/* Names that a parameter would share with an option of the command or a row of the grid file. */
static int name_taken(const char *name) {
    static const char *const taken[] = {"study",   "size",     "seed",  "seeds", "first-seed", "results",
                                        "threads", "manifest", "fresh", "quiet", "help"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0) return 1;
    return 0;
}

static int parameters_check(const Study *study, Error *error) {
    for (const Parameter *p = study->parameters; p->name; p++) {
        if (!name_is(p->name, "-") || name_taken(p->name))
            return error_set(error, "study %s: malformed or taken parameter name \"%s\"", study->name, p->name);
        for (const Parameter *q = study->parameters; q != p; q++)
            if (strcmp(p->name, q->name) == 0)
                return error_set(error, "study %s: parameter %s twice", study->name, p->name);
    }
    return 0;
}

int study_check(const Study *study, Error *error) {
    if (!name_is(study->name, "-_")) return error_set(error, "malformed study name \"%s\"", study->name);
    if (study->paper_seeds < 1 || study->smoke_seeds < 1) return error_set(error, "study %s: no seeds", study->name);
    if (parameters_check(study, error)) return -1;
    for (const Panel *panel = study->panels; panel && panel->item; panel++)
        if (panel_check(study, panel, panel->paper, error) ||
            (panel->smoke && panel_check(study, panel, panel->smoke, error)))
            return -1;
    Arena *arena = arena_create(0);
    Grid grid;
    int status = claims_check(study, arena, error);
    for (int size = SIZE_PAPER; !status && size <= SIZE_SMOKE; size++) {
        GridRequest request = {.size = (Size)size, .first_seed = -1};
        status = grid_make(study, &request, arena, &grid, error);
    }
    arena_destroy(arena);
    return status;
}

/* ---- what a cell tells ---- */

/* A name that the study never declared reads as "". */
static const char *cell_text(const Cell *cell, const char *parameter) {
    for (size_t p = 0; cell->study->parameters[p].name; p++)
        if (strcmp(cell->study->parameters[p].name, parameter) == 0) return cell->values[p];
    return "";
}

long long cell_integer(const Cell *cell, const char *parameter) {
    long long value = 0;
    parse_integer(cell_text(cell, parameter), -0x7fffffffffffffffLL, 0x7fffffffffffffffLL, &value);
    return value;
}

double cell_real(const Cell *cell, const char *parameter) {
    double value = NAN;
    parse_double(cell_text(cell, parameter), &value);
    return value;
}

const char *cell_choice(const Cell *cell, const char *parameter) {
    return cell_text(cell, parameter);
}
unsigned cell_seed(const Cell *cell) {
    return cell->seed;
}
int cell_is_smoke(const Cell *cell) {
    return cell->size == SIZE_SMOKE;
}
int cell_is(const Cell *cell, const char *parameter, const char *choice) {
    return strcmp(cell_text(cell, parameter), choice) == 0;
}
