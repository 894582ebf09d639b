/* Claims judged: published numbers, our runs, and the rule of judge.h between them, at three levels.
 *
 * Point: a row that makes one claim, or one point of a curve, is judged by itself at 5 %.
 * Headline: what the paper says.  Its verdict is reproduced or contradicted only when its p-value survives
 *     Benjamini-Hochberg at 5 % over all headline claims of the paper.
 * Curve: a row that makes one claim for each published number of a series.  For the kinds value and one-run (a) the mean
 *     difference over its points, one value a run, is judged by the rule of its kind, and (b) the points whose intervals
 *     do not hold the published number after Holm's correction at 5 % are looked at: reproduced when (a) is and there are
 *     none; contradicted when (a) is, or when such a point is off by more than the margin.  Of other kinds: reproduced when
 *     all points are, contradicted when one is (after Holm, where they have p-values).
 *
 * A claim with a quantity that has no value (quantity.h) is not measured, as is a curve with such a point; neither counts
 * among the headline claims that are judged together.
 *
 * Fresh test signals: a claim that compares two quantities of ours (above and equal, with a b) is judged a second time
 * with every metric replaced by its fresh twin (quantity.h), when all those of the test set have one: with families of its
 * own, at the level that the headline claims on the published test set amount to, and counted nowhere among them.
 *
 * same-run: d is that of the experiment's first seed alone and has no interval: the published run was seeded and is
 *     repeated, so that only the printing or reading of its numbers can come between: reproduced when |d| <= m, else
 *     contradicted; not distinguishable when another seed was run.  report: shown and not judged.
 *
 * Variances are shared (moderated t, inference.h) within a family: the claims of an experiment that the column family of
 * their table puts together, else those about the same metric; of paired claims (those with a b) the differences between
 * the same metrics.  A quantity that several claims are about counts once.  The mean differences of curves are a family,
 * too: of those that the column puts together, else of all with the same unit.  With fewer than two seeds there is no
 * interval, and nothing is distinguished.
 *
 * The published spread is used once.  A claim without a margin of its own takes the published number as printed,
 * "68 +- 2": m is the printed uncertainty and the intervals come from our seeds alone.  A claim with its own margin judges
 * by that, and the published number counts as what it is: a mean of n >= 2 runs whose spread is printed has the standard
 * error that this gives, its variance shared likewise with those printed in its family; one without a printed spread, or a
 * single run, is taken to vary as ours do; without n, or with n = 1, the uncertainty is one of reading (judge.h, blur). */
#ifndef SCALEDOWN_STUDY_VERDICT_H
#define SCALEDOWN_STUDY_VERDICT_H

#include "study/judge.h"

typedef enum Grim { GRIM_UNTESTED, GRIM_POSSIBLE, GRIM_IMPOSSIBLE } Grim; /* is the printed number possible? */

/* Of a curve: how many of its points have intervals that do not hold the published number. */
typedef struct Outside {
    size_t points;       /* with an interval */
    size_t counted;      /* each by itself, at 5 % */
    size_t holm, bh, by; /* after the correction within the curve; within all points of the experiment */
} Outside;

