/* Verdicts for people: a table, a CSV, and TeX. */
#ifndef SCALEDOWN_STUDY_CLAIMS_OUTPUT_H
#define SCALEDOWN_STUDY_CLAIMS_OUTPUT_H

#include <stdio.h>

#include "study/verdict.h"

/* "65.3 [64.6, 66.0]", "68 +- 2", "" */
const char *verdict_ours_text(const Verdict *verdict, Arena *arena);
const char *verdict_published_text(const Verdict *verdict, Arena *arena);

void verdicts_print(FILE *stream, const Verdict *verdicts, size_t n); /* the table and a line of counts */
void verdict_show(FILE *stream, const Verdict *verdict);              /* the evidence of one claim */

/* Into directory, from verdicts in the order of their studies:
 *   claims.csv          all of them
 *   claims_<study>.tex  longtable rows "item & claim & published & ours & verdict \\"
 *   numbers.tex         \def\result<Id>Ours, ...Interval, ...Difference, ...Published, ...Verdict, ...Explanation of
 *                       each claim; \result<Study>CountClaims, ...CountReproduced, ...CountNotDistinguishable,
 *                       ...CountContradicted, ...CountReported of each study, and \resultCount... of all.
 * Id is the claim's id in CamelCase with digits spelled out: classification-table1-mlp -> ClassificationTableOneMlp.
 * A series of claims is one row that counts its verdicts, in the terminal too, and has \result<Id>Points,
 * ...Reproduced,
 * ...NotDistinguishable, ...Contradicted besides; claims.csv lists its claims one by one. */
int verdicts_write(const char *directory, const Verdict *verdicts, size_t n, Error *error);
const char *tex_name(const char *id, Arena *arena);
const char *tex_escape(const char *text, Arena *arena);

#endif
