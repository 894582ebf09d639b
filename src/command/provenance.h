/* provenance.csv of a data folder: where its results come from and how to make them again, for whoever shows them.  Lines
 * name,value:
 *     title, authors, venue, year, url     of the paper
 *     results                              recorded, or own: of this machine or others that share its folder
 *     claims                               all: claims.csv beside it has every claim of the paper; or a part, of what is selected
 *     sources                              the hash of what all methods share of the sources that judged
 *     program                              as it was called, as a shell needs it: "build/scaledown"
 *     title/EXPERIMENT, items/EXPERIMENT   for each experiment that is selected
 *     sources/EXPERIMENT                   the hash of its method's sources
 *     run/EXPERIMENT                       the command that makes its results
 *     varies/EXPERIMENT                    what a seed draws anew
 *     seeds/EXPERIMENT                     that were run
 *     cost/EXPERIMENT                      core-seconds of all cells on the machine that costs are measured on, by formula
 *     compared/EXPERIMENT                  own results beside the recorded ones: "equal (10 cells)", "differ: ...",
 *                                          "nothing is recorded"; recorded ones: "recorded"; "not run"
 *     uses/CLAIM                           PAPER/EXPERIMENT that a claim, or a curve, rests on besides its own, apart by
 *                                          blanks; some may be there twice
 * Everything but what the results were compared with follows from the command line and the sources alone. */
#ifndef SCALEDOWN_COMMAND_PROVENANCE_H
#define SCALEDOWN_COMMAND_PROVENANCE_H

#include "command/command.h"
#include "study/claims.h"

void provenance_paper(const Paper *paper, int recorded, const Selection *selection, Text *text);
/* results NULL: there are none. */
int provenance_experiment(const Command *command, const Experiment *experiment, const Results *results, int recorded,
                          Text *text, Error *error);
/* A row of a claims table, by its first claim. */
void provenance_row(const Claim *claim, Text *text);

#endif
