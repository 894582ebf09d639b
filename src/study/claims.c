#include "study/claims.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/options.h"
#include "base/sha256.h"
#include "base/text.h"
#include "study/sums.h"

#define LIMIT ((size_t)1 << 29) /* bytes of a table: far above any of ours */

const char *const claim_kinds[] = {"value",  "above",   "at-least", "at-most", "equal",
                                   "report", "one-run", "same-run", NULL};

const char *const claim_levels[] = {"headline", "curve", "point", NULL};

/* What a kind is judged against. */
enum { BY_PUBLISHED, BY_OTHER, BY_EITHER };
static const struct {
    int measured, by;
} rules[] = {
    [CLAIM_VALUE] = {1, BY_PUBLISHED},   [CLAIM_ABOVE] = {1, BY_EITHER},      [CLAIM_AT_LEAST] = {1, BY_PUBLISHED},
    [CLAIM_AT_MOST] = {1, BY_PUBLISHED}, [CLAIM_EQUAL] = {1, BY_OTHER},       [CLAIM_REPORT] = {0, BY_PUBLISHED},
    [CLAIM_ONE_RUN] = {1, BY_PUBLISHED}, [CLAIM_SAME_RUN] = {1, BY_PUBLISHED}};

/* Fails at a field of a table. */
static int refuse(Error *error, const CsvTable *table, size_t row, size_t column, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 5, 6)))
#endif
    ;

