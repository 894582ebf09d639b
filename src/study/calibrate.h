/* The judge tested as an instrument.
 *
 * Leave one out: each of our own seeds in turn plays the published run, and the others are ours (kind one-run, judge.h, with
 * the family's variances shared without that seed).  The truth is then known: a run like ours.  It must be contradicted at
 * the nominal rate of 5 %, whichever family, and reproduced whichever seed it is.  Of a family only one quantity of each cell
 * is taken, since what one run measured depends on itself.
 *
 * Simulation: differences of known size, normal, with the spread and number of seeds of a design, must be decided at the
 * rate that judge_power says, and at the edge of the margin at no more than the nominal one.  That is exact for claims that
 * stand alone.  In a family the formula takes the prior for known; it is estimated, so that a few per cent less are found,
 * and with two seeds the nominal 5 % are nearly 6. */
#ifndef SCALEDOWN_STUDY_CALIBRATE_H
#define SCALEDOWN_STUDY_CALIBRATE_H

#include "study/verdict.h"

typedef struct Calibration {
    const Experiment *experiment;
    const char *family;
    size_t cells, seeds; /* cells * seeds plays */
    size_t contradicted;
    double p;                    /* binomial test: at 5 %? */
    size_t reproduced, *of_seed; /* reproduced with each seed as the published run, [seeds] */
    double p_seed;               /* the least of binomial tests of each seed against the rate of all, after Holm */
} Calibration;

/* The families with at least three seeds of a paper whose claims were measured and judged, in the order of the claims. */
const Calibration *calibrate_families(const Verdicts *verdicts, size_t first, size_t end, Arena *arena, size_t *n);

typedef struct Simulation {
    ClaimKind kind;
    size_t family, seeds;      /* claims that share their variance; 1: each by itself */
    double runs;               /* of the published number, that vary as ours do; 0: it is exact */
    double difference, margin; /* in standard deviations of one run */
    size_t trials, decided;
    double formula; /* the rate that judge_power says */
    double p;       /* binomial test; NAN in families */
} Simulation;

/* The designs of a fixed table; the same numbers on every machine. */
const Simulation *calibrate_power(Arena *arena, size_t *n);
/* Are they decided as the formula says: alone by the binomial test at 0.1 % after Holm, in families within 6 per cent of all
 * claims? */
int calibrate_holds(const Simulation *simulations, size_t n);

#endif
