/* A project whose method costs nothing, to test the runtime with. */
#ifndef SCALEDOWN_TESTS_FAKE_PROJECT_H
#define SCALEDOWN_TESTS_FAKE_PROJECT_H

#include "files.h"
#include "study/paper.h"

/* "fake": model=plain,fancy,other width=1..1000 rate=0..1.  It records
 *     level = width, and 10 more when fancy;  noisy = level + rate (seed - 43.5);
 *     curve at step 0, 1, 2 = level / 3 + step seed;  lost, which always diverges. */
extern const Method fake_method;
extern const Method *const fake_methods[]; /* only fake_method */

extern volatile int fake_runs;         /* cells run so far in this process */
extern volatile int fake_at_once;      /* the most that ran at a time */
extern volatile int fake_delay_ms;     /* each cell takes that long */
extern volatile int fake_nan_seed;     /* the seed whose cell measures NaN as its level; -1: none */
extern volatile int fake_diverge_seed; /* ... whose level diverges */
extern volatile int fake_wrong_seed;   /* ... whose level is 1 too large */
extern const char *fake_asks;          /* a parameter that run asks for as an integer; NULL: none */
extern const char *fake_cost_asks;     /* the same of cost */
void fake_reset(void);                 /* all as at the start */

/* Writes a project into the folder, which exists, and reads it:
 *     reproduce/fakes/           experiments fake (2 models, 3 widths, 4 seeds from 42), panels (three rows, Fig. 5a to
 *                                5c, 2 seeds) and shared (cells that fake has, too, and more seeds)
 *     reference_results/fakes/   published and claims of fake; golden is for the test to make
 * The catalogue lives in the arena.  A fault fails the test. */
Catalogue fake_project(const char *folder, Arena *arena);
/* The same with another table of experiments, or with other methods. */
Catalogue project_with(const char *folder, const Method *const *methods, const char *experiments, Arena *arena);
/* Only writes the folders and files of a paper: the header and the rows of its experiments. */
void write_paper(const char *folder, const char *paper, const char *experiments);
#define EXPERIMENTS_HEADER "name,item,title,method,settings,smoke,seeds,smoke-seeds,first-seed\n"
extern const char fake_experiments[]; /* the table of fake_project, with its header */

#endif
