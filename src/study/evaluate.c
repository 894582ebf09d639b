#include "study/expression.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/options.h"

typedef struct Evaluation {
    const Quantity *quantity;
    const Results **results; /* of each of its experiments */
    size_t seeds;
    unsigned first_seed;
    Arena *arena;
    Error *error;
    Measured *status; /* what a failure means; MEASURE_FAILED unless something else was found */
    size_t *n_twins;  /* values of fresh twins so far; NULL: on the published test set */
} Evaluation;

/* One point, or those of a curve; x NULL for one point, names besides along a parameter. */
typedef struct Value {
    size_t n;
    double *x, *y; /* [n], [n][seeds] */
    const char **names;
} Value;

/* Fails at a place of the text. */
static int fail(const Evaluation *e, const Node *node, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;

static int fail(const Evaluation *e, const Node *node, const char *format, ...) {
    char reason[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return error_set(e->error, "position %zu of \"%.200s\": %s", node->position, e->quantity->text, reason);
}

static Value value_make(const Evaluation *e, size_t n, int curve) {
    Value value = {n, NULL, arena_alloc_small(e->arena, n * e->seeds, sizeof(double)), NULL};
    if (curve) value.x = arena_alloc_small(e->arena, n, sizeof(double));
    return value;
}

static const char *group_value(const Results *results, size_t group, size_t parameter) {
    return results->grid.cells[group * results->grid.n_seeds].values[parameter];
}

static int part_holds(const Part *part, const char *value) {
    double number;
    if (part->value) return strcmp(part->value, value) == 0;
    return isinf(part->low) || (parse_double(value, &number) == 0 && part->low <= number && number <= part->high);
}

/* Does the group have the first n settings, but for the one along which a curve runs? */
static int group_fits(const Results *results, const Metric *metric, size_t n, size_t group) {
    for (size_t i = 0; i < n; i++) {
        const Setting *setting = &metric->settings[i];
        if (i != metric->along && !part_holds(setting->parts, group_value(results, group, setting->parameter)))
            return 0;
    }
    return 1;
}

/* Says which of the settings no cell has, and what was run instead; part: where a curve has no cell. */
static int no_group(const Evaluation *e, const Node *node, const Part *part) {
    const Metric *metric = node->metric;
    const Results *results = e->results[metric->experiment];
    const Experiment *experiment = results->grid.experiment;
    const size_t n_groups = results->grid.n_groups;
    size_t i = 0; /* the first setting that no cell has together with those before it */
    for (size_t g = 0; i < metric->n_settings && g < n_groups; i += g < n_groups)
        for (g = 0; g < n_groups && !group_fits(results, metric, i + 1, g);) g++;
    if (i < metric->n_settings)
        part = metric->settings[i].parts;
    else
        i = metric->along;
    const size_t before = i == metric->along ? metric->n_settings : i, p = metric->settings[i].parameter;
    Text run = text_create(e->arena);
    const char *last = "";
    for (size_t g = 0; g < n_groups; g++) {
        const char *value = group_value(results, g, p);
        if (!group_fits(results, metric, before, g) || strcmp(last, value) == 0) continue;
        text_format(&run, "%s%s", *last ? ", " : "", value);
        last = value;
    }
    const char *name = experiment->method->parameters[p].name;
    return fail(e, node, "experiment %s has no cell with %s %s that fits what is named before it; there %s is %.250s%s",
                experiment->name, name, part->value ? part->value : "in this range", name, run.data,
                run.size > 250 ? "..." : "");
}

/* Rows of the experiment's table that were not run must have no cell with these settings: a range means all that the
 * experiment has in it. */
static int check_rows(const Evaluation *e, const Node *node, const Grid *grid) {
    const Metric *metric = node->metric;
    const Experiment *experiment = grid->experiment;
    for (size_t r = 0; r < experiment->n_rows; r++) {
        int fits = !grid->rows[r];
        for (size_t i = 0; i < metric->n_settings && fits; i++) {
            const Setting *setting = &metric->settings[i];
            const Axis axis = row_axis(experiment, &experiment->rows[r], setting->parameter, SIZE_PAPER);
            fits = 0;
            for (size_t k = 0; k < setting->n * axis.n; k++)
                fits |= part_holds(&setting->parts[k / axis.n], axis.values[k % axis.n]);
        }
        if (!fits) continue;
        *e->status = MEASURE_NOT_RUN;
        return fail(e, node, "it needs cells of %s, line %zu (%s), which were not run", experiment->table,
                    experiment->rows[r].line, experiment->rows[r].item);
    }
    return 0;
}

/* What a point of a curve is sorted by: the number itself, or the place of a choice in the list that its parameter has. */
static double order_of(const Parameter *parameter, const char *value) {
    double order = 0;
    if (parameter->type != PARAMETER_CHOICE) return parse_double(value, &order) ? NAN : order;
    const size_t length = strlen(value);
    for (const char *choice = parameter->choices; choice; choice = strchr(choice, ','), choice += choice != NULL) {
        if (strncmp(choice, value, length) == 0 && (!choice[length] || choice[length] == ',')) break;
        order++;
    }
    return order;
}

/* The groups of a metric's cells: one, or the points of a curve, those of a range or * by what they are sorted by,
 * whichever row of the table has them. */
static int find_groups(const Evaluation *e, const Node *node, size_t **groups, size_t *n) {
    const Metric *metric = node->metric;
    const Results *results = e->results[metric->experiment];
    const Grid *grid = &results->grid;
    const Setting *along = metric->along < metric->n_settings ? &metric->settings[metric->along] : NULL;
    *groups = arena_alloc_small(e->arena, grid->n_groups, sizeof **groups);
    *n = 0;
    if (along && check_rows(e, node, grid)) return -1;
    for (size_t i = 0; i < (along ? along->n : 1); i++) {
        const size_t before = *n;
        for (size_t g = 0; g < grid->n_groups; g++) {
            if (!group_fits(results, metric, metric->n_settings, g)) continue;
            if (along && !part_holds(&along->parts[i], group_value(results, g, along->parameter))) continue;
            for (size_t k = 0; k < *n; k++) {
                const size_t other = (*groups)[k];
                if (along && strcmp(group_value(results, g, along->parameter),
                                    group_value(results, other, along->parameter)) != 0)
                    continue;
                size_t p = 0; /* the parameter in which they differ */
                while (strcmp(group_value(results, g, p), group_value(results, other, p)) == 0) p++;
                const char *name = grid->experiment->method->parameters[p].name;
                return fail(e, node, "several cells of experiment %s are named; say %s=%s or %s=%s",
                            grid->experiment->name, name, group_value(results, other, p), name,
                            group_value(results, g, p));
            }
            size_t place = (*n)++;
            const Parameter *parameter = along ? &grid->experiment->method->parameters[along->parameter] : NULL;
            const double order = along ? order_of(parameter, group_value(results, g, along->parameter)) : 0;
            for (; place > before; place--) {
                const size_t former = (*groups)[place - 1];
                if (order_of(parameter, group_value(results, former, along->parameter)) <= order) break;
                (*groups)[place] = former;
            }
            (*groups)[place] = g;
        }
        if (*n == before && check_rows(e, node, grid)) return -1;
        if (*n == before) return no_group(e, node, along ? &along->parts[i] : NULL);
    }
    return 0;
}

/* Why a metric has no row at an x. */
static int no_row(const Evaluation *e, const Node *node, size_t group, double x) {
    const Metric *metric = node->metric;
    const Results *results = e->results[metric->experiment];
    const char *label = results->grid.cells[group * results->grid.n_seeds].label;
    const Record *record = &results->records[group * results->grid.n_seeds];
    size_t n;
    const size_t *rows = results_curve(results, group, metric->name, &n);
    if (n == 0) {
        Nearest nearest;
        nearest_begin(&nearest, metric->name);
        for (size_t r = 0; r < record->n_rows; r++) nearest_consider(&nearest, record->rows[r].metric);
        return fail(e, node, "experiment %s, cell %s: no metric \"%.80s\"%s%s", results->grid.experiment->name, label,
                    metric->name, nearest.name ? "; nearest: " : "", nearest.name ? nearest.name : "");
    }
    const Row *first = &record->rows[rows[0]], *last = &record->rows[rows[n - 1]];
    if (!first->x_name[0])
        return fail(e, node, "experiment %s, cell %s: %s is one number, without x; leave out the @",
                    results->grid.experiment->name, label, metric->name);
    char low[32], high[32], asked[32];
    format_double(first->x, low), format_double(last->x, high);
    if (isnan(x))
        return fail(e, node, "experiment %s, cell %s: %s needs an x: metric@x, where %s is %s .. %s",
                    results->grid.experiment->name, label, metric->name, first->x_name, low, high);
    return fail(e, node, "experiment %s, cell %s: %s was not recorded at %s %s; it was at %zu places, %s .. %s",
                results->grid.experiment->name, label, metric->name, first->x_name, format_double(x, asked), n, low,
                high);
}

static int is_of_training(const char *name) {
    for (; *name; name += strcspn(name, "_"), name += *name == '_')
        if (strcspn(name, "_") == strlen("train") && strncmp(name, "train", strlen("train")) == 0) return 1;
    return 0;
}

/* The row of the fresh twin of a row; itself where none is needed; SIZE_MAX where there is none. */
static size_t twin_of(const Evaluation *e, const Results *results, size_t group, size_t row) {
    const Row *at = results_at(results, group, 0, row);
    const char *name = arena_format(e->arena, "fresh_%s", at->metric);
    const size_t twin = results_row(results, group, name, at->x);
    if (twin == SIZE_MAX || strcmp(results_at(results, group, 0, twin)->x_name, at->x_name) != 0)
        return is_of_training(at->metric) ? row : SIZE_MAX;
    ++*e->n_twins;
    return twin;
}

/* The values of a row over the seeds, or of its fresh twin. */
static int fill(const Evaluation *e, const Node *node, size_t group, size_t row, double *y) {
    const Metric *metric = node->metric;
    const Results *results = e->results[metric->experiment];
    if (e->n_twins && (row = twin_of(e, results, group, row)) == SIZE_MAX) {
        *e->status = MEASURE_NO_TWIN;
        return fail(e, node, "%s has no fresh twin", metric->name);
    }
    for (size_t s = 0; s < e->seeds; s++) {
        const Row *at = results_at(results, group, s, row);
        char x[32];
        if (at->diverged) *e->status = MEASURE_NO_VALUE;
        if (at->diverged || !isfinite(at->value))
            return fail(e, node, "experiment %s, cell %s, seed %u: %s %s%s%s%s", results->grid.experiment->name,
                        results->grid.cells[group * e->seeds].label, e->first_seed + (unsigned)s, at->metric,
                        at->diverged ? "diverged" : "is not finite", at->x_name[0] ? " at " : "", at->x_name,
                        at->x_name[0] ? arena_format(e->arena, " %s", format_double(at->x, x)) : "");
        y[s] = at->value;
    }
    return 0;
}

static int measure(const Evaluation *e, const Node *node, Value *value) {
    const Metric *metric = node->metric;
    const Results *results = e->results[metric->experiment];
    size_t *groups, n, n_rows;
    if (find_groups(e, node, &groups, &n)) return -1;
    if (!makes_curve(metric->n_x, metric->x)) { /* one x, or none: a point for each group */
        const double x = metric->n_x ? metric->x[0].low : NAN;
        *value = value_make(e, n, node->shape != SCALAR);
        if (node->shape != SCALAR) value->names = arena_alloc_small(e->arena, n, sizeof *value->names);
        for (size_t i = 0; i < n; i++) {
            const size_t row = results_row(results, groups[i], metric->name, x);
            if (row == SIZE_MAX) return no_row(e, node, groups[i], x);
            if (fill(e, node, groups[i], row, value->y + i * e->seeds)) return -1;
            if (!value->x) continue;
            value->names[i] = group_value(results, groups[i], metric->settings[metric->along].parameter);
            if (parse_double(value->names[i], &value->x[i])) value->x[i] = NAN;
        }
        return 0;
    }
    const size_t *rows = results_curve(results, groups[0], metric->name, &n_rows);
    const Record *record = &results->records[groups[0] * e->seeds];
    if (n_rows == 0) return no_row(e, node, groups[0], 0);
    *value = value_make(e, n_rows, 1); /* no x is in two parts */
    value->n = 0;
    for (size_t i = 0; i < metric->n_x; i++) {
        const Part *part = &metric->x[i];
        const size_t before = value->n;
        const int single = !part->range;
        const size_t row = single ? results_row(results, groups[0], metric->name, part->low) : 0;
        for (size_t k = 0; k < (single ? 1 : n_rows); k++) {
            const size_t r = single ? row : rows[k];
            if (r == SIZE_MAX) break;
            const double x = record->rows[r].x;
            if (!(part->low <= x && x <= part->high))
                continue;              /* NAN: the metric without x, which has this name, too */
            size_t place = value->n++; /* by x, in whichever order a method records them */
            for (; place > before && value->x[place - 1] > x; place--) {
                value->x[place] = value->x[place - 1];
                memcpy(value->y + place * e->seeds, value->y + (place - 1) * e->seeds, e->seeds * sizeof(double));
            }
            value->x[place] = x;
            if (fill(e, node, groups[0], r, value->y + place * e->seeds)) return -1;
        }
        if (value->n == before) return no_row(e, node, groups[0], part->low);
    }
    return 0;
}

/* Do two curves have the same points? */
static int same_points(const Value *a, const Value *b) {
    if (a->n != b->n) return 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->x[i] != b->x[i] && !(a->names && b->names && strcmp(a->names[i], b->names[i]) == 0)) return 0;
    return 1;
}

static double apply(Operation operation, double a, double b) {
    switch (operation) {
    case ADD:
        return a + b;
    case SUBTRACT:
        return a - b;
    case MULTIPLY:
        return a * b;
    default:
        return a / b;
    }
}

typedef struct Ranked {
    double value, rank;
    size_t place;
} Ranked;

static int compare_ranked(const void *a, const void *b) {
    const double x = ((const Ranked *)a)->value, y = ((const Ranked *)b)->value;
    return (x > y) - (x < y);
}

/* Ranks from 1, in the order of the values given; equal values share their mean rank.  sorted is room for n. */
static void rank(size_t n, const double *values, Ranked *sorted, double *ranks) {
    for (size_t i = 0; i < n; i++) sorted[i] = (Ranked){values[i], 0, i};
    qsort(sorted, n, sizeof *sorted, compare_ranked);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && sorted[end].value == sorted[i].value; end++) continue;
        for (size_t k = i; k < end; k++) ranks[sorted[k].place] = (double)(i + 1 + end) / 2;
    }
}

