#include "base/options.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"

/* ---- the nearest name ---- */

/* Insertions, deletions and changes of single characters that turn a into b: one row of the table at a time.  At least
 * limit is said as limit. */
static size_t edit_distance(const char *a, const char *b, size_t limit) {
    size_t length_a = strlen(a), length_b = strlen(b), few[64];
    if ((length_a > length_b ? length_a - length_b : length_b - length_a) >= limit) return limit;
    size_t *row = length_b < 64 ? few : memory_alloc(length_b + 1, sizeof *row);
    for (size_t j = 0; j <= length_b; j++) row[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = changed < shorter ? changed : shorter;
        }
    }
    size_t distance = row[length_b];
    if (row != few) memory_free(row);
    return distance < limit ? distance : limit;
}

/* A name is near while no more of the word is changed than slips of the fingers change: half of a short word, rounded up; of
 * one longer than six letters three and a quarter of what lies beyond six.  Two letters swapped count as two changes. */
void nearest_begin(Nearest *nearest, const char *word) {
    const size_t length = strlen(word), most = length <= 6 ? (length + 1) / 2 : 3 + (length - 6) / 4;
    *nearest = (Nearest){.word = word, .distance = most + 1};
}

void nearest_consider(Nearest *nearest, const char *name) {
    size_t distance = edit_distance(nearest->word, name, nearest->distance);
    /* A part of the name is near as well: "samples" for "num-samples". */
    if (strlen(nearest->word) >= 3 && strstr(name, nearest->word) && distance > 1) distance = 1;
    if (distance >= nearest->distance) return;
    nearest->distance = distance;
    nearest->name = name;
}

const char *nearest_of(const char *word, const char *const *names) {
    Nearest nearest;
    nearest_begin(&nearest, word);
    for (; *names; names++) nearest_consider(&nearest, *names);
    return nearest.name;
}

/* ---- parsing ---- */

static int find_row(const Options *options, const char *name, size_t length) {
    for (int i = 0; options->table[i].name; i++)
        if (strlen(options->table[i].name) == length && memcmp(options->table[i].name, name, length) == 0) return i;
    return -1;
}

/* What was typed may be of any length: messages show the first SHOWN bytes. */
enum { SHOWN = 120 };

static int refuse_unknown(const Options *options, const char *word, size_t length, Error *error) {
    Arena *arena = arena_create(4096);
    Nearest nearest;
    nearest_begin(&nearest, arena_format(arena, "%.*s", length < INT_MAX ? (int)length : INT_MAX, word));
    for (const Option *row = options->table; row->name; row++) nearest_consider(&nearest, row->name);
    if (nearest.name)
        error_set(error, "unknown option --%.*s; did you mean --%s? See --help", SHOWN, nearest.word, nearest.name);
    else
        error_set(error, "unknown option --%.*s; see --help", SHOWN, nearest.word);
    arena_destroy(arena);
    return -1;
}

static int repeats(const Option *option) {
    const size_t length = option->placeholder ? strlen(option->placeholder) : 0;
    return length > 3 && strcmp(option->placeholder + length - 3, "...") == 0;
}

/* One "--name", "--name=value" or "--name value"; *position is on it, and afterwards on its last word. */
static int parse_option(Options *options, GivenOption *given, int argc, char **argv, int *position, Error *error) {
    const char *name = argv[*position] + 2;
    size_t length = strcspn(name, "=");
    const char *value = name[length] ? name + length + 1 : NULL;
    int row = find_row(options, name, length);
    if (row < 0) return refuse_unknown(options, name, length, error);
    const Option *option = &options->table[row];
    if (options->values[row] && !repeats(option))
        return error_set(error, "option --%s is given twice; give it once", option->name);
    if (!option->placeholder) {
        if (value) return error_set(error, "option --%s takes no value; see --help", option->name);
        value = "";
    } else {
        if (!value && *position + 1 < argc && strncmp(argv[*position + 1], "--", 2) != 0) value = argv[++*position];
        if (!value || !*value)
            return error_set(error, "option --%s needs a value: --%s %s; see --help", option->name, option->name,
                             option->placeholder);
    }
    if (*value == '~' && option->placeholder &&
        (strncmp(option->placeholder, "DIR", 3) == 0 || strncmp(option->placeholder, "FILE", 4) == 0))
        return error_set(
            error,
            "option --%s is '%.*s': the shell has put no folder for the ~; write the folder, or ./%.*s for "
            "one of that name",
            option->name, SHOWN, value, SHOWN, value);
    if (!options->values[row]) options->values[row] = value;
    given[options->n_given++] = (GivenOption){option, value};
    return 0;
}

/* "-" is a customary name for standard input, "-5" a number. */
static int is_word(const char *text) {
    return text[0] != '-' || text[1] == '\0' || text[1] == '.' || isdigit((unsigned char)text[1]);
}

