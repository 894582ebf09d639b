/* Claims judged: published numbers, our intervals, and the rule between them.
 *
 * d is ours minus the published value (or a minus b over paired seeds), I its 95 % interval (Student's t over seeds),
 * m the margin:
 *   value, equal   reproduced when I lies within [-m, m], contradicted when I and [-m, m] do not touch
 *   at-least       reproduced when I lies within [-m, inf), contradicted when I lies below -m
 *   above          reproduced when I lies above m (0 unless the claim says by how much), contradicted when below
 *   one-run        I is then where one more run of ours would fall, around the published one: contradicted when I does
 *                  not hold 0, reproduced when it does and lies within [-m, m], that is, when our spread is small
 *                  enough to tell.  The tolerance comes from the spread over seeds; of many such claims one in twenty
 *                  is contradicted by chance
 * and otherwise not distinguishable; so, too, with fewer than two seeds, for want of an interval.
 *
 *   same-run       d is that of the experiment's first seed alone and has no interval: the published run was seeded and
 *                  is repeated, so that only the printing or reading of its numbers can come between: reproduced when
 *                  |d| <= m, else contradicted; not distinguishable when another seed was run
 *
 * The published spread is used once.  A claim without a margin of its own takes the published number as printed, "68 +-
 * 2": m is the printed uncertainty and I comes from our seeds alone.  A claim with its own margin judges by that, and
 * the published sd and n enter I (Welch); with n = 1 and no sd, one run is taken to vary as ours do; without n, the
 * uncertainty is one of reading, and widens I by itself on both sides.
 *
 * Numbers are printed with few digits and are seldom exact in binary: comparisons allow 1e-9 of their magnitude, so a
 * difference that equals the margin counts as within it.  Equal values over all seeds give an interval of width 0. */
#ifndef SCALEDOWN_STUDY_VERDICT_H
#define SCALEDOWN_STUDY_VERDICT_H

#include "study/claims.h"
#include "study/statistics.h"

/* NOT_RUN: what the claim is about has no results. */
typedef enum Judgement { REPRODUCED, NOT_DISTINGUISHABLE, CONTRADICTED, REPORTED, NOT_RUN, N_JUDGEMENTS } Judgement;
/* "reproduced", "not distinguishable", "contradicted", "reported", "not run" */
extern const char *const judgement_names[N_JUDGEMENTS];

typedef struct Verdict {
    const Claim *claim;
    Judgement judgement;
    size_t n;                         /* seeds; 0 for CLAIM_REPORT and NOT_RUN */
    unsigned first_seed;              /* the experiment's own where n is 0 */
    const double *a, *b;              /* values over seeds; NULL where the claim has no such quantity, or NOT_RUN */
    Sample ours, other;               /* of a and b */
    double difference;                /* d */
    Interval ours_interval, interval; /* of a, and of d; both NAN with one seed */
    double margin;
    const char *explanation; /* one line */
    int excused;             /* NOT_RUN because files are not there that its cells read; verdict_excuse sets it */
} Verdict;

/* -1 when the claim cannot be judged: a cell or metric is missing from what was run, diverged or is not finite.  Never a
 * verdict then. */
int verdict_make(const Claim *claim, const ResultsSource *source, Arena *arena, Verdict *verdict, Error *error);
/* Says of a verdict NOT_RUN that it is so for want of files: why is the explanation. */
void verdict_excuse(Verdict *verdict, const char *why);
/* The rule alone, for all kinds but same-run and report; magnitude: of the numbers compared, for the rounding that is
 * allowed. */
Judgement judge(ClaimKind kind, Interval interval, double margin, double magnitude);
/* Digits behind the point for its values: 2 for percentages and the like, 4 for what is below 10. */
int verdict_decimals(const Verdict *verdict);

/* ---- the recorded verdicts, reference_results/PAPER/verdicts.csv with the columns id,verdict ----
 *
 * Verdicts of one paper follow each other, as in the order of their claims.  whole: they are all that their papers
 * have, so that a recorded id that is not among them is unknown, an error, and so is NOT_RUN; else, and where that
 * is excused, what was not run is not compared. */
int verdicts_compare(const char *references, const Verdict *verdicts, size_t n, int whole, Error *error);
/* Of whole papers only, all of whose claims are judged. */
int verdicts_record(const char *references, const Verdict *verdicts, size_t n, Error *error);

#endif