/* Pearson's correlation of the ranks; NAN when all x or all values are equal. */
static double spearman(size_t n, const double *x, const double *y, Arena *arena) {
    double *rx = arena_alloc_small(arena, 2 * n, sizeof *rx), *ry = rx + n, xx = 0, yy = 0, xy = 0;
    Ranked *sorted = arena_alloc_small(arena, n, sizeof *sorted);
    const double mean = ((double)n + 1) / 2;
    rank(n, x, sorted, rx);
    rank(n, y, sorted, ry);
    for (size_t i = 0; i < n; i++) {
        xx += (rx[i] - mean) * (rx[i] - mean);
        yy += (ry[i] - mean) * (ry[i] - mean);
        xy += (rx[i] - mean) * (ry[i] - mean);
    }
    return xy / sqrt(xx * yy);
}

/* Of one seed's curve; NAN where it is not defined.  limit: what FIRST compares with at each point. */
static double reduce(Operation operation, size_t n, const double *x, const double *y, const double *limit,
                     Arena *arena) {
    const double sign = operation == MIN || operation == ARGMIN || operation == FIRST_BELOW ? -1 : 1;
    double sum = 0;
    size_t best = 0, first = n;
    for (size_t i = 0; i < n; i++) {
        sum += y[i];
        if (sign * y[i] > sign * y[best]) best = i;
        if (limit && first == n && sign * y[i] > sign * limit[i]) first = i;
    }
    switch (operation) {
    case MEAN:
        return sum / (double)n;
    case MIN:
    case MAX:
        return y[best];
    case ARGMIN:
    case ARGMAX:
        return x[best];
    case LAST:
        return y[n - 1];
    case SPEARMAN:
        return spearman(n, x, y, arena);
    default:
        return first < n ? x[first] : NAN;
    }
}