int options_parse(Options *options, const Option *table, int argc, char **argv, Arena *arena, Error *error) {
    static char help[] = "--help";
    int ended = 0;
    size_t rows = 0, most = argc > 0 ? (size_t)argc : 0;
    while (table[rows].name) rows++;
    GivenOption *given = arena_alloc_zero(arena, most, sizeof *given);
    *options = (Options){.table = table,
                         .values = arena_alloc_zero(arena, rows, sizeof(char *)),
                         .words = arena_alloc_zero(arena, most, sizeof(char *)),
                         .given = given};
    for (int i = 0; i < argc; i++) {
        if (ended || is_word(argv[i]))
            options->words[options->n_words++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            ended = 1;
        else if (strcmp(argv[i], "-h") == 0) {
            int first = 0;
            if (parse_option(options, given, 1, (char *[]){help}, &first, error)) return -1;
        } else if (argv[i][1] != '-')
            return error_set(error, "unknown option %.*s; options begin with --, see --help", SHOWN, argv[i]);
        else if (parse_option(options, given, argc, argv, &i, error))
            return -1;
    }
    return 0;
}

const Option *options_join(const Option *first, const Option *second, Arena *arena) {
    size_t n = 0;
    for (const Option *row = first; row && row->name; row++) n++;
    for (const Option *row = second; row && row->name; row++) n++;
    Option *table = arena_alloc(arena, n + 1, sizeof *table);
    n = 0;
    for (const Option *row = first; row && row->name; row++) table[n++] = *row;
    for (const Option *row = second; row && row->name; row++) table[n++] = *row;
    table[n] = (Option){NULL, NULL, NULL, NULL};
    return table;
}

/* ---- values ---- */

const char *options_text(const Options *options, const char *name) {
    int row = find_row(options, name, strlen(name));
    if (row < 0) return NULL;
    return options->values[row] ? options->values[row] : options->table[row].initial;
}

int options_given(const Options *options, const char *name) {
    int row = find_row(options, name, strlen(name));
    return row >= 0 && options->values[row] != NULL;
}

/* The text of an option that must have one, else NULL with the error. */
static const char *required_text(const Options *options, const char *name, Error *error) {
    const char *text = options_text(options, name);
    if (!text) error_set(error, "option --%s is needed; see --help", name);
    return text;
}

int options_integer(const Options *options, const char *name, long long low, long long high, long long *value,
                    Error *error) {
    const char *text = required_text(options, name, error);
    if (!text) return -1;
    if (parse_integer(text, low, high, value) == 0) return 0;
    return error_set(error, "option --%s is '%.*s', but must be a whole number from %lld to %lld", name, SHOWN, text,
                     low, high);
}

int options_double(const Options *options, const char *name, double low, double high, double *value, Error *error) {
    const char *text = required_text(options, name, error);
    if (!text) return -1;
    double parsed;
    if (parse_double(text, &parsed) == 0 && parsed >= low && parsed <= high) {
        *value = parsed;
        return 0;
    }
    char from[32], to[32];
    return error_set(error, "option --%s is '%.*s', but must be a number from %s to %s", name, SHOWN, text,
                     format_double(low, from), format_double(high, to));
}

int options_choice(const Options *options, const char *name, const char *const *choices, int *index, Error *error) {
    enum { ROOM = 600 }; /* of a message, for the choices; who has more than that finds the rest in --help */
    const char *text = required_text(options, name, error);
    if (!text) return -1;
    for (int i = 0; choices[i]; i++)
        if (strcmp(text, choices[i]) == 0) return *index = i, 0;
    Text known = text_create(NULL);
    int n = 0;
    for (; choices[n] && known.size < ROOM; n++) text_format(&known, "%s%s", n ? " or " : "", choices[n]);
    int more = 0;
    while (choices[n + more]) more++;
    if (more) text_format(&known, " or one of %d more, see --help", more);
    const char *near = more ? nearest_of(text, choices) : NULL;
    error_set(error, "option --%s is '%.*s', but must be %s%s%s%s", name, SHOWN, text, known.data,
              near ? " (nearest: " : "", near ? near : "", near ? ")" : "");
    text_destroy(&known);
    return -1;
}

void options_help(const Options *options, size_t columns, FILE *stream) {
    enum { LEAST = 30, BELOW = 8 }; /* columns of a text beside its name; else it stands below, indented */
    size_t width = 0;
    Arena *arena = arena_create(4096);
    for (const Option *row = options->table; row->name; row++) {
        size_t length = strlen(row->name) + (row->placeholder ? 1 + strlen(row->placeholder) : 0);
        if (length > width) width = length;
    }
    const int below = width + 6 + LEAST > columns;
    const size_t column = below ? BELOW : width + 6;
    for (const Option *row = options->table; row->name; row++) {
        int used = fprintf(stream, "  --%s%s%s", row->name, row->placeholder ? " " : "",
                           row->placeholder ? row->placeholder : "");
        if (below) used = fprintf(stream, "\n") - 1;
        fprintf(stream, "%*s", (int)column - used, "");
        text_print_words(row->initial ? arena_format(arena, "%s (default %s)", row->help, row->initial) : row->help,
                         column, columns, stream);
        fputc('\n', stream);
    }
    arena_destroy(arena);
}
