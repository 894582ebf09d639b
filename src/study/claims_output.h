/* Verdicts as text and as a table that other programs read. */
#ifndef SCALEDOWN_STUDY_CLAIMS_OUTPUT_H
#define SCALEDOWN_STUDY_CLAIMS_OUTPUT_H

#include "base/text.h"
#include "study/verdict.h"

/* For people, in plain ASCII, with as many digits as mean something; in the arena or constant; "" where there is none.
 */
const char *ours_text(const Verdict *verdict, Arena *arena); /* "65.30 [64.60, 66.00]", "65.30 against 68.10" */
const char *published_text(const Verdict *verdict,
                           Arena *arena); /* "68 +- 2", ">= 100 +- 0.5", "above by 5", "equal" */
const char *difference_text(const Verdict *verdict, Arena *arena); /* "-2.70 [-3.40, -2.00]" */
/* "9 reproduced, 1 not distinguishable": how many of each there are; "" for none. */
const char *counts_text(const Verdict *verdicts, size_t n, Arena *arena);
/* How a claim of that kind is judged, in one line. */
const char *rule_text(ClaimKind kind);

/* claims.csv: id,curve,experiment,item,kind,text,n,ours,low,high,published,uncertainty,difference,difference_low,
 * difference_high,margin,verdict,ours_text,published_text,difference_text,explanation,source,note,why,curve_text.
 * curve and curve_text: id and text of the row of a claims table that the claim is a point of, else empty.  published
 * is the mean of b where two quantities are compared.  For many verdicts: add the header once, then write and clear the
 * text as it grows. */
void verdicts_csv_header(Text *text);
void verdicts_csv(const Verdict *verdicts, size_t n, Text *text);

#endif
