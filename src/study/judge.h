/* The rule between a measured difference and a margin, without claims, files or words: docs/statistics.md explains it.
 *
 * d is ours minus the published value (or a minus b over paired seeds) with standard error se on df degrees of freedom, m
 * the margin.  I is the 95 % interval of d, J the 90 % one (Student's t).
 *   value, equal   reproduced when J lies within [-m, m] (two one-sided tests at 5 %; Schuirmann 1987), contradicted when I
 *                  lies wholly outside
 *   above          reproduced when I lies above m, contradicted when below
 *   at-least       reproduced when I lies above -m, contradicted when below
 *   at-most        reproduced when I lies below m, contradicted when above
 *   one-run        I is where one more run of ours would fall around the published one (prediction interval; Patil, Peng,
 *                  Leek 2016): contradicted when it does not hold 0, reproduced when it does and reaches no further than m
 *                  to either side
 * and else not distinguishable.  Each rule is a test with a p-value, so that many can be judged at once: a verdict at
 * another level than 5 % has p compared with that level.
 *
 * blur is how far the published number may be off because it was read from a plot or is rounded: it widens both intervals
 * on both sides.  Numbers are printed with few digits and are seldom exact in binary: a spread below 1e-9 of their magnitude
 * is none, and without spread comparisons allow as much, so that a difference that equals the margin is within it. */
#ifndef SCALEDOWN_STUDY_JUDGE_H
#define SCALEDOWN_STUDY_JUDGE_H

#include "study/claims.h"
#include "study/inference.h"
#include "study/statistics.h"

typedef enum Judgement {
    REPRODUCED,
    NOT_DISTINGUISHABLE,
    CONTRADICTED,
    REPORTED,     /* shown and not judged */
    NOT_MEASURED, /* there are results, and a quantity has no value: diverged, never crosses, no rank correlation */
    NOT_RUN,      /* no results */
    N_JUDGEMENTS
} Judgement;
/* "reproduced", "not distinguishable", "contradicted", "reported", "not measured", "not run" */
extern const char *const judgement_names[N_JUDGEMENTS];

typedef struct Estimate {
    double difference, standard_error, df, blur;
    double magnitude; /* of the numbers compared, for the rounding that is allowed */
} Estimate;

typedef struct Decision {
    Judgement judgement;
    double p;            /* of the test that the verdict rests on; judgement is NOT_DISTINGUISHABLE above the level */
    double p_difference; /* two-sided, of no difference at all: is 0 outside I? */
    Interval interval, interval90; /* I and J */
} Decision;

/* For the kinds value, equal, above, at-least, at-most and one-run.  level: of p, 0.05 unless many are judged.  A one-run claim
 * that is reproduced rejects nothing, so its p is no matter of level. */
Decision judge(ClaimKind kind, const Estimate *estimate, double margin, double level);

/* ---- how many seeds ---- */

/* What the standard error is made of, so that it can be told for another number of seeds:
 * se^2 = own (1/n + as_ours) + published, the published part on its own degrees of freedom (Welch-Satterthwaite). */
typedef struct Spread {
    double own;               /* the variance of one run of ours */
    double prior_df, members; /* its df is the least of n - 1 + prior_df and members (n - 1) */
    double as_ours;           /* 1 / r: the published number is the mean of r runs that vary as ours do; 0 */
    double published,
        published_df; /* the squared standard error of the published number where its spread is printed; 0 */
} Spread;

/* Standard error and degrees of freedom with n seeds, n >= 2. */
void spread_at(const Spread *spread, double n, double *standard_error, double *df);

/* P(the claim is decided) when the true difference is this one: that the test on the side of the margin where it lies
 * finds so at the level. */
double judge_power(ClaimKind kind, const Estimate *estimate, double margin, double level);

enum { MOST_SEEDS_TO_DECIDE = 1000, SEEDS_TOO_MANY = -1, SEEDS_NEVER = -2 };
/* The least number of seeds, from 2 on, with which the claim is decided with 80 % power, taking this difference and this
 * spread for the true ones; SEEDS_TOO_MANY above MOST_SEEDS_TO_DECIDE, SEEDS_NEVER when no number would do. */
int seeds_to_decide(ClaimKind kind, const Estimate *estimate, const Spread *spread, double margin, double level);

#endif