static int refuse(Error *error, const CsvTable *table, size_t row, size_t column, const char *format, ...) {
    char reason[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return error_set(error, "%.300s, line %zu, column %s: %s", table->path, table->lines[row], table->names[column],
                     reason);
}

/* What is read here is printed, in tables and on terminals. */
static int fields_are_plain(const CsvTable *table, size_t row, Error *error) {
    for (size_t c = 0; c < table->columns; c++)
        for (const char *text = csv_text(table, row, c); *text; text++)
            if (iscntrl((unsigned char)*text))
                return refuse(error, table, row, c, "a control character, byte 0x%02x; texts are one line",
                              (unsigned char)*text);
    return 0;
}

/* ---- published numbers ---- */

typedef struct PublishedFile {
    struct PublishedFile *next;
    const Paper *paper;
    const char *name, *path;
    size_t n;
    Published *rows;          /* in the order of the file */
    const Published **sorted; /* by id */
} PublishedFile;

typedef struct Reader {
    const Catalogue *catalogue;
    const char *references;
    int unchecked;
    Arena *arena, *scratch; /* scratch is kept until all is read */
    PublishedFile *files;
    const Paper *paper; /* whose folder was looked at last, with its checksums */
    Sums sums;
    Map *known;                  /* "PAPER/EXPERIMENT|QUANTITY": its place among the quantities */
    const Quantity **quantities; /* [map_count(known)]: many claims are about the same one */
    size_t capacity;
    Text text;
    Error *error;
} Reader;

enum { P_ID, P_SERIES, P_METRIC, P_X, P_VALUE, P_UNCERTAINTY, P_UNIT, P_N, P_KIND, P_SOURCE, P_EXAMPLES, P_DIGITS };

static int read_published_row(const CsvTable *table, size_t r, Published *row, Error *error) {
    static const char *const kinds[] = {"text", "table", "printed", "plot", "computed", NULL};
    const char *const *field = (const char *const *)&table->fields[r * table->columns];
    double x;
    size_t kind = 0;
    *row = (Published){.id = field[P_ID],
                       .series = field[P_SERIES],
                       .metric = field[P_METRIC],
                       .unit = field[P_UNIT],
                       .kind = field[P_KIND],
                       .source = field[P_SOURCE],
                       .value = NAN,
                       .uncertainty = NAN,
                       .digits = -1};
    if (fields_are_plain(table, r, error)) return -1;
    if (!row->id[0]) return refuse(error, table, r, P_ID, "a published number needs an id");
    if (!row->source[0]) return refuse(error, table, r, P_SOURCE, "%s has no source", row->id);
    while (kinds[kind] && strcmp(kinds[kind], row->kind) != 0) kind++;
    if (!kinds[kind])
        return refuse(error, table, r, P_KIND, "unknown kind \"%.60s\"; one of text, table, printed, plot, computed",
                      row->kind);
    if (field[P_X][0] && parse_double(field[P_X], &x))
        return refuse(error, table, r, P_X, "\"%.60s\" is not a number", field[P_X]);
    for (int c = P_VALUE; c <= P_UNCERTAINTY; c++) {
        double *number = c == P_VALUE ? &row->value : &row->uncertainty;
        if (c == P_UNCERTAINTY && !field[c][0]) continue;
        if (parse_double(field[c], number) || !field[c][strcspn(field[c], ".eE")])
            return refuse(error, table, r, (size_t)c, "\"%.60s\" is not a real number, like 68.0", field[c]);
    }
    if (row->uncertainty < 0) return refuse(error, table, r, P_UNCERTAINTY, "an uncertainty is not negative");
    if (field[P_N][0] && parse_integer(field[P_N], 1, 1000000, &row->n))
        return refuse(error, table, r, P_N, "\"%.60s\" is not a number of runs, 1 to 1000000", field[P_N]);
    if (table->columns <= P_DIGITS) return 0;
    if (field[P_EXAMPLES][0] && parse_integer(field[P_EXAMPLES], 1, 1000000000, &row->examples))
        return refuse(error, table, r, P_EXAMPLES, "\"%.60s\" is not a number of examples, 1 to 1000000000",
                      field[P_EXAMPLES]);
    if (field[P_DIGITS][0] && parse_integer(field[P_DIGITS], 0, 15, &row->digits))
        return refuse(error, table, r, P_DIGITS, "\"%.60s\" is not a number of digits, 0 to 15", field[P_DIGITS]);
    if (!field[P_EXAMPLES][0] != !field[P_DIGITS][0])
        return refuse(error, table, r, P_DIGITS, "examples and digits are given both or not at all");
    if (row->examples && strcmp(row->unit, "%") != 0)
        return refuse(error, table, r, P_EXAMPLES, "only a per cent is a share of examples, the unit is \"%.20s\"",
                      row->unit);
    return 0;
}

static int compare_ids(const void *a, const void *b) {
    const Published *x = *(const Published *const *)a, *y = *(const Published *const *)b;
    const int order = strcmp(x->id, y->id);
    return order ? order : (x > y) - (x < y);
}

static int compare_places(const void *a, const void *b) {
    const Published *x = *(const Published *const *)a, *y = *(const Published *const *)b;
    return (x > y) - (x < y);
}

static int parse_published(Reader *reader, PublishedFile *file, const char *data, size_t size) {
    static const char columns[] = "id,series,metric,x,value,uncertainty,unit,n,kind,source";
    CsvTable table;
    if (csv_parse(file->path, data, size, reader->arena, &table, reader->error) ||
        csv_columns_and(&table, columns, "examples,digits", reader->error))
        return -1;
    file->n = table.rows;
    file->rows = arena_alloc(reader->arena, file->n, sizeof *file->rows);
    file->sorted = arena_alloc(reader->arena, file->n, sizeof *file->sorted);
    for (size_t r = 0; r < file->n; r++) {
        file->sorted[r] = &file->rows[r];
        if (read_published_row(&table, r, &file->rows[r], reader->error)) return -1;
    }
    qsort(file->sorted, file->n, sizeof *file->sorted, compare_ids);
    for (size_t r = 1; r < file->n; r++)
        if (strcmp(file->sorted[r - 1]->id, file->sorted[r]->id) == 0)
            return refuse(reader->error, &table, (size_t)(file->sorted[r] - file->rows), P_ID,
                          "%s stands in line %zu already", file->sorted[r]->id,
                          table.lines[file->sorted[r - 1] - file->rows]);
    return 0;
}

/* published/NAME.csv of the reader's paper, read once; NULL on error. */
static const PublishedFile *published_open(Reader *reader, const char *name) {
    PublishedFile *file = reader->files;
    while (file && (file->paper != reader->paper || strcmp(file->name, name) != 0)) file = file->next;
    if (file) return file;
    Arena *bytes = arena_create(0);
    unsigned char *data;
    char hex[SHA256_HEX];
    size_t size;
    file = arena_alloc(reader->arena, 1, sizeof *file);
    *file =
        (PublishedFile){.next = reader->files, .paper = reader->paper, .name = arena_copy_text(reader->arena, name)};
    file->path = arena_format(reader->arena, "%s/%s/published/%s.csv", reader->references, reader->paper->name, name);
    const char *expected = sums_find(&reader->sums, arena_format(bytes, "%s.csv", name));
    int status = 0;
    if (!file_exists(file->path))
        status = error_set(reader->error, "%s: no such file; restore it from the repository", file->path);
    else if (file_read(file->path, LIMIT, bytes, &data, &size, reader->error))
        status = -1;
    else if (!reader->unchecked && !expected)
        status = error_set(reader->error, "%s: no line for %s.csv; `scaledown claims --update` records it",
                           reader->sums.path, name);
    else if (sha256_hex(data, size, hex), !reader->unchecked && strcmp(hex, expected) != 0)
        status = error_set(reader->error,
                           "%s: altered, SHA256SUMS has another hash; restore it from the repository, or "
                           "record it with `scaledown claims --update`",
                           file->path);
    else
        status = parse_published(reader, file, (const char *)data, size);
    arena_destroy(bytes);
    if (status) return NULL;
    return reader->files = file;
}

/* The first of the sorted rows whose id is not less than the text. */
static size_t lower_bound(const PublishedFile *file, const char *text) {
    size_t low = 0, high = file->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(file->sorted[middle]->id, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Is this the name of a table, "X.csv"? */
static int is_table(const char *name) {
    const size_t length = strlen(name);
    return length > strlen(".csv") && strcmp(name + length - strlen(".csv"), ".csv") == 0;
}

int published_record(const char *references, const Paper *paper, Error *error) {
    Arena *arena = arena_create(0);
    const char *path = arena_format(arena, "%s/%s/published", references, paper->name);
    const Sums none = {0};
    Sums fresh = {0};
    size_t n;
    char **names;
    int status = directory_names(path, arena, &n, &names, error);
    if (status > 0) status = error_set(error, "%s: no such folder; restore it from the repository", path);
    if (!status && n) {
        fresh.names = arena_alloc(arena, n, sizeof *fresh.names);
        fresh.hashes = arena_alloc(arena, n, sizeof *fresh.hashes);
    }
    for (size_t i = 0; i < n && !status; i++) {
        if (!is_table(names[i])) continue;
        fresh.names[fresh.n] = names[i];
        fresh.hashes[fresh.n] = arena_alloc(arena, SHA256_HEX, 1);
        status = sha256_file(path_join(arena, path, names[i]), fresh.hashes[fresh.n++], error);
    }
    if (!status) status = sums_write(path, &none, &fresh, arena, error);
    arena_destroy(arena);
    return status;
}

/* ---- one row of a claims table ---- */

enum { ID, ITEM, KIND, A, B, PUBLISHED, MARGIN, WHY, TEXT, NOTE, LEVEL, FAMILY };

/* A row that was checked and is to be expanded. */
typedef struct Plan {
    const Experiment *experiment;
    const CsvTable *table;
    size_t row, n; /* n claims */
    ClaimKind kind;
    double margin;
    int curve;
    size_t prefix;            /* of a curve: the length of its prefix */
    const Published **points; /* [n], or NULL without a published number */
} Plan;

/* A lower-case letter, then lower-case letters, digits, hyphens and points ("noise-0.15"). */
static int is_id(const char *id) {
    return islower((unsigned char)*id) && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-.") == strlen(id);
}

/* "PREFIX*" or "PREFIX*[3..48]": the rows, in the order of the file. */
static int plan_curve(Reader *reader, Plan *plan, const PublishedFile *file, const char *id) {
    const CsvTable *table = plan->table;
    const char *star = strchr(id, '*'), *range = star + 1;
    double low = -HUGE_VAL, high = HUGE_VAL, x;
    if (*range) {
        const char *dots = strstr(range, ".."), *end = range + strlen(range) - 1;
        if (*range != '[' || *end != ']' || !dots ||
            parse_double(arena_format(reader->scratch, "%.*s", (int)(dots - range - 1), range + 1), &low) ||
            parse_double(arena_format(reader->scratch, "%.*s", (int)(end - dots - 2), dots + 2), &high) || low > high)
            return refuse(reader->error, table, plan->row, PUBLISHED,
                          "\"%.80s\" is neither an id, PREFIX* nor PREFIX*[3..48]", id);
    }
    plan->curve = 1;
    plan->prefix = (size_t)(star - id);
    const char *prefix = arena_format(reader->scratch, "%.*s", (int)plan->prefix, id);
    const size_t first = lower_bound(file, prefix);
    size_t end = first;
    while (end < file->n && strncmp(file->sorted[end]->id, prefix, plan->prefix) == 0) end++;
    plan->points = arena_alloc_small(reader->scratch, end - first, sizeof *plan->points);
    for (size_t i = first; i < end; i++) {
        const char *rest = file->sorted[i]->id + plan->prefix;
        if (*range && (parse_double(rest, &x) || x < low || x > high)) continue;
        if (!*rest || !is_id(arena_format(reader->scratch, "x%s", rest)))
            return refuse(reader->error, table, plan->row, PUBLISHED,
                          "the published id \"%.80s\" ends in no name for a point: "
                          "lower-case letters, digits, hyphens, points",
                          file->sorted[i]->id);
        plan->points[plan->n++] = file->sorted[i];
    }
    if (plan->n == 0)
        return refuse(reader->error, table, plan->row, PUBLISHED, "no id in %s begins with \"%.80s\"%s", file->path,
                      prefix, *range ? " and has its rest in the range" : "");
    qsort(plan->points, plan->n, sizeof *plan->points, compare_places);
    return 0;
}

static int plan_published(Reader *reader, Plan *plan) {
    const char *text = csv_text(plan->table, plan->row, PUBLISHED), *slash = strchr(text, '/');
    const char *name =
        slash ? arena_format(reader->scratch, "%.*s", (int)(slash - text), text) : plan->experiment->name;
    const char *id = slash ? slash + 1 : text;
    plan->n = 1;
    if (!*text) return 0;
    if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(name))
        return refuse(reader->error, plan->table, plan->row, PUBLISHED,
                      "\"%.80s\" is not FILE/id of published/FILE.csv", text);
    const PublishedFile *file = published_open(reader, name);
    if (!file) return -1;
    if (strchr(id, '*')) {
        plan->n = 0;
        return plan_curve(reader, plan, file, id);
    }
    const size_t found = lower_bound(file, id);
    plan->points = arena_alloc_small(reader->scratch, 1, sizeof *plan->points);
    if (found < file->n && strcmp(file->sorted[found]->id, id) == 0) {
        plan->points[0] = file->sorted[found];
        return 0;
    }
    Nearest nearest;
    nearest_begin(&nearest, id);
    for (size_t r = 0; r < file->n; r++) nearest_consider(&nearest, file->rows[r].id);
    return refuse(reader->error, plan->table, plan->row, PUBLISHED, "no row of %s has the id \"%.80s\"%s%s", file->path,
                  id, nearest.name ? "; nearest: " : "", nearest.name ? nearest.name : "");
}

/* What needs no other file than the published one. */
static int plan_row(Reader *reader, Plan *plan) {
    const CsvTable *table = plan->table;
    const size_t row = plan->row;
    Error *error = reader->error;
    const char *const *field = (const char *const *)&table->fields[row * table->columns];
    size_t kind = 0;
    if (fields_are_plain(table, row, error)) return -1;
    if (!is_id(field[ID]))
        return refuse(error, table, row, ID,
                      "\"%.80s\" is not an id: a lower-case letter, then these, digits, hyphens and points", field[ID]);
    if (!field[ITEM][0]) return refuse(error, table, row, ITEM, "a claim names its item of the paper, \"Fig. 5c\"");
    if (!field[TEXT][0]) return refuse(error, table, row, TEXT, "a claim is said in one sentence");
    while (claim_kinds[kind] && strcmp(claim_kinds[kind], field[KIND]) != 0) kind++;
    if (!claim_kinds[kind])
        return refuse(error, table, row, KIND,
                      "unknown kind \"%.60s\"; one of value, above, at-least, at-most, equal, report, one-run, "
                      "same-run",
                      field[KIND]);
    plan->kind = (ClaimKind)kind;
    const int measured = rules[kind].measured, by = rules[kind].by, other = field[B][0] != 0,
              published = field[PUBLISHED][0] != 0;
    if (measured && !field[A][0]) return refuse(error, table, row, A, "kind %s judges a quantity", claim_kinds[kind]);
    if (!measured && field[A][0])
        return refuse(error, table, row, A, "kind %s judges nothing; leave a empty", claim_kinds[kind]);
    if (other && by == BY_PUBLISHED)
        return refuse(error, table, row, B, "kind %s is judged by a published number; b belongs to above and equal",
                      claim_kinds[kind]);
    if (published && by == BY_OTHER)
        return refuse(error, table, row, PUBLISHED, "kind %s is judged by b; leave published empty", claim_kinds[kind]);
    if (other && published)
        return refuse(error, table, row, PUBLISHED, "judged by b or by a published number, not by both");
    if (!other && !published)
        return refuse(error, table, row, by == BY_OTHER ? B : PUBLISHED, "kind %s needs %s", claim_kinds[kind],
                      by == BY_OTHER    ? "a quantity b"
                      : by == BY_EITHER ? "a published number, or a quantity b"
                                        : "a published number");
    if (field[MARGIN][0] && (parse_double(field[MARGIN], &plan->margin) || plan->margin <= 0 || kind == CLAIM_REPORT))
        return refuse(error, table, row, MARGIN, "\"%.60s\" is not a margin, a number above 0%s", field[MARGIN],
                      kind == CLAIM_REPORT ? ", and kind report has none" : "; empty: the published uncertainty");
    if (!field[MARGIN][0] && (kind == CLAIM_ONE_RUN || kind == CLAIM_EQUAL))
        return refuse(error, table, row, MARGIN, "kind %s needs a margin", claim_kinds[kind]);
    if (table->columns > FAMILY && field[LEVEL][0] && strcmp(field[LEVEL], claim_levels[LEVEL_HEADLINE]) != 0)
        return refuse(error, table, row, LEVEL, "\"%.60s\" is not headline; empty: a curve, or a point", field[LEVEL]);
    return plan_published(reader, plan);
}

/* ---- from a row to its claims ---- */

static const char *rest_of(const Plan *plan, size_t point) {
    return plan->curve ? plan->points[point]->id + plan->prefix : NULL;
}

/* What a placeholder, "{x}", "{}", "{.1}" or "{uncertainty}", stands for at a point; "" where there is nothing. */
static const char *filling(Reader *reader, const Plan *plan, const char *placeholder, size_t point) {
    const Published *published = plan->points[point];
    char number[32];
    if (placeholder[1] == 'x') return rest_of(plan, point);
    if (placeholder[1] == '.') return arena_format(reader->scratch, "%.*f", placeholder[2] - '0', published->value);
    const double value = placeholder[1] == 'u' ? published->uncertainty : published->value;
    return isnan(value) ? "" : arena_copy_text(reader->scratch, format_double(value, number));
}

/* What the placeholder stands for at the points from first to last: "3", "3, 5 and 9", or of many points "0..99".  0 when one of the
 * ends has nothing there. */
static int add_fillings(Reader *reader, const Plan *plan, const char *placeholder, size_t first, size_t last) {
    enum { MOST_NAMED = 5 };
    const char *from = filling(reader, plan, placeholder, first), *to = filling(reader, plan, placeholder, last);
    if (!*from || !*to) return 0;
    text_add(&reader->text, from);
    if (strcmp(from, to) == 0) return 1;
    const int named = placeholder[1] == 'x' && last - first < MOST_NAMED;
    for (size_t point = first + 1; named && point < last; point++)
        text_format(&reader->text, ", %s", filling(reader, plan, placeholder, point));
    text_format(&reader->text, named ? " and %s" : "..%s", to);
    return 1;
}

/* A text with its placeholders filled in, for the points from first to last.  only_x: no other placeholder is allowed.
 * Lives until the next call; NULL on error. */
static const char *fill_in(Reader *reader, const Plan *plan, size_t column, int only_x, size_t first, size_t last) {
    const CsvTable *table = plan->table;
    const char *at = csv_text(table, plan->row, column);
    text_clear(&reader->text);
    for (size_t length; *at; at += length) {
        length = strcspn(at, "{}");
        text_add_bytes(&reader->text, at, length);
        if (!at[length]) continue;
        at += length;
        length = strcspn(at, "}") + 1;
        if (*at == '}' || !at[length - 1])
            return refuse(reader->error, table, plan->row, column, "a { or } without the other"), NULL;
        const int is_x = strncmp(at, "{x}", length) == 0, is_uncertainty = strncmp(at, "{uncertainty}", length) == 0;
        const int is_value = length == 2 || (length == 4 && at[1] == '.' && isdigit((unsigned char)at[2]));
        if (!is_x && (only_x || (!is_value && !is_uncertainty)))
            return refuse(reader->error, table, plan->row, column, "unknown placeholder %.*s; there %s",
                          (int)(length < 60 ? length : 60), at,
                          only_x ? "is {x}" : "are {}, {.1}, {uncertainty} and {x}"),
                   NULL;
        if (!plan->points || (is_x && !plan->curve))
            return refuse(reader->error, table, plan->row, column, "%.*s has a meaning only with %s", (int)length, at,
                          is_x ? "a published PREFIX*" : "a published number"),
                   NULL;
        if (!add_fillings(reader, plan, at, first, last))
            return refuse(reader->error, table, plan->row, column, "%s has no uncertainty",
                          plan->points[*filling(reader, plan, at, first) ? last : first]->id),
                   NULL;
    }
    return reader->text.data;
}

static int make_quantity(Reader *reader, const Plan *plan, size_t column, size_t point, const Quantity **quantity) {
    *quantity = NULL;
    if (!csv_text(plan->table, plan->row, column)[0]) return 0;
    const char *text = fill_in(reader, plan, column, 1, point, point), *rest = rest_of(plan, point);
    if (!text) return -1;
    const Experiment *experiment = plan->experiment;
    const size_t n = map_count(reader->known);
    const char *key = arena_format(reader->scratch, "%s/%s|%s", experiment->paper->name, experiment->name, text);
    const size_t before = map_put(reader->known, key, n);
    if (before != MAP_ABSENT) return *quantity = reader->quantities[before], 0;
    if (n == reader->capacity) {
        const Quantity **old = reader->quantities;
        reader->capacity = n ? 2 * n : 64;
        reader->quantities = arena_alloc(reader->scratch, reader->capacity, sizeof *reader->quantities);
        if (n) memcpy(reader->quantities, old, n * sizeof *old);
    }
    const char *where =
        arena_format(reader->scratch, "%.250s, line %zu, column %s%s%.40s", plan->table->path,
                     plan->table->lines[plan->row], plan->table->names[column], rest ? ", x = " : "", rest ? rest : "");
    if (quantity_parse(text, where, reader->catalogue, experiment, reader->arena, quantity, reader->error)) return -1;
    reader->quantities[n] = *quantity;
    return 0;
}

/* Fills the row, and its claims, which begin at the given place of the list. */
static int expand(Reader *reader, const Plan *plan, size_t first, ClaimRow *row, Claim *claims) {
    const CsvTable *table = plan->table;
    const char *const *field = (const char *const *)&table->fields[plan->row * table->columns];
    const int more = table->columns > FAMILY;
    *row = (ClaimRow){.id = field[ID],
                      .item = field[ITEM],
                      .why = field[WHY],
                      .note = field[NOTE],
                      .experiment = plan->experiment,
                      .kind = plan->kind,
                      .line = table->lines[plan->row],
                      .first = first,
                      .n = plan->n,
                      .curve = plan->curve,
                      .level = more && field[LEVEL][0] ? LEVEL_HEADLINE
                               : plan->curve           ? LEVEL_CURVE
                                                       : LEVEL_POINT,
                      .family = more ? field[FAMILY] : ""};
    for (size_t i = 0; i < plan->n; i++) {
        Claim *claim = &claims[i];
        const char *text = fill_in(reader, plan, TEXT, 0, i, i);
        if (!text) return -1;
        *claim = (Claim){.id = plan->curve ? arena_format(reader->arena, "%s-%s", row->id, rest_of(plan, i)) : row->id,
                         .item = row->item,
                         .text = strcmp(text, field[TEXT]) == 0 ? field[TEXT] : arena_copy_text(reader->arena, text),
                         .row = row,
                         .kind = plan->kind,
                         .published = plan->points ? plan->points[i] : NULL,
                         .margin = plan->margin,
                         .note = row->note[0] ? row->note : NULL};
        if (make_quantity(reader, plan, A, i, &claim->a) || make_quantity(reader, plan, B, i, &claim->b)) return -1;
        if (plan->margin <= 0 && plan->kind != CLAIM_ABOVE && plan->kind != CLAIM_REPORT &&
            isnan(claim->published->uncertainty))
            return refuse(reader->error, table, plan->row, MARGIN, "%s has no published uncertainty: give a margin",
                          claim->id);
    }
    if (!plan->curve) return row->text = claims[0].text, 0;
    const char *text = fill_in(reader, plan, TEXT, 0, 0, plan->n - 1);
    if (!text) return -1;
    row->text = arena_copy_text(reader->arena, text);
    return 0;
}

/* ---- all tables ---- */

/* On entering a paper: its checksums are read, and every table of claims there must belong to an experiment. */
static int enter_paper(Reader *reader, const Paper *paper) {
    if (reader->paper == paper) return 0;
    reader->paper = paper;
    const char *published = arena_format(reader->scratch, "%s/%s/published", reader->references, paper->name);
    const char *claims = arena_format(reader->scratch, "%s/%s/claims", reader->references, paper->name);
    const int status = sums_read(published, reader->scratch, &reader->sums, reader->error);
    if (status < 0) return -1;
    size_t n;
    char **files;
    const int absent = directory_names(claims, reader->scratch, &n, &files, reader->error);
    if (absent) return absent < 0 ? -1 : 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_table(files[i])) continue;
        const char *name = arena_format(reader->scratch, "%.*s", (int)(strlen(files[i]) - strlen(".csv")), files[i]);
        Nearest nearest;
        nearest_begin(&nearest, name);
        size_t e = 0;
        for (; e < paper->n_experiments && strcmp(paper->experiments[e].name, name) != 0; e++)
            nearest_consider(&nearest, paper->experiments[e].name);
        if (e == paper->n_experiments)
            return error_set(
                reader->error, "%s/%s: paper %s has no experiment of that name%s%s; rename or remove the file", claims,
                files[i], paper->name, nearest.name ? ", nearest: " : "", nearest.name ? nearest.name : "");
    }
    return 0;
}

