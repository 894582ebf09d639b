#include "base/options.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/csv.h"

/* ---- the nearest name ---- */

enum { LONGEST_WORD = 63 };

/* Insertions, deletions and changes of single characters that turn a into b: one row of the table at a time. */
static size_t edit_distance(const char *a, const char *b) {
    size_t length_a = strlen(a), length_b = strlen(b), row[LONGEST_WORD + 1];
    if (length_a > LONGEST_WORD || length_b > LONGEST_WORD) return LONGEST_WORD;
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
    return row[length_b];
}

/* Two letters swapped count as two changes; more than half of the word wrong is no longer a slip of the fingers. */
void nearest_begin(Nearest *nearest, const char *word) {
    *nearest = (Nearest){.word = word, .distance = (strlen(word) + 1) / 2 + 1};
}

void nearest_consider(Nearest *nearest, const char *name) {
    size_t distance = edit_distance(nearest->word, name);
    /* A part of the name is near as well: "samples" for "num-samples". */
    if (strlen(nearest->word) >= 3 && strstr(name, nearest->word) && distance > 1) distance = 1;
    if (distance >= nearest->distance) return;
    nearest->distance = distance;
    nearest->name = name;
}

/* ---- parsing ---- */

static int find_row(const Options *options, const char *name, size_t length) {
    for (int i = 0; options->table[i].name; i++)
        if (strlen(options->table[i].name) == length && memcmp(options->table[i].name, name, length) == 0) return i;
    return -1;
}

static int refuse_unknown(const Options *options, const char *word, size_t length, Error *error) {
    char name[LONGEST_WORD + 1];
    snprintf(name, sizeof name, "%.*s", (int)(length < LONGEST_WORD ? length : LONGEST_WORD), word);
    Nearest nearest;
    nearest_begin(&nearest, name);
    for (const Option *row = options->table; row->name; row++) nearest_consider(&nearest, row->name);
    if (!nearest.name) return error_set(error, "unknown option --%s; see --help", name);
    return error_set(error, "unknown option --%s; did you mean --%s? See --help", name, nearest.name);
}

/* One "--name", "--name=value" or "--name value"; *position is on it, and afterwards on its last word. */
static int parse_option(Options *options, int argc, char **argv, int *position, Error *error) {
    const char *name = argv[*position] + 2;
    size_t length = strcspn(name, "=");
    const char *value = name[length] ? name + length + 1 : NULL;
    int row = find_row(options, name, length);
    if (row < 0) return refuse_unknown(options, name, length, error);
    const Option *option = &options->table[row];
    if (options->values[row]) return error_set(error, "option --%s is given twice; give it once", option->name);
    if (!option->placeholder) {
        if (value) return error_set(error, "option --%s takes no value; see --help", option->name);
        value = "";
    } else {
        if (!value && *position + 1 < argc && strncmp(argv[*position + 1], "--", 2) != 0) value = argv[++*position];
        if (!value || !*value)
            return error_set(error, "option --%s needs a value: --%s %s; see --help", option->name, option->name,
                             option->placeholder);
    }
    options->values[row] = value;
    return 0;
}

/* "-" is a customary name for standard input, "-5" a number. */
static int is_word(const char *text) {
    return text[0] != '-' || text[1] == '\0' || text[1] == '.' || isdigit((unsigned char)text[1]);
}

int options_parse(Options *options, int argc, char **argv, Error *error) {
    static char help[] = "--help";
    for (int i = 0; options->table[i].name; i++) options->values[i] = NULL;
    options->n_words = 0;
    int ended = 0;
    for (int i = 0; i < argc; i++) {
        if (ended || is_word(argv[i]))
            options->words[options->n_words++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            ended = 1;
        else if (strcmp(argv[i], "-h") == 0) {
            int first = 0;
            if (parse_option(options, 1, (char *[]){help}, &first, error)) return -1;
        } else if (argv[i][1] != '-')
            return error_set(error, "unknown option %.60s; options begin with --, see --help", argv[i]);
        else if (parse_option(options, argc, argv, &i, error))
            return -1;
    }
    return 0;
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
    return error_set(error, "option --%s is '%.60s', but must be a whole number from %lld to %lld", name, text, low,
                     high);
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
    return error_set(error, "option --%s is '%.60s', but must be a number from %s to %s", name, text,
                     format_double(low, from), format_double(high, to));
}

int options_choice(const Options *options, const char *name, const char *const *choices, int *index, Error *error) {
    const char *text = required_text(options, name, error);
    char known[256] = "";
    if (!text) return -1;
    for (int i = 0; choices[i]; i++) {
        if (strcmp(text, choices[i]) == 0) return *index = i, 0;
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i ? " or " : "", choices[i]);
    }
    return error_set(error, "option --%s is '%.60s', but must be %s", name, text, known);
}

void options_help(const Options *options, FILE *stream) {
    size_t width = 0;
    for (const Option *row = options->table; row->name; row++) {
        size_t length = strlen(row->name) + (row->placeholder ? 1 + strlen(row->placeholder) : 0);
        if (length > width) width = length;
    }
    for (const Option *row = options->table; row->name; row++) {
        int used = fprintf(stream, "  --%s%s%s", row->name, row->placeholder ? " " : "",
                           row->placeholder ? row->placeholder : "");
        fprintf(stream, "%*s%s", (int)width + 6 - used, "", row->help);
        if (row->initial) fprintf(stream, " (default %s)", row->initial);
        fputc('\n', stream);
    }
}