/* s_k from s_(k-1): numerator and denominator are sums of their own, so that equal values stay as they are. */
static void smooth(double weight, size_t n, size_t seeds, const double *y, double *smoothed) {
    for (size_t s = 0; s < seeds; s++) {
        double sum = 0, weights = 0;
        for (size_t i = 0; i < n; i++) {
            sum = weight * sum + y[i * seeds + s];
            weights = weight * weights + 1;
            smoothed[i * seeds + s] = sum / weights;
        }
    }
}

static int evaluate(const Evaluation *e, const Node *node, Value *value) {
    Value left, right = {0, NULL, NULL, NULL};
    const size_t seeds = e->seeds;
    if (node->operation == METRIC) return measure(e, node, value);
    if (node->operation == NUMBER) {
        *value = value_make(e, 1, 0);
        for (size_t s = 0; s < seeds; s++) value->y[s] = node->number;
        return 0;
    }
    if (evaluate(e, node->left, &left) || (node->right && evaluate(e, node->right, &right))) return -1;
    if (left.x && right.x && !same_points(&left, &right))
        return fail(e, node, "the two curves do not have the same x (%zu and %zu points)", left.n, right.n);
    if (node->operation <= DIVIDE) {
        const Value *longer = right.x ? &right : &left;
        *value = (Value){longer->n, longer->x, arena_alloc_small(e->arena, longer->n * seeds, sizeof(double)),
                         longer->names};
        for (size_t i = 0; i < value->n * seeds; i++) {
            const double a = left.y[left.n == 1 && !left.x ? i % seeds : i];
            value->y[i] = node->operation == NEGATE ? -a : apply(node->operation, a, right.y[right.x ? i : i % seeds]);
            if (!isfinite(value->y[i]))
                return fail(e, node, "not a finite number for seed %u", e->first_seed + (unsigned)(i % seeds));
        }
        return 0;
    }
    if (node->operation == SMOOTHED) { /* a mean of finite numbers is finite, but their sum may not be */
        *value = (Value){left.n, left.x, arena_alloc_small(e->arena, left.n * seeds, sizeof(double)), NULL};
        smooth(node->number, left.n, seeds, left.y, value->y);
        for (size_t i = 0; i < left.n * seeds; i++)
            if (!isfinite(value->y[i]))
                return fail(e, node, "not a finite number for seed %u", e->first_seed + (unsigned)(i % seeds));
        return 0;
    }
    *value = value_make(e, 1, 0);
    double *curve = arena_alloc_small(e->arena, left.n, sizeof *curve), *limit = NULL;
    if (node->right) limit = arena_alloc_small(e->arena, left.n, sizeof *limit);
    for (size_t s = 0; s < seeds; s++) {
        for (size_t i = 0; i < left.n; i++) curve[i] = left.y[i * seeds + s];
        for (size_t i = 0; limit && i < left.n; i++) limit[i] = right.y[(right.x ? i : 0) * seeds + s];
        value->y[s] = reduce(node->operation, left.n, left.x, curve, limit, e->arena);
        if (isfinite(value->y[s])) continue;
        if (node->operation < SPEARMAN)
            return fail(e, node, "not a finite number for seed %u", e->first_seed + (unsigned)s);
        *e->status = MEASURE_NO_VALUE;
        return fail(e, node, "seed %u: %s", e->first_seed + (unsigned)s,
                    limit ? "the condition holds at none of the x"
                          : "no rank correlation, since all values or all x are equal");
    }
    return 0;
}