/* The rows of an experiment's table that are of the item asked for, checked; *plans is NULL for none. */
static int plan_table(Reader *reader, const Experiment *experiment, const char *only, Plan **plans, size_t *n) {
    const char *path = arena_format(reader->arena, "%s/%s/claims/%s.csv", reader->references, experiment->paper->name,
                                    experiment->name);
    *n = 0;
    *plans = NULL;
    if (enter_paper(reader, experiment->paper)) return -1;
    if (!file_exists(path)) return 0;
    Arena *bytes = arena_create(0);
    CsvTable *table = arena_alloc(reader->arena, 1, sizeof *table);
    unsigned char *data;
    size_t size;
    const int status = file_read(path, LIMIT, bytes, &data, &size, reader->error) ||
                       csv_parse(path, (const char *)data, size, reader->arena, table, reader->error);
    arena_destroy(bytes);
    if (status ||
        csv_columns_and(table, "id,item,kind,a,b,published,margin,why,text,note", "level,family", reader->error))
        return -1;
    *plans = arena_alloc(reader->scratch, table->rows, sizeof **plans);
    for (size_t row = 0; row < table->rows; row++) {
        if (only && !item_matches(csv_text(table, row, ITEM), only)) continue;
        Plan *plan = &(*plans)[(*n)++];
        *plan = (Plan){.experiment = experiment, .table = table, .row = row};
        if (plan_row(reader, plan)) return -1;
    }
    return 0;
}

