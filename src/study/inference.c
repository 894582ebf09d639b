#include "study/inference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "exact/exact.h"

#define PI 3.14159265358979323846

/* ---- the gamma family: recurrences up to a large argument, then Stirling's series ---- */

enum { LARGE = 15 };

double log_gamma(double x) {
    /* B_2k / (2k (2k - 1)) */
    static const double series[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                    1.0 / 1188, -691.0 / 360360, 1.0 / 156};
    double product = 1;
    for (; x < LARGE; x += 1) product *= x;
    double sum = 0, square = 1 / (x * x);
    for (int k = (int)(sizeof series / sizeof *series); k-- > 0;) sum = fma(sum, square, series[k]);
    return (x - 0.5) * exact_log(x) - x + 0.5 * exact_log(2 * PI) + sum / x - exact_log(product);
}

double digamma(double x) {
    /* B_2k / 2k */
    static const double series[] = {1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12};
    double below = 0;
    for (; x < LARGE; x += 1) below += 1 / x;
    double sum = 0, square = 1 / (x * x);
    for (int k = (int)(sizeof series / sizeof *series); k-- > 0;) sum = fma(sum, square, series[k]);
    return exact_log(x) - 0.5 / x - sum * square - below;
}

double trigamma(double x) {
    /* B_2k */
    static const double series[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6};
    double below = 0;
    for (; x < LARGE; x += 1) below += 1 / (x * x);
    double sum = 0, square = 1 / (x * x);
    for (int k = (int)(sizeof series / sizeof *series); k-- > 0;) sum = fma(sum, square, series[k]);
    return 1 / x + 0.5 * square + sum * square / x + below;
}

/* The fourth of the family, for Newton's method alone. */
static double tetragamma(double x) {
    double below = 0;
    for (; x < LARGE; x += 1) below += 2 / (x * x * x);
    const double s = 1 / (x * x);
    return -(s + s / x + s * s * (0.5 + s * (-1.0 / 6 + s * (1.0 / 6 - s * 0.3)))) - below;
}

double trigamma_inverse(double y) {
    if (y > 1e7) return 1 / sqrt(y);
    if (y < 1e-6) return 1 / y;
    double x = 0.5 + 1 / y; /* from here the iteration is monotone */
    for (int i = 0; i < 50; i++) {
        const double value = trigamma(x), step = value * (1 - value / y) / tetragamma(x);
        x += step;
        if (-step / x < 1e-15) break;
    }
    return x;
}

/* ---- Student's t ---- */

/* The continued fraction far out, the series of the integral near 0. */
double normal_upper(double z) {
    const double density = exact_exp(-0.5 * z * z) / sqrt(2 * PI), a = fabs(z);
    double upper;
    if (a > 3) {
        double fraction = a;
        for (int k = a > 6 ? 40 : 150; k > 0; k--) fraction = a + k / fraction;
        upper = density / fraction;
    } else {
        double term = a, sum = a;
        for (int k = 1; term > 1e-18 * sum; k++) {
            term *= a * a / (2 * k + 1);
            sum += term;
        }
        upper = 0.5 - density * sum;
    }
    return z < 0 ? 1 - upper : upper;
}

/* The continued fraction of the incomplete beta function (Lentz's method); converges fast for x < (a + 1)/(a + b + 2). */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 10000; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d, c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        if (fabs(c) < tiny) c = tiny;
        h *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d, c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        if (fabs(c) < tiny) c = tiny;
        const double factor = d * c;
        h *= factor;
        if (fabs(factor - 1) < 1e-16) break;
    }
    return h;
}

/* log(gamma(a + 1/2) / gamma(a)); of large a by its own series, since the difference would lose digits. */
static double log_gamma_half_step(double a) {
    if (a < 50) return log_gamma(a + 0.5) - log_gamma(a);
    const double inverse = 1 / a, square = inverse * inverse;
    return 0.5 * exact_log(a) - inverse * (1.0 / 8 - square * (1.0 / 192 - square * (1.0 / 640)));
}

/* The regularised incomplete beta function I_x(a, 1/2), from x and 1 - x so that neither loses digits. */
static double beta_regularised(double a, double x, double complement) {
    const double b = 0.5;
    if (x <= 0) return 0;
    if (complement <= 0) return 1;
    const double front = exact_exp(log_gamma_half_step(a) + a * exact_log(x)) * sqrt(complement / PI);
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, complement) / b;
}

