/* Papers and their experiments, read from tables:
 *
 *     reproduce/PAPER/paper.csv         name,value: title, authors, venue, year, and url where there is one
 *     reproduce/PAPER/experiments.csv   name,item,title,method,settings,smoke,seeds,smoke-seeds,first-seed[,varies]
 *
 * An experiment is one row or several that follow each other; a later row leaves title, method and seeds blank.  Each
 * row is a grid: settings, "model=cnn label-noise=0.15 widths=2,4,6", are the parameters that differ from the method's
 * defaults (every list makes an axis), and smoke what the tiny size sets besides or instead.  item names what of the
 * paper the row makes, "Fig. 5c", several apart by "; ".  varies says what is drawn anew with each seed and what is not,
 * which is what intervals range over; the column may be left out.
 *
 * Two words may stand among the items and are selected like them: laptop, and overnight, of experiments that take a night and
 * are run only when they are asked for, by their names or by an item.
 *
 * Every folder of reproduce/ that holds a paper.csv is a paper.  Names of papers and experiments are lower-case letters,
 * digits and single hyphens.  A fault names file, line, column and what is allowed. */
#ifndef SCALEDOWN_STUDY_PAPER_H
#define SCALEDOWN_STUDY_PAPER_H

#include "study/method.h"

typedef struct Paper Paper;

typedef struct Axis {
    size_t n;            /* 0: not set */
    const char **values; /* canonical texts, each once */
} Axis;

typedef struct ExperimentRow {
    const char *item;
    const Axis *settings, *smoke; /* one for each parameter of the method; smoke: what the tiny size sets instead */
    size_t line;                  /* in the table, for messages */
} ExperimentRow;

typedef struct Experiment {
    const Paper *paper;
    const char *name, *title;
    const Method *method;
    size_t n_rows;
    const ExperimentRow *rows;
    size_t seeds, smoke_seeds; /* first_seed, first_seed + 1, ... */
    unsigned first_seed;
    const char *varies; /* over seeds; or "" */
    const char *table;  /* the file that declares it */
} Experiment;

struct Paper {
    const char *name; /* of the folder */
    const char *title, *authors, *venue, *year, *url;
    size_t n_experiments;
    const Experiment *experiments; /* in the order of the table */
};

typedef struct Catalogue {
    const char *root; /* the project's folder, in which reproduce/ and reference_results/ are */
    const Method *const *methods;
    size_t n_papers;
    const Paper *papers; /* sorted by name */
} Catalogue;

/* methods ends with NULL.  Everything lives in the arena. */
int catalogue_read(const char *root, const Method *const *methods, Arena *arena, Catalogue *catalogue, Error *error);
/* "experiment" of that paper, or "PAPER/experiment"; paper NULL: a name that one paper has.  An error offers the
 * nearest name. */
const Experiment *experiment_find(const Catalogue *catalogue, const Paper *paper, const char *name, Error *error);
/* The items of all its rows, each once, apart by "; ". */
const char *experiment_items(const Experiment *experiment, Arena *arena);
/* Is overnight an item of its first row? */
int experiment_takes_a_night(const Experiment *experiment);

/* ---- parameters ---- */
size_t parameter_count(const Method *method);
/* The number of a parameter; parameter_count if there is none of that name. */
size_t parameter_find(const Method *method, const char *name);
/* The values of a comma list in their canonical form, each once, or an error that begins with where ("option --widths",
 * "experiments.csv, line 3, column settings, widths") and tells what is allowed. */
int parameter_values(const Parameter *parameter, const char *list, const char *where, Arena *arena, Axis *axis,
                     Error *error);
/* "a,b" from an axis. */
const char *axis_text(const Axis *axis, Arena *arena);
int axis_equal(const Axis *a, const Axis *b);
/* Names unique and well-formed, defaults in their ranges, "only" names other parameters' choices. */
int method_check(const Method *method, Error *error);
/* " (nearest: name)" of a NULL-terminated list; "" when none is near. */
const char *nearest_note(const char *name, const char *const *known, Arena *arena);

/* ---- which experiments a command is about ---- */
typedef struct Chosen {
    const Experiment *experiment;
    unsigned char *rows; /* [n_rows]: 1 for those chosen */
    int whole;           /* all of them */
} Chosen;

typedef struct Selection {
    size_t n; /* at least 1 */
    Chosen *chosen;
    const char *only; /* the item asked for, or NULL */
} Selection;

/* word: NULL or "all", an experiment's name, "PAPER/EXPERIMENT", or a paper's name; paper and only may be NULL.  A row is
 * chosen when only is among its items, or a panel of one of them ("Fig. 2b" of "Fig. 2").  A name
 * that several papers use needs the paper.  Nothing found is an error that offers the nearest names. */
int selection_make(const Catalogue *catalogue, const char *word, const char *paper, const char *only, Arena *arena,
                   Selection *selection, Error *error);
/* Is the item asked for among those of a text like "Fig. 5a; Section 5.2"?  Equal to one, or its beginning up to where
 * a number or a word ends: "Fig. 5" takes "Fig. 5a", but "Fig. 1" does not take "Fig. 10". */
int item_matches(const char *items, const char *only);

#endif
