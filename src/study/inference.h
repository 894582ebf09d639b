/* Distributions and tests for verdicts, in binary64 with the elementary functions of src/exact: the same bits everywhere.
 *
 * Errors against tables of R (tests/check_inference.c): at most 1e-9 of the value in distributions, 1e-13 (or 1e-14 in absolute
 * terms, where log_gamma passes 0) in the gamma family. */
#ifndef SCALEDOWN_STUDY_INFERENCE_H
#define SCALEDOWN_STUDY_INFERENCE_H

#include <stddef.h>

/* ---- functions of the gamma family; x > 0 ---- */
double log_gamma(double x);
double digamma(double x);  /* d/dx log_gamma */
double trigamma(double x); /* its derivative */
/* x with trigamma(x) = y, y > 0: Newton's method on 1/trigamma (Smyth 2004, appendix) */
double trigamma_inverse(double y);

double normal_upper(double z); /* P(Z > z) of the normal distribution */

/* ---- Student's t with df degrees of freedom, any df > 0, infinity for the normal distribution ---- */
double t_upper(double t, double df);     /* P(T > t); accurate in both tails */
double t_quantile(double p, double df);  /* t with P(T <= t) = p, 0 < p < 1 */
double t_two_sided(double t, double df); /* P(|T| > |t|) */

/* ---- shared variances (moderated t; Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3, 3;
 * limma's fitFDist and squeezeVar) ---- */
typedef struct VariancePrior {
    double df;        /* d0: how much a family's variances have in common; 0 none, infinity all */
    double variance;  /* s0^2 */
    double total_df;  /* of the family: the cap for df of a moderated variance */
    size_t n, n_zero; /* variances; those that are 0 */
} VariancePrior;

/* The prior of a family of residual variances s2[k] on df[k] degrees of freedom, by the moments of log s2.  Variances below
 * 1e-5 of their median are lifted to that.  With fewer than two variances df is 0.  When all are 0 there is nothing to
 * learn: df 0 and variance 0. */
VariancePrior prior_fit(size_t n, const double *s2, const double *df);
/* The moderated variance, (d0 s0^2 + d s^2) / (d0 + d), and its degrees of freedom, at most the family's total. */
double prior_variance(const VariancePrior *prior, double s2, double df);
double prior_df(const VariancePrior *prior, double df);

/* ---- many tests ----
 * adjusted[i] are p-values that may be compared with the level itself; adjusted may be p.  NaN stays and is not counted. */
void adjust_holm(size_t n, const double *p, double *adjusted);                /* Holm 1979: family-wise error rate */
void adjust_benjamini_hochberg(size_t n, const double *p, double *adjusted);  /* 1995: false discovery rate */
void adjust_benjamini_yekutieli(size_t n, const double *p, double *adjusted); /* 2001: the same under any dependence */

/* ---- equivalence, and how many runs it takes ---- */
/* The larger p-value of two one-sided t tests (Schuirmann 1987) that a difference with this standard error lies within
 * [-margin, margin]. */
double equivalence_p(double difference, double standard_error, double df, double margin);

/* P(a test finds what there is) of Student's test at a threshold on t: D, normal with mean 0 and standard deviation 1, lies
 * above low + t w and below high - t w, where w^2 is a chi-squared variable on df degrees of freedom divided by df.  low or
 * high may be infinite.  By Simpson's rule, in error by less than 2e-6 from df = 1 on. */
double power_between(double low, double high, double t, double df);

/* The two-sided p-value of k successes of n, each with probability p: the outcomes that are no likelier. */
double binomial_two_sided(size_t k, size_t n, double p);

/* Is a printed mean possible?  GRIM (Brown and Heathers 2017): a share of whole numbers among count, in units of
 * 100 / count, printed with that many decimals, is one of 100 k / count rounded. */
int grim_possible(double printed, int decimals, double count);

#endif