double t_two_sided(double t, double df) {
    if (isinf(df)) return 2 * normal_upper(fabs(t));
    const double square = t * t;
    return beta_regularised(df / 2, df / (df + square), square / (df + square));
}

double t_upper(double t, double df) {
    const double tail = t_two_sided(t, df) / 2;
    return t < 0 ? 1 - tail : tail;
}

/* The density at t. */
static double t_density(double t, double df) {
    if (isinf(df)) return exact_exp(-0.5 * t * t) / sqrt(2 * PI);
    return exact_exp(log_gamma_half_step(df / 2) - (df + 1) / 2 * exact_log(1 + t * t / df)) / sqrt(df * PI);
}

/* Newton's method on the tail within a bracket, which is halved where a step would leave it or gains too little. */
double t_quantile(double p, double df) {
    if (p == 0.5) return 0;
    const double tail = p < 0.5 ? p : 1 - p;
    double low = 0, high = 1;
    while (t_upper(high, df) > tail && high < 1e300) low = high, high *= 2;
    double t = low + (high - low) / 2;
    for (int i = 0; i < 300; i++) {
        const double excess = t_upper(t, df) - tail;
        if (excess > 0)
            low = t;
        else
            high = t;
        const double step = excess / t_density(t, df), last = t;
        t += step;
        if (!(t > low && t < high)) t = low + (high - low) / 2;
        if (fabs(t - last) <= 1e-15 * t || t == low || t == high) break;
    }
    return p < 0.5 ? -t : t;
}

/* ---- shared variances ---- */

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median_of(size_t n, const double *values) {
    double *sorted = memory_alloc(n, sizeof *sorted);
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    const double median = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    memory_free(sorted);
    return median;
}

VariancePrior prior_fit(size_t n, const double *s2, const double *df) {
    VariancePrior prior = {.n = n};
    double mean = 0, squares = 0, noise = 0, pooled = 0;
    for (size_t k = 0; k < n; k++) {
        prior.n_zero += s2[k] <= 0;
        prior.total_df += df[k];
    }
    if (n < 2 || prior.n_zero == n) return prior;
    double median = median_of(n, s2);
    if (median <= 0) median = 1; /* more than half are 0: limma's choice */
    double *e = memory_alloc(n, sizeof *e);
    for (size_t k = 0; k < n; k++) {
        const double lifted = s2[k] > 1e-5 * median ? s2[k] : 1e-5 * median;
        pooled += lifted / (double)n;
        e[k] = exact_log(lifted) - digamma(df[k] / 2) + exact_log(df[k] / 2);
        mean += e[k];
        noise += trigamma(df[k] / 2);
    }
    mean /= (double)n;
    for (size_t k = 0; k < n; k++) squares += (e[k] - mean) * (e[k] - mean);
    memory_free(e);
    const double excess = squares / (double)(n - 1) - noise / (double)n;
    if (excess > 0) {
        prior.df = 2 * trigamma_inverse(excess);
        prior.variance = exact_exp(mean + digamma(prior.df / 2) - exact_log(prior.df / 2));
    } else {
        prior.df = HUGE_VAL;
        prior.variance = pooled;
    }
    return prior;
}

double prior_variance(const VariancePrior *prior, double s2, double df) {
    if (isinf(prior->df)) return prior->variance;
    if (prior->df <= 0) return s2;
    return (prior->df * prior->variance + df * s2) / (prior->df + df);
}

double prior_df(const VariancePrior *prior, double df) {
    const double sum = prior->df + df;
    return prior->df > 0 && sum > prior->total_df ? prior->total_df : sum;
}

/* ---- many tests ---- */

typedef struct Ranked {
    double p;
    size_t index;
} Ranked;

static int by_p(const void *a, const void *b) {
    const Ranked *x = a, *y = b;
    if (x->p != y->p) return x->p < y->p ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* The p-values that are numbers, least first; to be freed. */
static Ranked *rank(size_t n, const double *p, size_t *m) {
    Ranked *ranked = memory_alloc(n, sizeof *ranked);
    *m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i])) ranked[(*m)++] = (Ranked){p[i], i};
    qsort(ranked, *m, sizeof *ranked, by_p);
    return ranked;
}

static void copy_nan(size_t n, const double *p, double *adjusted) {
    for (size_t i = 0; i < n; i++)
        if (isnan(p[i])) adjusted[i] = NAN;
}

