/* Claims judged: published numbers, our intervals, and the rule between them.
 *
 * d is ours minus the published value (or a minus b over paired seeds), I its 95 % interval (Student's t over seeds),
 * m the margin:
 *   VALUE, EQUAL   reproduced when I lies within [-m, m], contradicted when I and [-m, m] do not touch
 *   AT_LEAST       reproduced when I lies within [-m, inf), contradicted when I lies below -m
 *   ABOVE          reproduced when I lies above m (0 unless the claim says by how much), contradicted when below
 *   ONE_RUN        I is then where one more run of ours would fall, around the published one: contradicted when I does
 *                  not hold 0, reproduced when it does and lies within [-m, m], that is, when our spread is small
 * enough to tell.  The tolerance comes from the spread over seeds; of many such claims one in twenty is contradicted by
 * chance and otherwise not distinguishable; so, too, with fewer than two seeds, for want of an interval.
 *
 *   SAME_RUN       d is that of the study's first seed alone and has no interval: the published run was seeded and is
 * repeated, so that only the printing or reading of its numbers can come between: reproduced when |d| <= m, else
 * contradicted; not distinguishable when another seed was run
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

#include "analysis/statistics.h"
#include "study/results.h"

/* ---- published numbers: reference_results/published/<study>.csv with the columns
 * id,series,metric,x,value,uncertainty,unit,n,kind,source; value and uncertainty are real ("68.0"), n an integer ----
 */
typedef struct Published {
    const char *id, *series, *metric, *unit, *kind, *source;
    double value, uncertainty; /* uncertainty NAN where none is given */
    long long n;               /* runs behind the value; 0: not given */
} Published;

typedef struct PublishedTable {
    const char *path;
    size_t n;
    Published *rows;
} PublishedTable;

/* Fails closed: wrong columns, repeated ids, numbers that are none, empty sources. */
int published_read(const char *path, Arena *arena, PublishedTable *table, Error *error);
const Published *published_find(const PublishedTable *table, const char *id, Error *error);

/* ---- verdicts ---- */
typedef enum Judgement { REPRODUCED, NOT_DISTINGUISHABLE, CONTRADICTED, REPORTED } Judgement;
extern const char *const judgement_names[4]; /* "reproduced", "not distinguishable", "contradicted", "reported" */

typedef struct Verdict {
    const Study *study;
    const Claim *claim;
    const ClaimSeries *series; /* NULL for a claim that stands alone */
    Judgement judgement;
    const Published *published; /* NULL when the claim compares two cells */
    size_t n;                   /* seeds; 0 for CLAIM_REPORT */
    unsigned first_seed;
    const double *a, *b;              /* values over seeds; b NULL without a second cell */
    Sample ours, other;               /* of a and b */
    double difference;                /* d */
    Interval ours_interval, interval; /* of a, and of d; both NAN with one seed */
    double margin;
    const char *explanation; /* one line */
} Verdict;

/* -1 when the claim cannot be judged: missing cell, metric or published row, NaN.  Never a verdict then. */
int verdict_make(const Results *results, const Claim *claim, const PublishedTable *published, Arena *arena,
                 Verdict *verdict, Error *error);
/* Digits behind the point for its values: 2 for percentages and the like, 4 for what is below 10. */
int verdict_decimals(const Verdict *verdict);
/* The rule alone. */
Judgement judge(ClaimKind kind, Interval interval, double margin, double magnitude);

/* ---- the recorded verdicts, reference_results/claims.csv with the columns id,verdict ---- */
int verdicts_compare(const char *path, const Verdict *verdicts, size_t n, const Study *const *known, Arena *arena,
                     Error *error);
int verdicts_record(const char *path, const Verdict *verdicts, size_t n, Error *error);

#endif