/* No id, of a claim or of a curve, is there twice. */
static int check_ids(const ClaimList *list, const Plan *const *plans, Arena *arena, Error *error) {
    Map *known = map_create(arena);
    for (size_t r = 0; r < list->n_rows; r++) {
        const ClaimRow *row = &list->rows[r];
        for (size_t i = 0; i < row->n + (size_t)row->curve; i++) {
            const char *id = i < row->n ? list->claims[row->first + i].id : row->id;
            const size_t before = map_put(known, id, r);
            if (before == MAP_ABSENT) continue;
            return refuse(error, plans[r]->table, plans[r]->row, ID, "claim %s is made already in %s, line %zu", id,
                          plans[before]->table->path, list->rows[before].line);
        }
    }
    return 0;
}

static int read_all(Reader *reader, const Selection *selection, ClaimList *list) {
    Plan **plans = arena_alloc(reader->scratch, selection->n, sizeof *plans);
    size_t *counts = arena_alloc(reader->scratch, selection->n, sizeof *counts);
    for (size_t s = 0; s < selection->n; s++) {
        if (plan_table(reader, selection->chosen[s].experiment, selection->only, &plans[s], &counts[s])) return -1;
        list->n_rows += counts[s];
        for (size_t i = 0; i < counts[s]; i++) list->n += plans[s][i].n;
    }
    ClaimRow *rows = arena_alloc(reader->arena, list->n_rows, sizeof *rows);
    Claim *claims = arena_alloc(reader->arena, list->n, sizeof *claims);
    const Plan **of_row = arena_alloc(reader->scratch, list->n_rows, sizeof *of_row);
    list->rows = rows;
    list->claims = claims;
    size_t r = 0, first = 0;
    for (size_t s = 0; s < selection->n; s++)
        for (size_t i = 0; i < counts[s]; i++) {
            const Plan *plan = of_row[r] = &plans[s][i];
            if (expand(reader, plan, first, &rows[r++], &claims[first])) return -1;
            first += plan->n;
        }
    return check_ids(list, of_row, reader->scratch, reader->error);
}

