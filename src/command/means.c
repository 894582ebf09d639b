#include "command/means.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "command/table.h"
#include "study/statistics.h"

const char *const means_formats[] = {"table", "csv", "json", NULL};

/* ---- one mean ---- */

typedef struct Mean {
    int measured;      /* this group has the metric */
    size_t n_diverged; /* of the seeds; then there is no mean */
    Sample sample;
    Interval interval; /* NAN with one seed */
} Mean;

static int is_percentage(const char *metric) {
    const char *last = strrchr(metric, '_');
    return last && (strcmp(last, "_accuracy") == 0 || strcmp(last, "_error") == 0);
}

static double percentage(double value) {
    return value < 0 ? 0 : value > 100 ? 100 : value;
}

static Mean mean_of(const Results *results, size_t group, const char *metric, Arena *arena) {
    const size_t n = results->grid.n_seeds, row = results_row(results, group, metric, NAN);
    Mean mean = {.measured = row != SIZE_MAX, .interval = {NAN, NAN}};
    if (!mean.measured) return mean;
    double *values = arena_alloc(arena, n, sizeof *values);
    for (size_t s = 0; s < n; s++) {
        const Row *at = results_at(results, group, s, row);
        values[s] = at->value;
        mean.n_diverged += at->diverged != 0;
    }
    if (mean.n_diverged) return mean;
    mean.sample = sample_of(n, values);
    if (n >= 2) mean.interval = interval_of(&mean.sample);
    if (n >= 2 && is_percentage(metric))
        mean.interval = (Interval){percentage(mean.interval.low), percentage(mean.interval.high)};
    return mean;
}

/* The metrics without x of any group, in the order that they are recorded in. */
static const char **metrics_of(const Results *results, Arena *arena, size_t *n) {
    Map *known = map_create(arena);
    size_t capacity = 0;
    const char **metrics = NULL;
    *n = 0;
    for (size_t g = 0; g < results->grid.n_groups; g++) {
        const Record *record = &results->records[g * results->grid.n_seeds];
        for (size_t r = 0; r < record->n_rows; r++) {
            const Row *row = &record->rows[r];
            if (row->x_name[0] || map_put(known, row->metric, *n) != MAP_ABSENT) continue;
            if (*n == capacity) {
                capacity = 2 * capacity + 16;
                const char **larger = arena_alloc(arena, capacity, sizeof *larger);
                if (*n) memcpy(larger, metrics, *n * sizeof *larger);
                metrics = larger;
            }
            metrics[(*n)++] = row->metric;
        }
    }
    return metrics;
}

/* ---- the table ---- */

/* What a reader looks for first. */
static int rank(const char *metric) {
    return !is_percentage(metric) ? 2 : !strstr(metric, "test");
}

static void sort_by_rank(const char **metrics, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && rank(metrics[j]) < rank(metrics[j - 1]); j--) {
            const char *other = metrics[j];
            metrics[j] = metrics[j - 1];
            metrics[j - 1] = other;
        }
}

/* A parameter's value as the label of a group has it: "-" where it has no meaning. */
static const char *label_value(const char *label, const char *name, Arena *arena) {
    const size_t length = strlen(name);
    for (const char *word = label; *word; word += strspn(word, " ")) {
        const size_t n = strcspn(word, " ");
        if (n > length && strncmp(word, name, length) == 0 && word[length] == '=')
            return arena_format(arena, "%.*s", (int)(n - length - 1), word + length + 1);
        word += n;
    }
    return "-";
}

/* Digits behind the point: two of the half width of the interval, else four of the mean; -1: too many. */
static int digits_of(const Mean *mean) {
    const double half = (mean->interval.high - mean->interval.low) / 2, size = fabs(mean->sample.mean);
    const double digits = half > 0 ? 1 - floor(log10(half)) : size > 0 ? 3 - floor(log10(size)) : 0;
    return digits > 8 || size >= 1e7 ? -1 : digits < 0 ? 0 : (int)digits;
}

static const char *number(double value, int digits, Arena *arena) {
    return digits < 0 ? arena_format(arena, "%.4g", value) : arena_format(arena, "%.*f", digits, value);
}

