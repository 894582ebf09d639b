#include "study/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/options.h"

/* Both bound the depth of recursion, whatever a file holds. */
enum { MAX_LENGTH = 4096, MAX_DEPTH = 100 };

static const struct {
    const char *name;
    Operation operation;
} functions[] = {{"mean", MEAN},         {"min", MIN},       {"max", MAX},
                 {"last", LAST},         {"argmin", ARGMIN}, {"argmax", ARGMAX},
                 {"spearman", SPEARMAN}, {"first", FIRST},   {"smoothed", SMOOTHED}};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

typedef struct Parser {
    const char *text, *at, *where;
    const Catalogue *catalogue;
    const Experiment *own;
    Quantity *quantity;
    Arena *arena, *scratch;
    int depth;
    Error *error;
} Parser;

/* Fails at a place of the text. */
static int refuse(const Parser *parser, const char *at, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;

static int refuse(const Parser *parser, const char *at, const char *format, ...) {
    char reason[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return error_set(parser->error, "%.300s, position %zu of \"%.120s\": %s", parser->where,
                     (size_t)(at - parser->text) + 1, parser->text, reason);
}

static void skip_blanks(Parser *parser) {
    while (*parser->at == ' ') parser->at++;
}

/* Goes over the character when it comes next. */
static int take(Parser *parser, char character) {
    skip_blanks(parser);
    if (*parser->at != character) return 0;
    parser->at++;
    return 1;
}

static const Node *make(Parser *parser, const char *at, Node node) {
    Node *made = arena_alloc_small(parser->arena, 1, sizeof *made);
    *made = node;
    made->position = (size_t)(at - parser->text) + 1;
    return made;
}

static char *copy_part(Arena *arena, const char *text, size_t length) {
    return arena_format(arena, "%.*s", (int)length, text);
}

/* One element of a list, "36", "36..61" or "*", of a parameter or (NULL) of x. */
static int parse_part(Parser *parser, const char *at, const char *text, const Parameter *parameter, Part *part) {
    const char *dots = strstr(text, "..");
    const int numeric = !parameter || parameter->type != PARAMETER_CHOICE;
    *part = (Part){NULL, -HUGE_VAL, HUGE_VAL, (dots && numeric) || strcmp(text, "*") == 0};
    if (strcmp(text, "*") == 0) return 0;
    if (dots && numeric) {
        if (parse_double(copy_part(parser->scratch, text, (size_t)(dots - text)), &part->low) ||
            parse_double(dots + 2, &part->high) || part->low > part->high)
            return refuse(parser, at, "\"%.60s\" is not a range like 36..61", text);
        return 0;
    }
    if (parameter) {
        Axis axis;
        const char *where = arena_format(parser->scratch, "%.300s, position %zu of \"%.120s\", %s", parser->where,
                                         (size_t)(at - parser->text) + 1, parser->text, parameter->name);
        if (parameter_values(parameter, text, where, parser->scratch, &axis, parser->error)) return -1;
        part->value = arena_copy_text(parser->arena, axis.values[0]);
        text = part->value;
    }
    if (numeric && parse_double(text, &part->low))
        return refuse(parser, at, "\"%.60s\" is not an x, a list or a range of x, or *", text);
    if (numeric) part->high = part->low;
    return 0;
}

/* A comma list of length bytes at the parser's place. */
static int parse_parts(Parser *parser, size_t length, const Parameter *parameter, const Part **parts, size_t *n) {
    const char *end = parser->at + length;
    size_t count = 1;
    for (const char *c = parser->at; c < end; c++) count += *c == ',';
    Part *list = arena_alloc_small(parser->arena, count, sizeof *list);
    for (*n = 0; *n < count; ++*n) {
        const char *at = parser->at;
        const size_t size = *n + 1 < count ? strcspn(at, ",") : (size_t)(end - at);
        Part *part = &list[*n];
        if (parse_part(parser, at, copy_part(parser->scratch, at, size), parameter, part)) return -1;
        for (size_t i = 0; i < *n; i++) {
            const int choices = part->value && list[i].value && parameter->type == PARAMETER_CHOICE;
            if (choices ? strcmp(part->value, list[i].value) == 0
                        : part->low <= list[i].high && list[i].low <= part->high)
                return refuse(parser, at, "\"%.*s\" names what the list has already", (int)(size < 60 ? size : 60), at);
        }
        parser->at = at + size + (*n + 1 < count);
    }
    *parts = list;
    return 0;
}

/* "name=list", up to a blank or the closing bracket. */
static int parse_setting(Parser *parser, const Method *method, Metric *metric, Setting *setting) {
    const char *start = parser->at;
    const size_t length = strcspn(start, " ]"), equals = strcspn(start, " ]=");
    if (equals == length) return refuse(parser, start, "parameter=value is expected here, and a ] at the end");
    const char *name = copy_part(parser->scratch, start, equals);
    setting->parameter = parameter_find(method, name);
    const Parameter *parameter = &method->parameters[setting->parameter];
    if (!parameter->name) {
        Nearest nearest;
        nearest_begin(&nearest, name);
        for (parameter = method->parameters; parameter->name; parameter++) nearest_consider(&nearest, parameter->name);
        return refuse(parser, start, "method %s has no parameter \"%.60s\"%s%s", method->name, name,
                      nearest.name ? "; nearest: " : "", nearest.name ? nearest.name : "");
    }
    for (size_t i = 0; i < metric->n_settings; i++)
        if (metric->settings[i].parameter == setting->parameter)
            return refuse(parser, start, "%s is set twice", parameter->name);
    if (start[length - 1] == ',' || memchr(start + equals + 1, '=', length - equals - 1))
        return refuse(parser, start, "a blank is between settings, a comma between the values of one: [a=1 b=2,3]");
    parser->at = start + equals + 1;
    return parse_parts(parser, length - equals - 1, parameter, &setting->parts, &setting->n);
}

static int parse_settings(Parser *parser, const Method *method, Metric *metric) {
    size_t room = 0;
    const char *opened = parser->at - 1;
    for (const char *c = parser->at; *c && *c != ']'; c++) room += *c == '=';
    Setting *settings = arena_alloc_small(parser->arena, room, sizeof *settings);
    metric->settings = settings;
    size_t along = SIZE_MAX;
    while (!take(parser, ']')) {
        if (!*parser->at) return refuse(parser, opened, "the [ is never closed");
        Setting *setting = &settings[metric->n_settings];
        const char *start = parser->at;
        if (parse_setting(parser, method, metric, setting)) return -1;
        if (makes_curve(setting->n, setting->parts)) {
            if (along != SIZE_MAX)
                return refuse(parser, start, "a curve runs along one parameter; give this one a single value");
            along = metric->n_settings;
        }
        metric->n_settings++;
    }
    if (metric->n_settings == 0) return refuse(parser, opened, "no parameter is named in []; leave the brackets out");
    metric->along = along == SIZE_MAX ? metric->n_settings : along;
    return 0;
}

/* Length of "NAME:" or "PAPER/NAME:" at the parser's place, with the colon; 0 if there is none. */
static size_t prefix_length(const Parser *parser) {
    const size_t length = strspn(parser->at, "abcdefghijklmnopqrstuvwxyz0123456789-/");
    return length && parser->at[length] == ':' ? length + 1 : 0;
}

static size_t name_length(const char *text) {
    return islower((unsigned char)*text) ? strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") : 0;
}

static size_t number_length(const char *text) {
    static const char digits[] = "0123456789";
    size_t n = *text == '-' || *text == '+';
    n += strspn(text + n, digits);
    if (text[n] == '.' && text[n + 1] != '.') n += 1 + strspn(text + n + 1, digits);
    if (text[n] != 'e' && text[n] != 'E') return n;
    const size_t exponent = n + 1 + (text[n + 1] == '-' || text[n + 1] == '+');
    return exponent + strspn(text + exponent, digits);
}

/* After the @: "91", "80..96", "1,2,5", "*". */
static int parse_x(Parser *parser, Metric *metric) {
    const char *at = parser->at;
    size_t length = 0;
    for (int more = 1; more;) {
        length += at[length] == '*' ? 1 : number_length(at + length);
        const size_t separator = strncmp(at + length, "..", 2) == 0 ? 2 : at[length] == ',';
        length += separator;
        more = separator != 0;
    }
    if (parse_parts(parser, length, NULL, &metric->x, &metric->n_x)) return -1;
    if (metric->along < metric->n_settings && makes_curve(metric->n_x, metric->x))
        return refuse(parser, at, "a curve runs along one thing; give a single x, or the parameter one value");
    if (*parser->at == '[') return refuse(parser, parser->at, "the cell stands before the x: metric[...]@x");
    return 0;
}

/* [EXPERIMENT:]name[settings]@x */
static const Node *parse_metric(Parser *parser) {
    Quantity *quantity = parser->quantity;
    const Experiment *experiment = parser->own;
    const char *start = parser->at;
    const size_t prefix = prefix_length(parser);
    if (prefix) {
        Error cause = {""};
        experiment = experiment_find(parser->catalogue, parser->own->paper,
                                     copy_part(parser->scratch, start, prefix - 1), &cause);
        if (!experiment) return refuse(parser, start, "%s", cause.text), NULL;
        parser->at += prefix;
    }
    const size_t length = name_length(parser->at);
    if (!length) return refuse(parser, parser->at, "a metric's name is expected here"), NULL;
    Metric *metric = arena_alloc_small(parser->arena, 1, sizeof *metric);
    *metric = (Metric){.name = copy_part(parser->arena, parser->at, length)};
    if (strchr(metric->name, '-'))
        return refuse(parser, parser->at, "\"%.60s\": a metric's name has no hyphens; a minus has blanks around it",
                      metric->name),
               NULL;
    while (metric->experiment < quantity->n_experiments && quantity->experiments[metric->experiment] != experiment)
        metric->experiment++;
    if (metric->experiment == quantity->n_experiments) quantity->experiments[quantity->n_experiments++] = experiment;
    parser->at += length;
    if (*parser->at == '[' && (parser->at++, parse_settings(parser, experiment->method, metric))) return NULL;
    if (*parser->at == '@' && (parser->at++, parse_x(parser, metric))) return NULL;
    Node node = {.operation = METRIC, .metric = metric, .shape = makes_curve(metric->n_x, metric->x) ? CURVE : SCALAR};
    if (metric->along < metric->n_settings) {
        const Parameter *parameter = &experiment->method->parameters[metric->settings[metric->along].parameter];
        node.shape = parameter->type == PARAMETER_CHOICE ? CURVE_OF_CHOICES : CURVE;
    }
    return make(parser, start, node);
}

static const Node *parse_chain(Parser *parser, int products);

/* name(curve), first(curve > quantity) or smoothed(weight, curve). */
static const Node *parse_function(Parser *parser, size_t length) {
    const char *start = parser->at, *name = copy_part(parser->scratch, start, length);
    size_t f = 0;
    while (f < N_FUNCTIONS && strcmp(functions[f].name, name) != 0) f++;
    if (f == N_FUNCTIONS)
        return refuse(parser, start,
                      "no function \"%.60s\"; there are mean, min, max, last, argmin, argmax, first, smoothed and "
                      "spearman",
                      name),
               NULL;
    Node node = {.operation = functions[f].operation, .shape = SCALAR};
    parser->at += length + 1;
    if (node.operation == SMOOTHED) {
        skip_blanks(parser);
        const char *weight = parser->at;
        parser->at += number_length(weight);
        if (parse_double(copy_part(parser->scratch, weight, (size_t)(parser->at - weight)), &node.number) ||
            !(node.number >= 0 && node.number < 1))
            return refuse(parser, weight, "a weight from 0 to below 1 is expected here, for smoothed(0.6, curve)"),
                   NULL;
        if (!take(parser, ',')) return refuse(parser, parser->at, "a , is expected here, for smoothed("), NULL;
        node.shape = CURVE;
    }
    if (!(node.left = parse_chain(parser, 0))) return NULL;
    if (node.left->shape == SCALAR)
        return refuse(parser, start, "%s() needs a curve, like metric@80..96 or metric[widths=36..61]", name), NULL;
    if (node.left->shape == CURVE_OF_CHOICES && (node.operation >= LAST || node.operation == SMOOTHED))
        return refuse(parser, start, "%s() needs a curve along numbers, not along choices, which have no order", name),
               NULL;
    if (node.operation == FIRST) {
        node.operation = take(parser, '>') ? FIRST_ABOVE : take(parser, '<') ? FIRST_BELOW : FIRST;
        if (node.operation == FIRST) return refuse(parser, parser->at, "a > or < is expected here, for first("), NULL;
        if (!(node.right = parse_chain(parser, 0))) return NULL;
        if (node.right->shape == CURVE_OF_CHOICES)
            return refuse(parser, start, "first() compares with a number, or a curve over the same x"), NULL;
    }
    if (!take(parser, ')')) return refuse(parser, parser->at, "a ) is expected here, for %s(", name), NULL;
    return make(parser, start, node);
}

static const Node *parse_factor(Parser *parser) {
    skip_blanks(parser);
    const char *start = parser->at;
    const size_t name = name_length(start);
    const Node *node = NULL;
    Node number = {.operation = NUMBER, .shape = SCALAR};
    if (++parser->depth > MAX_DEPTH)
        return refuse(parser, start, "more than %d parentheses and signs within each other", MAX_DEPTH), NULL;
    if (take(parser, '-')) {
        node = parse_factor(parser);
        if (node) node = make(parser, start, (Node){.operation = NEGATE, .shape = node->shape, .left = node});
    } else if (take(parser, '(')) {
        node = parse_chain(parser, 0);
        if (node && !take(parser, ')')) node = NULL, refuse(parser, start, "the ( is never closed");
    } else if (name && start[name] == '(')
        node = parse_function(parser, name);
    else if (name || prefix_length(parser))
        node = parse_metric(parser);
    else if (parse_double(copy_part(parser->scratch, start, number_length(start)), &number.number))
        refuse(parser, start, "a metric, a function, a finite number or a ( is expected here");
    else {
        parser->at += number_length(start);
        node = make(parser, start, number);
    }
    parser->depth--;
    return node;
}

/* Products (or sums of products) from left to right, point by point; curves with curves of their kind. */
static const Node *parse_chain(Parser *parser, int products) {
    const Node *left = products ? parse_factor(parser) : parse_chain(parser, 1);
    while (left) {
        skip_blanks(parser);
        const char *at = parser->at;
        if (!*at || !strchr(products ? "*/" : "+-", *at)) return left;
        parser->at++;
        const Node *right = products ? parse_factor(parser) : parse_chain(parser, 1);
        if (!right) return NULL;
        if (left->shape != SCALAR && right->shape != SCALAR && left->shape != right->shape)
            return refuse(parser, at, "one of these curves runs along choices, the other along numbers"), NULL;
        left = make(parser, at,
                    (Node){.operation = *at == '+'   ? ADD
                                        : *at == '-' ? SUBTRACT
                                        : *at == '*' ? MULTIPLY
                                                     : DIVIDE,
                           .shape = left->shape == SCALAR ? right->shape : left->shape,
                           .left = left,
                           .right = right});
    }
    return NULL;
}

int quantity_parse(const char *text, const char *where, const Catalogue *catalogue, const Experiment *experiment,
                   Arena *arena, const Quantity **quantity, Error *error) {
    const size_t length = strlen(text);
    if (length > MAX_LENGTH)
        return error_set(error, "%.300s: a quantity of %zu characters; at most %d are allowed", where, length,
                         MAX_LENGTH);
    size_t room = 1;
    for (const char *c = text; *c; c++) room += *c == ':';
    Quantity *made = arena_alloc_small(arena, 1, sizeof *made);
    *made = (Quantity){.text = arena_copy_text(arena, text),
                       .experiments = arena_alloc_small(arena, room, sizeof *made->experiments)};
    Parser parser = {.text = made->text,
                     .at = made->text,
                     .where = where,
                     .catalogue = catalogue,
                     .own = experiment,
                     .quantity = made,
                     .arena = arena,
                     .scratch = arena_create(4096),
                     .error = error};
    int status = (made->root = parse_chain(&parser, 0)) ? 0 : -1;
    skip_blanks(&parser);
    if (!status && *parser.at)
        status = refuse(&parser, parser.at,
                        strchr("<>", *parser.at) ? "a comparison belongs into first()"
                                                 : "an operator or the end is expected here");
    if (!status && made->root->shape != SCALAR)
        status =
            refuse(&parser, parser.text, "this is a curve; say what of it counts: mean(), min(), max(), last(), ...");
    if (!status && !made->n_experiments) status = refuse(&parser, parser.text, "no metric is named");
    arena_destroy(parser.scratch);
    *quantity = made;
    return status;
}

const Experiment *const *quantity_experiments(const Quantity *quantity, size_t *n) {
    *n = quantity->n_experiments;
    return quantity->experiments;
}

const char *quantity_text(const Quantity *quantity) {
    return quantity->text;
}

/* ---- what it is about ---- */

const char *quantity_outline(const Quantity *quantity, Arena *arena) {
    char *outline = arena_copy_text(arena, quantity->text), *end = outline;
    for (const char *at = quantity->text; *at;) {
        if (*at == '[')
            at += strcspn(at, "]") + 1;
        else if (*at == '@')
            at += 1 + strspn(at + 1, "0123456789.,*eE");
        else
            *end++ = *at++;
    }
    *end = 0;
    return outline;
}

static size_t count_metrics(const Node *node) {
    if (!node) return 0;
    return (node->operation == METRIC) + count_metrics(node->left) + count_metrics(node->right);
}

static void collect_metrics(const Node *node, const Metric **metrics, size_t *n) {
    if (!node) return;
    if (node->operation == METRIC) metrics[(*n)++] = node->metric;
    collect_metrics(node->left, metrics, n);
    collect_metrics(node->right, metrics, n);
}

static int compare_names(const void *a, const void *b) {
    return strcmp((*(const Metric *const *)a)->name, (*(const Metric *const *)b)->name);
}

const char *quantity_metrics(const Quantity *quantity, const Quantity *other, Arena *arena) {
    size_t n = 0;
    const Metric **metrics = arena_alloc_small(
        arena, count_metrics(quantity->root) + (other ? count_metrics(other->root) : 0), sizeof(const Metric *));
    Text names = text_create(arena);
    collect_metrics(quantity->root, metrics, &n);
    if (other) collect_metrics(other->root, metrics, &n);
    qsort(metrics, n, sizeof *metrics, compare_names);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(metrics[i]->name, metrics[i - 1]->name) != 0)
            text_format(&names, "%s%s", i ? ", " : "", metrics[i]->name);
    return names.data;
}

const char *quantity_cell(const Quantity *quantity, Arena *arena) {
    const char *open = strchr(quantity->text, '[');
    if (!open || quantity->root->operation != METRIC) return "";
    return copy_part(arena, open, strcspn(open, "]") + 1);
}
