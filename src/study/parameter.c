/* The part of paper.h about parameters and their values. */
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/csv.h"
#include "base/map.h"
#include "base/options.h"
#include "study/paper.h"

const char *nearest_note(const char *name, const char *const *known, Arena *arena) {
    const char *nearest = nearest_of(name, known);
    return nearest ? arena_format(arena, " (nearest: %s)", nearest) : "";
}

size_t parameter_count(const Method *method) {
    size_t n = 0;
    while (method->parameters[n].name) n++;
    return n;
}

size_t parameter_find(const Method *method, const char *name) {
    size_t p = 0;
    while (method->parameters[p].name && strcmp(method->parameters[p].name, name) != 0) p++;
    return p;
}

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

/* The canonical text of one value. */
static int read_value(const Parameter *p, const char *text, const char *where, Arena *arena, const char **value,
                      Error *error) {
    char low[32], high[32], buffer[32];
    double real;
    long long integer, from = (long long)p->low, to = (long long)p->high;
    const char **choices;
    switch (p->type) {
    case PARAMETER_CHOICE:
        split_list(p->choices, arena, &choices);
        for (size_t i = 0; choices[i]; i++)
            if (strcmp(choices[i], text) == 0) return *value = choices[i], 0;
        return error_set(error, "%s: unknown value \"%.80s\"%s; one of %s", where, text,
                         nearest_note(text, choices, arena), p->choices);
    case PARAMETER_INTEGER:
        if (parse_integer(text, from, to, &integer))
            return error_set(error, "%s: \"%.80s\" is not an integer from %lld to %lld", where, text, from, to);
        *value = arena_format(arena, "%lld", integer);
        return 0;
    case PARAMETER_REAL:
        if (parse_double(text, &real) || real < p->low || real > p->high)
            return error_set(error, "%s: \"%.80s\" is not a number from %s to %s", where, text,
                             format_double(p->low, low), format_double(p->high, high));
        *value = arena_copy_text(arena, format_double(real, buffer));
        return 0;
    }
    return error_set(error, "%s: a parameter of no known type", where);
}

int parameter_values(const Parameter *parameter, const char *list, const char *where, Arena *arena, Axis *axis,
                     Error *error) {
    const char **words;
    Axis found = {split_list(list, arena, &words), NULL};
    found.values = arena_alloc(arena, found.n, sizeof *found.values);
    Map *known = map_create(arena);
    for (size_t i = 0; i < found.n; i++) {
        if (read_value(parameter, words[i], where, arena, &found.values[i], error)) return -1;
        if (map_put(known, found.values[i], i) != MAP_ABSENT)
            return error_set(error, "%s: %.80s is given twice", where, words[i]);
    }
    *axis = found;
    return 0;
}

const char *axis_text(const Axis *axis, Arena *arena) {
    size_t length = 1;
    for (size_t i = 0; i < axis->n; i++) length += strlen(axis->values[i]) + 1;
    char *text = arena_alloc(arena, length, 1), *end = text;
    for (size_t i = 0; i < axis->n; i++) {
        if (i) *end++ = ',';
        memcpy(end, axis->values[i], strlen(axis->values[i]));
        end += strlen(axis->values[i]);
    }
    *end = 0;
    return text;
}

int axis_equal(const Axis *a, const Axis *b) {
    if (a->n != b->n) return 0;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->values[i], b->values[i]) != 0) return 0;
    return 1;
}

/* ---- a method's own table ---- */

/* A lower-case letter, then lower-case letters, digits and hyphens. */
static int is_kebab(const char *name) {
    if (!name || !islower((unsigned char)*name)) return 0;
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '-') return 0;
    return 1;
}

/* Names that a parameter would share with an option of a command or a row of a grid file. */
static int name_is_taken(const char *name) {
    static const char *const taken[] = {"audit-seed", "cell",    "check",   "data-dir", "experiment", "first-seed",
                                        "format",     "fresh",   "given",   "help",     "manifest",   "only",
                                        "paper",      "project", "quiet",   "recorded", "references", "report",
                                        "results",    "rows",    "seed",    "seeds",    "shard",      "shards",
                                        "size",       "threads", "minutes", "update"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0) return 1;
    return 0;
}

/* "model=mlp,cnn": another parameter of the table, and some of its choices. */
static int only_check(const Method *method, const Parameter *parameter, Arena *arena, Error *error) {
    const size_t length = strcspn(parameter->only, "=");
    const char *name = arena_format(arena, "%.*s", (int)length, parameter->only);
    const char *where = arena_format(arena, "method %s, parameter %s, only", method->name, parameter->name);
    const Parameter *other = &method->parameters[parameter_find(method, name)];
    Axis axis;
    if (!other->name || other->type != PARAMETER_CHOICE || other->only || parameter->only[length] != '=')
        return error_set(error, "%s: \"%s\" is not a choice that always counts, with its values", where,
                         parameter->only);
    return parameter_values(other, parameter->only + length + 1, where, arena, &axis, error);
}

int method_check(const Method *method, Error *error) {
    if (!is_kebab(method->name))
        return error_set(error, "malformed method name \"%s\"", method->name ? method->name : "");
    Arena *arena = arena_create(0);
    int status = 0;
    for (const Parameter *p = method->parameters; p->name && !status; p++) {
        Axis axis;
        const char *where = arena_format(arena, "method %s, parameter %s", method->name, p->name);
        if (!is_kebab(p->name) || name_is_taken(p->name))
            status = error_set(error, "%s: malformed or taken name", where);
        else if (parameter_find(method, p->name) != (size_t)(p - method->parameters))
            status = error_set(error, "%s: declared twice", where);
        else if (strchr(p->initial, ','))
            status = error_set(error, "%s: \"%s\" is not one default", where, p->initial);
        else
            status = parameter_values(p, p->initial, where, arena, &axis, error);
        if (!status && p->only) status = only_check(method, p, arena, error);
    }
    arena_destroy(arena);
    return status;
}