void adjust_holm(size_t n, const double *p, double *adjusted) {
    size_t m;
    Ranked *ranked = rank(n, p, &m);
    double largest = 0;
    copy_nan(n, p, adjusted);
    for (size_t i = 0; i < m; i++) {
        largest = fmax(largest, fmin(1, (double)(m - i) * ranked[i].p));
        adjusted[ranked[i].index] = largest;
    }
    memory_free(ranked);
}

/* Step-up with p-values times factor m / rank. */
static void step_up(size_t n, const double *p, int any_dependence, double *adjusted) {
    size_t m;
    Ranked *ranked = rank(n, p, &m);
    double least = 1, factor = 1;
    if (any_dependence) {
        factor = 0;
        for (size_t i = 1; i <= m; i++) factor += 1 / (double)i;
    }
    copy_nan(n, p, adjusted);
    for (size_t i = m; i-- > 0;) {
        least = fmin(least, factor * (double)m / (double)(i + 1) * ranked[i].p);
        adjusted[ranked[i].index] = least;
    }
    memory_free(ranked);
}

void adjust_benjamini_hochberg(size_t n, const double *p, double *adjusted) {
    step_up(n, p, 0, adjusted);
}

void adjust_benjamini_yekutieli(size_t n, const double *p, double *adjusted) {
    step_up(n, p, 1, adjusted);
}

/* ---- equivalence, GRIM ---- */

double equivalence_p(double difference, double standard_error, double df, double margin) {
    if (standard_error <= 0) return fabs(difference) <= margin ? 0 : 1;
    const double below = t_upper((difference + margin) / standard_error, df);
    const double above = t_upper((margin - difference) / standard_error, df);
    return fmax(below, above);
}

/* Density of w, where w^2 is a chi-squared variable on df degrees of freedom divided by df. */
static double scale_density(double w, double df) {
    if (w <= 0) return df == 1 ? sqrt(2 / PI) : 0;
    return 2 * exact_exp(df / 2 * exact_log(df / 2) - log_gamma(df / 2) + (df - 1) * exact_log(w) - df * w * w / 2);
}

static double normal_between(double low, double high) {
    if (!(low < high)) return 0;
    const double above = low < -8  ? 1
                         : low > 8 ? 0
                                   : normal_upper(low),
                 beyond = high > 8    ? 0
                          : high < -8 ? 1
                                      : normal_upper(high);
    return above - beyond;
}

double power_between(double low, double high, double t, double df) {
    if (df > 1e6) return normal_between(low + t, high - t);
    /* over u with w = u^2, where the integrand is smooth at 0, as far as there is room between low and high */
    enum { STEPS = 64 }; /* even */
    const double spread = 6 / sqrt(2 * df), from = sqrt(fmax(0, 1 - spread));
    const double to = sqrt(fmin(1 + spread, fmax(0, (high - low) / (2 * t)))), h = (to - from) / STEPS;
    double sum = 0;
    if (!(h > 0)) return 0;
    for (int i = 0; i <= STEPS; i++) {
        const double u = from + i * h, w = u * u;
        sum += 2 * u * scale_density(w, df) * normal_between(low + t * w, high - t * w) *
               (i == 0 || i == STEPS ? 1
                : i % 2              ? 4
                                     : 2);
    }
    return sum * h / 3;
}

/* The logarithm of the probability of exactly k. */
static double binomial_log(size_t k, size_t n, double p) {
    const double a = (double)k, b = (double)(n - k);
    return log_gamma(a + b + 1) - log_gamma(a + 1) - log_gamma(b + 1) + a * exact_log(p) + b * exact_log(1 - p);
}

double binomial_two_sided(size_t k, size_t n, double p) {
    const double own = binomial_log(k, n, p) + 1e-7; /* as R's binom.test */
    double sum = 0;
    for (size_t i = 0; i <= n; i++) {
        const double other = binomial_log(i, n, p);
        if (other <= own) sum += exact_exp(other);
    }
    return fmin(1, sum);
}

int grim_possible(double printed, int decimals, double count) {
    double unit = 1;
    for (int i = 0; i < decimals; i++) unit /= 10;
    const double half = unit / 2 * (1 + 1e-9), k = floor(printed * count / 100);
    for (double near = k - 1; near <= k + 2; near++)
        if (fabs(near * 100 / count - printed) <= half) return 1;
    return 0;
}
