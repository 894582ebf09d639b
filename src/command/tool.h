/* What the sub-commands that know no experiments share: options, words and help.  Those about experiments: command.h. */
#ifndef SCALEDOWN_COMMAND_TOOL_H
#define SCALEDOWN_COMMAND_TOOL_H

#include "base/options.h"
#include "command/exit_status.h"

enum { TOOL_MOST_TABLES = 3 };

typedef struct Tool {
    const char *name, *words;                    /* "tsne", "IN.npy OUT.npy"; words NULL: none to be shown */
    const char *purpose;                         /* for --help, any length */
    int least_words, most_words;                 /* that are no options */
    const Option *options[TOOL_MOST_TABLES + 1]; /* one after the other, up to NULL; --help comes behind them */
    /* Returns an exit status, with an error unless it is 0. */
    int (*work)(const Options *options, Arena *arena, Error *error);
} Tool;

/* The whole sub-command: argv[0] is the first word behind its name.  Returns an exit status, with an error unless it is
 * 0. */
int tool_run(const Tool *tool, int argc, char **argv, Error *error);

#endif
