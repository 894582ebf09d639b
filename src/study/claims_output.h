/* Verdicts as text and as a table that other programs read. */
#ifndef SCALEDOWN_STUDY_CLAIMS_OUTPUT_H
#define SCALEDOWN_STUDY_CLAIMS_OUTPUT_H

#include "base/text.h"
#include "study/verdict.h"

/* For people, in plain ASCII, with as many digits as mean something; in the arena or constant; "" where there is none. */
const char *ours_text(const Verdict *verdict, Arena *arena); /* "65.30 [64.60, 66.00]", "65.30 against 68.10" */
/* "68 +- 2", ">= 100 +- 0.5", "above by 5", "equal" */
const char *published_text(const Verdict *verdict, Arena *arena);
const char *difference_text(const Verdict *verdict, Arena *arena); /* "-2.70 [-3.40, -2.00]" */
/* "9 reproduced, 1 not distinguishable": how many of each there are; "" for none. */
const char *tally_text(const Tally *tally, Arena *arena);
/* The verdict's reason, in one line; points of a curve follow it in memory. */
const char *explanation_text(const Verdict *verdict, Arena *arena);
/* "18 seeds", "more than 1000 seeds", "undecidable: the published n of 2 forbids it", or "". */
const char *seeds_text(const Verdict *verdict, Arena *arena);
/* How a claim of that kind is judged, in one line. */
const char *rule_text(ClaimKind kind);
/* "p = 0.0123", "p < 0.0001". */
const char *p_text(double p, Arena *arena);

/* claims.csv, for programs: one line for each claim, and one for each curve, before its points.  Fields are empty where they
 * have no meaning.
 *
 *     id, curve            curve: the id of the curve that the line is a point of
 *     experiment, item, kind, text
 *     n                    seeds; 0: not run, or only reported
 *     ours, low, high      mean over seeds, and its 95 % interval; empty in the line of a curve
 *     published, uncertainty    as in the published row; published is the mean of b where two quantities are compared
 *     difference, difference_low, difference_high    ours less the published value (or b), with its 95 % interval; of kind
 *                          one-run: where one more run would lie; of a curve: the mean over its points
 *     margin
 *     verdict              reproduced, not distinguishable, contradicted, reported, not measured, not run
 *     ours_text, published_text, difference_text    ready to be shown, with the digits that mean something
 *     explanation          in one line
 *     source, note, why    of the published row; the claim's note; the reason for the margin
 *     curve_text           of a point: its curve's text
 *     level                headline, curve or point (single numbers are points, too)
 *     family               whose variances are shared
 *     p                    of the test that the verdict rests on; empty where there is none (same-run, report, one seed)
 *     p_adjusted           of headline claims after Benjamini-Hochberg over those of the paper, else p
 *     difference90_low, difference90_high    the 90 % interval, which must lie within the margin (value, equal)
 *     sd, sd_shared, df    standard deviation of one run (of kinds with b: one pair) by itself, and with its family's prior;
 *                          degrees of freedom of the difference
 *     verdict_alone        a headline claim's without the others; else verdict
 *     verdict_half, verdict_double    with half and twice the margin
 *     seeds_needed         for 80 % power, if the difference and spread of today are the true ones: a number, "more than
 *                          1000" or "never"; given for headline claims and where not distinguishable
 *     seeds_text           the same in words
 *     ranges_over          what is drawn anew with each seed and what is not: what intervals range over
 *     grim                 possible, impossible (as printed), or empty: not tested
 *     p_difference         of a point against a published number: of no difference at all
 *     p_holm, p_bh, p_by   that one after Holm within its curve, after Benjamini-Hochberg and Benjamini-Yekutieli within all
 *                          points of the experiment
 *     points, outside, outside_expected, outside_holm, outside_bh, outside_by    of a curve: points with an interval, those
 *                          whose interval does not hold the published number, how many chance gives, and how many remain
 *                          after each correction
 *     fresh_verdict        of a claim that was judged on fresh test signals, too: that verdict; these are empty for others
 *     fresh_ours, fresh_against, fresh_difference, fresh_difference_low, fresh_difference_high, fresh_p    as ours, published,
 *                          difference and p above, there
 *     fresh_explanation    in one line
 *
 * For many verdicts: add the header once, then write and clear the text as it grows. */
void verdicts_csv_header(Text *text);
void verdicts_csv(const Verdict *verdicts, size_t n, Text *text);

#endif
