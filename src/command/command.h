/* What the sub-commands about experiments share: options, the selection of experiments, their grids and jobs.
 *
 * A sub-command is a row of what it takes and a function that does the work.  Its words are the same everywhere: one
 * word, an experiment, PAPER/EXPERIMENT, a paper or all, narrowed by --paper and --only. */
#ifndef SCALEDOWN_COMMAND_COMMAND_H
#define SCALEDOWN_COMMAND_COMMAND_H

#include "base/options.h"
#include "base/text.h"
#include "command/exit_status.h"
#include "study/jobs.h"

/* As this program was called, argv[0]; main sets it.  In commands that are printed to be typed. */
extern const char *command_program;

enum { /* options that several sub-commands take */
       TAKES_RESULTS = 1,
       TAKES_GRID = 2, /* --size, --seeds, --first-seed */
       /* Of the method, when the word is one experiment.  Such a command leaves out what takes a night (paper.h). */
       TAKES_PARAMETERS = 4,
       TAKES_THREADS = 8,
       TAKES_REFERENCES = 16,
       WORD_IS_A_CLAIM = 32, /* the word selects no experiment */
       /* --only is for claims: all experiments are selected, with selection.only as it was given */
       ITEMS_OF_CLAIMS = 64,
       TAKES_SEEDS = 128, /* --seeds, of results that are stored (stored.h) */
       MOST_SEEDS = 1000000
};

typedef struct Command Command;

typedef struct CommandKind {
    const char *name, *words; /* "run", "EXPERIMENT|PAPER|all" */
    const char *purpose;      /* for --help, any length */
    unsigned takes;
    const Option *options; /* of its own, or NULL */
    /* Returns an exit status, with an error unless it is 0. */
    int (*work)(Command *command, Error *error);
} CommandKind;

struct Command {
    const CommandKind *kind;
    Arena *arena; /* until the end of the command */
    Options options;
    Catalogue catalogue;
    const char *word; /* or NULL */
    Selection selection;
    const Method *method;   /* whose parameters are options, or NULL */
    size_t first_parameter; /* the row of the first one */
};

/* A whole sub-command: argv[0] is the first word behind its name.  Returns an exit status, with an error unless it is
 * 0. */
int command_run(const CommandKind *kind, const Method *const *methods, int argc, char **argv, Error *error);

const char *command_results(const Command *command);
const char *command_references(const Command *command);
/* --threads, but at most the cores there are, which is then said; without it all of them. */
int command_threads(const Command *command, int *threads, Error *error);
/* One grid for each of the selected experiments, of the rows selected. */
int command_grids(const Command *command, Grid **grids, Error *error);
/* What the command line asks of the grid of an experiment, all of its rows. */
int command_request(const Command *command, const Experiment *experiment, GridRequest *request, Error *error);
/* Jobs of the grids, the stored ones looked up. */
int command_jobs(const Command *command, const Grid *grids, Jobs *jobs, Error *error);
/* Those that are not stored whole. */
Jobs jobs_unfinished(const Jobs *jobs, Arena *arena);
/* Of these, those that read what is not there, and the others. */
Jobs jobs_lacking(const Jobs *jobs, Arena *arena);
Jobs jobs_ready(const Jobs *jobs, Arena *arena);
/* Does the word name one experiment?  Then what it needs and is not there is an error, and nothing is skipped. */
int command_names_experiment(const Command *command);
/* "PAPER/EXPERIMENT, PAPER/EXPERIMENT", or where they are more than `most`, "22 of PAPER, 2 of OTHER", in the arena.
 * Those of a paper stand together. */
const char *experiments_text(size_t n, const Experiment *const *experiments, size_t most, Arena *arena);
/* For each thing that experiments need (needs[i] NULL: nothing) a line: "skipped: ", experiments_text, ": what is not
 * there and how to get it".  Returns how many; lines [n]. */
size_t skipped_lines(size_t n, const Experiment *const *experiments, const char *const *needs, size_t most, Arena *arena,
                     const char **lines);
/* Prints these lines, with the name of every experiment. */
void print_skipped(size_t n, const Experiment *const *experiments, const char *const *needs, FILE *stream);
/* "1 cell", "12 cells". */
const char *count_text(size_t n, const char *what, Arena *arena);
/* A command line to be typed in a shell, of another sub-command for the same cells: "build/scaledown merge lottery
 * --seeds 3"; of the same one as it was given.  word: instead of the one given, or NULL. */
void command_line(const Command *command, const char *name, const char *word, Text *text);
/* A word as the shell needs it. */
void shell_word(const char *word, Text *text);

#endif