static const char *mean_text(const Mean *mean, size_t n_seeds, Arena *arena) {
    if (!mean->measured) return "";
    if (mean->n_diverged && n_seeds == 1) return "diverged";
    if (mean->n_diverged) return arena_format(arena, "%zu of %zu diverged", mean->n_diverged, n_seeds);
    const int digits = digits_of(mean);
    const char *text = number(mean->sample.mean, digits, arena);
    if (isnan(mean->interval.low)) return text;
    return arena_format(arena, "%s [%s, %s]", text, number(mean->interval.low, digits, arena),
                        number(mean->interval.high, digits, arena));
}

/* The texts of one column over the groups, its name first; returns how wide it is. */
static size_t make_column(const Results *results, const char *metric, Arena *arena, const char **column) {
    size_t width = strlen(column[0] = metric);
    for (size_t g = 0; g < results->grid.n_groups; g++) {
        const Mean mean = mean_of(results, g, metric, arena);
        column[g + 1] = mean_text(&mean, results->grid.n_seeds, arena);
        if (strlen(column[g + 1]) > width) width = strlen(column[g + 1]);
    }
    return width;
}

/* What all groups have in common, and what the numbers are. */
static void print_heading(const Results *results, FILE *stream) {
    const Grid *grid = &results->grid;
    Text text = text_create(NULL);
    text_format(&text, "%s%s%s: ", grid->experiment->name, *grid->given ? ", " : "", grid->given);
    if (grid->n_seeds == 1)
        text_format(&text, "values of seed %u", grid->first_seed);
    else
        text_format(&text,
                    "means over %zu seeds with 95 %% intervals (Student's t; those of percentages are cut at 0 and "
                    "100)",
                    grid->n_seeds);
    text_print_words(text.data, 0, (size_t)output_columns(), stream);
    fputc('\n', stream);
    text_destroy(&text);
}

static void print_table(const Results *results, FILE *stream) {
    const Grid *grid = &results->grid;
    const Parameter *parameters = grid->experiment->method->parameters;
    Arena *arena = arena_create(0);
    size_t n_metrics, shown = 0, n = 0, width = 0;
    const char **metrics = metrics_of(results, arena, &n_metrics);
    const char ***columns = arena_alloc(arena, grid->n_parameters + n_metrics, sizeof *columns);
    char *layout = arena_alloc_zero(arena, grid->n_parameters + n_metrics + 1, 1);
    sort_by_rank(metrics, n_metrics);
    memset(layout, 'r', grid->n_parameters + n_metrics);
    for (size_t p = 0; p < grid->n_parameters; p++) {
        if (grid->lists[p].n < 2) continue;
        if (parameters[p].type == PARAMETER_CHOICE) layout[n] = 'l';
        const char **column = columns[n++] = arena_alloc(arena, grid->n_groups + 1, sizeof *column);
        size_t widest = strlen(column[0] = parameters[p].name);
        for (size_t g = 0; g < grid->n_groups; g++) {
            column[g + 1] = label_value(grid->cells[g * grid->n_seeds].label, parameters[p].name, arena);
            if (strlen(column[g + 1]) > widest) widest = strlen(column[g + 1]);
        }
        width += widest + 2;
    }
    for (; shown < n_metrics; shown++) { /* at least one */
        columns[n] = arena_alloc(arena, grid->n_groups + 1, sizeof **columns);
        width += make_column(results, metrics[shown], arena, columns[n]) + 2;
        if (shown && width - 2 > (size_t)output_columns()) break;
        n++;
    }
    print_heading(results, stream);
    layout[n] = 0;
    Table table = table_create(layout, arena);
    for (size_t row = 0; row <= grid->n_groups; row++)
        for (size_t c = 0; c < n; c++) table_add(&table, columns[c][row]);
    if (n_metrics) table_print(&table, 0, stream);
    if (n_metrics == 0) fputs("every metric is a curve: see _summary.csv\n", stream);
    if (shown < n_metrics) fprintf(stream, "%zu more without x, and the curves: see _summary.csv\n", n_metrics - shown);
    arena_destroy(arena);
}

/* ---- for programs ---- */

static void add_field(Text *text, double value, const char *none) {
    if (isnan(value))
        text_add(text, none);
    else
        text_add_number(text, value);
}