typedef struct Verdict {
    const Claim *claim; /* of a curve: one made from its row, without quantities and published number */
    ClaimLevel level;
    Judgement judgement;
    Judgement alone;       /* without correction for other headline claims */
    Judgement half, twice; /* with half and twice the margin */
    size_t n;              /* seeds; 0 when nothing was measured */
    unsigned first_seed;
    const double *a, *b;           /* values over seeds, NULL without such a quantity; of a curve a: mean differences */
    Sample ours, other;            /* of a and b; of a curve: of its mean differences */
    double difference;             /* d */
    Interval ours_interval;        /* 95 % of the mean of a; NAN with one seed */
    Interval interval, interval90; /* 95 % and 90 % of d, or of one more run; NAN with one seed */
    double margin;
    double p, p_adjusted; /* what the verdict rests on, and after Benjamini-Hochberg (else the same); NAN: no test */
    double p_level;       /* the level at which p decides it */
    double p_difference;  /* of no difference from the published number; NAN where there is none */
    double p_holm, p_bh, p_by; /* that one adjusted: within the curve; within all points of the experiment */
    double sd, shared_sd, df;  /* of one run (or pair): by itself, and with the family's prior; df of d */
    const VariancePrior *prior;
    const char *family;
    int seeds; /* that decide it with 80 % power (judge.h); 0: not asked */
    Grim grim;
    Outside *outside;        /* of a curve, else NULL */
    Judgement by_interval;   /* what the interval says by itself: of a curve without its single points */
    Interval with_published; /* I, were the published spread, which is the margin, counted too; NAN */
    size_t together;         /* headline claims that it was judged together with */
    const char *not_run;     /* what was not, or NULL */
    const char *no_value;    /* why a quantity has none, NOT_MEASURED, or NULL; of a curve that of its points */
    struct Verdict *fresh;   /* of an ordering: its second verdict, on fresh test signals; NULL where there is none */
    int excused;             /* NOT_RUN because files are not there that its cells read; verdict_excuse sets it */
    int stands_in;           /* measured from recorded results, only for the sake of other headline claims */
} Verdict;

/* Verdicts in the order of the claims, each curve before its points. */
typedef struct Verdicts {
    const ClaimList *list;
    size_t n;
    Verdict *all;
    size_t *of_row; /* [list->n_rows]: the row's first, which is a curve's own */
} Verdicts;

/* Nothing is measured yet: all are not run. */
Verdicts verdicts_create(const ClaimList *list, Arena *arena);
/* Measures a claim (not a curve).  Without results of the experiment it stays not run, and a quantity without a value
 * leaves it not measured.  -1 when it cannot be judged: a cell or metric is missing or is not finite.  Never a verdict then.
 */
int verdict_measure(Verdict *verdict, const ResultsSource *source, Arena *arena, Error *error);
/* Judges those from first to end, which must be all claims of one paper. */
void verdicts_judge(const Verdicts *verdicts, size_t first, size_t end, Arena *arena);

/* Says of a verdict NOT_RUN that it is so for want of files, and why. */
void verdict_excuse(Verdict *verdict, const char *why);
/* Not run again: what was measured only so that other headline claims are judged among all of them. */
void verdict_forget(Verdict *verdict);

/* How many of n verdicts have a level; by judgement. */
typedef struct Tally {
    size_t n, by_judgement[N_JUDGEMENTS];
} Tally;
Tally verdicts_tally(const Verdict *verdicts, size_t n, ClaimLevel level);
/* How many of them are judged on fresh test signals, too; *differ: how many of these otherwise. */
size_t verdicts_fresh(const Verdict *verdicts, size_t n, size_t *differ);
/* Digits behind the point for its values: 2 for percentages and the like, 4 for what is below 10. */
int verdict_decimals(const Verdict *verdict);

/* ---- the recorded verdicts, reference_results/PAPER/verdicts.csv with the columns id,verdict[,fresh] ----
 *
 * fresh is the verdict on fresh test signals, empty where there is none; the column is there when one is, and where it is
 * not these verdicts are not compared.
 *
 * Verdicts of one paper follow each other, as in the order of their claims; curves are among them.  What was judged has a
 * verdict there; what was not run has none, until it is.  A paper of which nothing was judged needs no file.
 *
 * whole: they are all that their papers have, so that a recorded id that is not among them is unknown, an error.  What was
 * not run is not compared, unless whole and recorded, where it is an error that only verdict_excuse takes away.
 * *unrecorded: how many were neither run nor recorded. */
int verdicts_compare(const char *references, const Verdict *verdicts, size_t n, int whole, size_t *unrecorded,
                     Error *error);
/* Of whole papers only.  An error, and nothing is written, when a recorded claim was not run: its verdict would be lost. */
int verdicts_record(const char *references, const Verdict *verdicts, size_t n, Error *error);

#endif
