/* Command-line options: a table of "--name value" and "--flag", anywhere on the line, "--name=value" too, "--" ends
 * options, "-h" is --help.  A value that begins with "--" needs the form with "=".  Unknown options, missing values and
 * repeated options are errors that name the nearest known option and point to --help.  An option whose placeholder ends
 * with "..." may be given several times.  One whose placeholder begins with DIR or FILE refuses a ~ that the shell has
 * left. */
#ifndef SCALEDOWN_BASE_OPTIONS_H
#define SCALEDOWN_BASE_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct Option {
    const char *name;        /* without the dashes, e.g. "num-samples" */
    const char *placeholder; /* "N", "FILE"; NULL: a flag */
    const char *initial;     /* default as text, for --help; NULL: none */
    const char *help;        /* one line */
} Option;

typedef struct Options {
    const Option *table; /* ends with a NULL name */
    const char **values; /* one for each row; NULL: not given; flags: "" when given */
    const char **words;  /* what is not an option, in order */
    int n_words;
    const struct GivenOption *given; /* every option as often as it was given, in order */
    int n_given;
} Options;

typedef struct GivenOption {
    const Option *option;
    const char *value;
} GivenOption;

/* Any number of rows and words; argv[0] is the first word examined.  The arena holds the lists, values and words point
 * into argv, the table is kept as it is. */
int options_parse(Options *options, const Option *table, int argc, char **argv, Arena *arena, Error *error);
/* The rows of two tables (either may be NULL) as one table, in the arena. */
const Option *options_join(const Option *first, const Option *second, Arena *arena);
/* The given value, else the row's initial, else NULL, also for a name that is not in the table. */
const char *options_text(const Options *options, const char *name);
int options_given(const Options *options, const char *name); /* 1, or 0 when not given or not in the table */
/* Numbers are checked whole and for range; the error names the option, what was given and what is allowed. */
int options_integer(const Options *options, const char *name, long long low, long long high, long long *value,
                    Error *error);
int options_double(const Options *options, const char *name, double low, double high, double *value, Error *error);
/* Which of the choices, a list that ends with NULL, the value is. */
int options_choice(const Options *options, const char *name, const char *const *choices, int *index, Error *error);
/* The help of each row in lines that end before that column: aligned beside the names, or where that leaves too little room
 * below them. */
void options_help(const Options *options, size_t columns, FILE *stream);

/* The name nearest to a mistyped word by edit distance, or NULL when none is near.  Call for each known name. */
typedef struct Nearest {
    const char *word, *name; /* what was typed; the nearest so far, or NULL */
    size_t distance;
} Nearest;
void nearest_begin(Nearest *nearest, const char *word);
void nearest_consider(Nearest *nearest, const char *name);
/* The same over a list that ends with NULL: the nearest name or NULL. */
const char *nearest_of(const char *word, const char *const *names);

#endif
