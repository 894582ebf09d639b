/* Families of variances, each with the prior that they share (inference.h). */
#ifndef SCALEDOWN_STUDY_FAMILY_H
#define SCALEDOWN_STUDY_FAMILY_H

#include "base/map.h"
#include "study/inference.h"

typedef struct Family {
    const char *key;
    size_t n, capacity;
    double *s2, *df; /* [n] */
    VariancePrior prior;
} Family;

typedef struct Families {
    size_t n, capacity;
    Family *all;
    Map *keys, *members; /* members: "KEY|MEMBER" of all that were added */
    Arena *kept, *scratch;
} Families;

/* Keys stay in the one arena, all else in the other. */
Families families_create(Arena *kept, Arena *scratch);
/* Adds a variance under a family's key, unless that member is there already.  Returns the family's number. */
size_t families_add(Families *families, const char *key, const char *member, double s2, double df);
/* Fits the priors, when all are added. */
void families_fit(Families *families);

#endif