int claims_read(const Catalogue *catalogue, const char *references, const Selection *selection, int unchecked,
                Arena *arena, ClaimList *list, Error *error) {
    Reader reader = {.catalogue = catalogue,
                     .references = references,
                     .unchecked = unchecked,
                     .arena = arena,
                     .scratch = arena_create(0),
                     .text = text_create(NULL),
                     .error = error};
    reader.known = map_create(reader.scratch);
    *list = (ClaimList){0, 0, NULL, NULL};
    const int status = read_all(&reader, selection, list);
    text_destroy(&reader.text);
    arena_destroy(reader.scratch);
    return status;
}

int claims_find(const ClaimList *list, const char *id, size_t *index, Error *error) {
    Nearest nearest;
    nearest_begin(&nearest, id);
    for (*index = 0; *index < list->n; ++*index)
        if (strcmp(list->claims[*index].id, id) == 0) return 0;
    for (size_t r = 0; r < list->n_rows; r++)
        if (list->rows[r].curve && strcmp(list->rows[r].id, id) == 0)
            return error_set(error, "%s is a curve of %zu claims, %s to %s; name one of them", id, list->rows[r].n,
                             list->claims[list->rows[r].first].id,
                             list->claims[list->rows[r].first + list->rows[r].n - 1].id);
    for (size_t i = 0; i < list->n; i++) nearest_consider(&nearest, list->claims[i].id);
    return error_set(error, "unknown claim \"%.100s\"%s%s; `scaledown claims` names them all", id,
                     nearest.name ? ", nearest: " : "", nearest.name ? nearest.name : "");
}
