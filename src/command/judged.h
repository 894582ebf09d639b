/* Claims of whole papers judged by results: a verdict depends on the other claims of its paper (families of variances, the
 * headline claims together), whichever of them a command shows. */
#ifndef SCALEDOWN_COMMAND_JUDGED_H
#define SCALEDOWN_COMMAND_JUDGED_H

#include "command/command.h"
#include "command/opened.h"
#include "study/verdict.h"

typedef struct Judged {
    const Command *command;
    const char *references;
    Selection papers; /* all experiments of the papers that are selected */
    ClaimList list;
    Verdicts verdicts;
    OpenedResults opened;   /* by which is judged */
    OpenedResults recorded; /* stand in for what was not run, so that headline claims are judged among all of them */
    size_t n_claims, n;     /* claims measured, and verdicts of claims and curves up to there */
} Judged;

/* Reads claims.  recorded: judge by the recorded results; else the command's --seeds says by how many seeds, and with
 * --check and --update it is those of the tables.  unchecked: as in claims_read.  Returns an exit status, with an error unless it is 0. */
int judged_begin(Judged *judged, const Command *command, int recorded, int unchecked, Error *error);
/* Measures the claims about an experiment, which must be the next of judged->papers, and closes results that nothing needs
 * any more. */
int judged_measure(Judged *judged, const Experiment *experiment, Error *error);
/* Judges the claims of a paper, all of which are measured; they begin at this verdict. */
void judged_judge(Judged *judged, size_t first);
/* Measures and judges a whole paper; all papers before it are skipped. */
int judged_paper(Judged *judged, const Paper *paper, Error *error);
/* Closes the results that are open, wherever it ended. */
void judged_end(Judged *judged);

#endif
