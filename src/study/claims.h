/* Claims and published numbers, read from tables:
 *
 *     reference_results/PAPER/claims/EXPERIMENT.csv     id,item,kind,a,b,published,margin,why,text,note[,level,family]
 *     reference_results/PAPER/published/EXPERIMENT.csv  id,series,metric,x,value,uncertainty,unit,n,kind,source
 *                                                       [,examples,digits]
 *
 * The last two columns of both may be left out.
 *
 * item        items of the paper, apart by "; "
 * kind        value, above, at-least, at-most, equal, report, one-run or same-run (judge.h and verdict.h have the rules)
 * a, b        quantities (quantity.h); b only where a is judged against it: above and equal
 * published   a row of published/EXPERIMENT.csv, "FILE/id" one of another file of the paper.  "PREFIX*" makes a curve: one
 *             claim for each row whose id begins so, in the order of the file, with the id "<id>-<rest>", and {x} in a, b
 *             and the text standing for that rest; "PREFIX*[3..48]" takes only the rows whose rest is a number in the range
 * margin      in the metric's unit; empty: the published uncertainty (above: 0); why is its reason
 * text        {} is the published value, {.1} the same with one digit behind the point, {uncertainty} its uncertainty
 *
 * level is headline for what the paper says in its abstract, text, captions and tables; empty for all else: a row that
 * makes a curve is then one, its points and every other row are points.  family names the rows whose variances are shared
 * (verdict.h); empty: those of the same metric of the experiment.
 *
 * examples is for a per cent that counts how many of so many examples are right (or wrong), in each of its n runs; digits
 * is how many it is printed with behind the point.  Together they say whether the number is possible at all (GRIM).
 *
 * An experiment without a table has no claims; a table that belongs to no experiment is an error. */
#ifndef SCALEDOWN_STUDY_CLAIMS_H
#define SCALEDOWN_STUDY_CLAIMS_H

#include "study/quantity.h"

typedef enum ClaimKind {
    CLAIM_VALUE,    /* a against the published number, within margin */
    CLAIM_ABOVE,    /* a > b over paired seeds, or a > the published number, by more than the margin */
    CLAIM_AT_LEAST, /* a >= the published number - margin */
    CLAIM_AT_MOST,  /* a <= the published number + margin */
    CLAIM_EQUAL,    /* |a - b| within margin over paired seeds */
    CLAIM_REPORT,   /* a published constant that is shown, with its note, and not judged */
    CLAIM_ONE_RUN,  /* a published single run could be one more of our seeds, told to within margin (needed) */
    CLAIM_SAME_RUN  /* the published run is that of our first seed: a of that seed against it, within margin */
} ClaimKind;
extern const char *const claim_kinds[]; /* "value", ..., NULL */

typedef enum ClaimLevel { LEVEL_HEADLINE, LEVEL_CURVE, LEVEL_POINT, N_LEVELS } ClaimLevel;
extern const char *const claim_levels[]; /* "headline", "curve", "point", NULL */

/* value and uncertainty are real ("68.0") in the file, n is an integer. */
typedef struct Published {
    const char *id, *series, *metric, *unit, *kind, *source;
    double value, uncertainty;  /* uncertainty NAN where none is given */
    long long n;                /* runs behind the value; 0: not given */
    long long examples, digits; /* 0 and -1: not given */
} Published;

typedef struct ClaimRow {               /* a row of a claims table: one claim, or a curve of them */
    const char *id, *item, *why, *note; /* why and note may be "" */
    const char *text; /* of a curve: with "0..99", the first and the last value, for a placeholder; of few x all: "3, 5 and 9" */
    const Experiment *experiment;
    ClaimKind kind;
    size_t line;     /* in the table */
    size_t first, n; /* its claims in the list: 1, or as many as the curve has points */
    int curve;
    ClaimLevel level;   /* of a curve: not that of its points */
    const char *family; /* or "" */
} ClaimRow;

typedef struct Claim {
    const char *id, *item, *text; /* text with its placeholders filled in */
    const ClaimRow *row;
    ClaimKind kind;
    const Quantity *a, *b;      /* NULL where there is none */
    const Published *published; /* NULL when two quantities are compared */
    double margin;              /* 0: the published uncertainty, or none */
    const char *note;           /* or NULL */
} Claim;

typedef struct ClaimList {
    size_t n_rows, n;
    const ClaimRow *rows;
    const Claim *claims; /* those of a row follow each other */
} ClaimList;

/* The claims of the selected experiments, of items that match selection->only; there may be none.  Every published file
 * that is read must be what published/SHA256SUMS says, unless unchecked.  Ids are unique among all that is read.  Takes
 * time in proportion to the claims. */
int claims_read(const Catalogue *catalogue, const char *references, const Selection *selection, int unchecked,
                Arena *arena, ClaimList *list, Error *error);
/* The claim of that id; an error offers the nearest, also of those curves' ids that name a row. */
int claims_find(const ClaimList *list, const char *id, size_t *index, Error *error);
/* Renews reference_results/PAPER/published/SHA256SUMS over all .csv files there. */
int published_record(const char *references, const Paper *paper, Error *error);

#endif