Measured quantity_values(const Quantity *quantity, const ResultsSource *source, Arena *arena, size_t *n,
                         unsigned *first_seed, const double **values, Error *error) {
    return quantity_fresh_values(quantity, source, arena, n, first_seed, values, NULL, error);
}

Measured quantity_fresh_values(const Quantity *quantity, const ResultsSource *source, Arena *arena, size_t *n,
                               unsigned *first_seed, const double **values, size_t *n_twins, Error *error) {
    Arena *scratch = arena_create(16384); /* not the caller's, in which the source may keep what it opens */
    Measured why = MEASURE_FAILED;
    Evaluation e = {.quantity = quantity,
                    .results = arena_alloc_small(scratch, quantity->n_experiments, sizeof *e.results),
                    .arena = scratch,
                    .error = error,
                    .status = &why,
                    .n_twins = n_twins};
    int status = 0;
    for (size_t i = 0; i < quantity->n_experiments && !status; i++) {
        const Experiment *experiment = quantity->experiments[i];
        const Results *opened = e.results[i] = source->open(source->context, experiment, error);
        if (!opened && error->text[0])
            status = -1;
        else if (!opened) {
            why = MEASURE_NOT_RUN;
            status = error_set(error, "%s/%s was not run", experiment->paper->name, experiment->name);
        } else if (i == 0)
            *n = e.seeds = opened->grid.n_seeds, *first_seed = e.first_seed = opened->grid.first_seed;
        else if (opened->grid.n_seeds != e.seeds || opened->grid.first_seed != e.first_seed)
            status =
                error_set(error,
                          "\"%.200s\": experiments %s and %s were run with different seeds, %zu from %u on and %zu "
                          "from %u on; run both with the same, since quantities are taken seed by seed",
                          quantity->text, quantity->experiments[0]->name, experiment->name, e.seeds, e.first_seed,
                          opened->grid.n_seeds, opened->grid.first_seed);
    }
    Value value;
    if (!status) status = evaluate(&e, quantity->root, &value);
    if (!status) *values = memcpy(arena_alloc_small(arena, e.seeds, sizeof(double)), value.y, e.seeds * sizeof(double));
    arena_destroy(scratch);
    return status ? why : MEASURED;
}