static void add_csv(const Results *results, Text *text) {
    const Grid *grid = &results->grid;
    Arena *arena = arena_create(0);
    size_t n;
    const char **metrics = metrics_of(results, arena, &n);
    for (size_t g = 0; g < grid->n_groups; g++)
        for (size_t m = 0; m < n; m++) {
            const Mean mean = mean_of(results, g, metrics[m], arena);
            if (!mean.measured) continue;
            text_format(text, "%s,%s,", grid->experiment->paper->name, grid->experiment->name);
            text_add_csv(text, grid->cells[g * grid->n_seeds].label);
            text_format(text, ",%s,%zu,", metrics[m], grid->n_seeds);
            if (mean.n_diverged) {
                text_add(text, "diverged,diverged,diverged,diverged\n");
                continue;
            }
            const double fields[] = {mean.sample.mean, grid->n_seeds > 1 ? mean.sample.sd : NAN, mean.interval.low,
                                     mean.interval.high};
            for (int i = 0; i < 4; i++) {
                add_field(text, fields[i], "");
                text_add(text, i < 3 ? "," : "\n");
            }
        }
    arena_destroy(arena);
}

/* Names and values of parameters are letters, digits and the like: nothing in them needs to be escaped. */
static void add_json_group(const Results *results, size_t g, Arena *arena, Text *text) {
    const Grid *grid = &results->grid;
    const Cell *cell = &grid->cells[g * grid->n_seeds];
    const Parameter *parameters = grid->experiment->method->parameters;
    size_t n;
    int more = 0;
    const char **metrics = metrics_of(results, arena, &n);
    text_format(text, "  {\"paper\": \"%s\", \"experiment\": \"%s\", \"size\": \"%s\", \"cell\": \"%s\",\n",
                grid->experiment->paper->name, grid->experiment->name, size_names[grid->size], cell->label);
    text_format(text, "   \"seeds\": %zu, \"first_seed\": %u,\n   \"parameters\": {", grid->n_seeds, grid->first_seed);
    for (size_t p = 0; p < grid->n_parameters; p++) {
        const char *quote = parameters[p].type == PARAMETER_CHOICE ? "\"" : "";
        text_format(text, "%s\"%s\": %s%s%s", p ? ", " : "", parameters[p].name, quote, cell->values[p], quote);
    }
    text_add(text, "},\n   \"metrics\": {");
    for (size_t m = 0; m < n; m++) {
        const Mean mean = mean_of(results, g, metrics[m], arena);
        if (!mean.measured) continue;
        text_format(text, "%s\n    \"%s\": {", more ? "," : "", metrics[m]);
        more = 1;
        const double fields[] = {mean.n_diverged ? NAN : mean.sample.mean,
                                 mean.n_diverged || grid->n_seeds < 2 ? NAN : mean.sample.sd, mean.interval.low,
                                 mean.interval.high};
        static const char *const names[] = {"mean", "sd", "low", "high"};
        for (int i = 0; i < 4; i++) {
            text_format(text, "\"%s\": ", names[i]);
            add_field(text, fields[i], "null");
            text_add(text, ", ");
        }
        text_format(text, "\"diverged\": %zu}", mean.n_diverged);
    }
    text_add(text, "}}");
}

void means_begin(int format, FILE *stream) {
    if (format == MEANS_CSV) fputs("paper,experiment,cell,metric,n,mean,sd,low,high\n", stream);
    if (format == MEANS_JSON) fputs("[\n", stream);
}

void means_add(int format, const Results *results, int is_first, FILE *stream) {
    Text text = text_create(NULL);
    if (format == MEANS_TABLE) {
        if (!is_first) fputc('\n', stream);
        print_table(results, stream);
    } else if (format == MEANS_CSV)
        add_csv(results, &text);
    for (size_t g = 0; format == MEANS_JSON && g < results->grid.n_groups; g++) {
        Arena *arena = arena_create(0);
        if (g || !is_first) text_add(&text, ",\n");
        add_json_group(results, g, arena, &text);
        arena_destroy(arena);
    }
    text_print(&text, stream);
    text_destroy(&text);
}

void means_end(int format, FILE *stream) {
    if (format == MEANS_JSON) fputs("\n]\n", stream);
}
