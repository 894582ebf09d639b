#include "study/judge.h"

#include <math.h>

const char *const judgement_names[N_JUDGEMENTS] = {"reproduced", "not distinguishable", "contradicted",
                                                   "reported",   "not measured",        "not run"};

/* The rounding that decimals bring in: a spread below it is none, and without spread it is allowed at the edges. */
static double slack_of(const Estimate *e) {
    const double slack = 1e-9 * (e->magnitude > 1 ? e->magnitude : 1);
    return e->standard_error > slack ? 0 : slack;
}

static double spread_of(const Estimate *e) {
    return slack_of(e) > 0 ? 0 : e->standard_error;
}

/* The two-sided p-value of a gap of at least 0; without spread any gap is certain. */
static double two_sided(double gap, const Estimate *e) {
    if (gap <= 0) return 1;
    return spread_of(e) > 0 ? t_two_sided(gap / e->standard_error, e->df) : 0;
}

static Interval around(const Estimate *e, double quantile) {
    const double half = quantile * spread_of(e) + e->blur;
    return (Interval){e->difference - half, e->difference + half};
}

static int is_one_sided(ClaimKind kind) {
    return kind == CLAIM_ABOVE || kind == CLAIM_AT_LEAST || kind == CLAIM_AT_MOST;
}

/* Of a one-sided kind: how far d lies on the side that is claimed. */
static double distance_of(ClaimKind kind, const Estimate *e, double margin) {
    if (kind == CLAIM_AT_MOST) return margin - e->difference;
    return kind == CLAIM_ABOVE ? e->difference - margin : e->difference + margin;
}

Decision judge(ClaimKind kind, const Estimate *e, double margin, double level) {
    const double slack = slack_of(e), away = fabs(e->difference);
    Decision decision = {.judgement = NOT_DISTINGUISHABLE,
                         .p_difference = two_sided(away - e->blur - slack, e),
                         .interval = around(e, t_quantile(0.975, e->df)),
                         .interval90 = around(e, t_quantile(0.95, e->df))};
    if (is_one_sided(kind)) {
        const double distance = distance_of(kind, e, margin) + (kind == CLAIM_ABOVE ? 0 : slack);
        const double rounding = kind == CLAIM_ABOVE || distance <= 0 ? slack : 0;
        decision.p = two_sided(fabs(distance) - e->blur - rounding, e);
        if (decision.p <= level) decision.judgement = distance > 0 ? REPRODUCED : CONTRADICTED;
    } else if (kind == CLAIM_ONE_RUN) {
        decision.p = decision.p_difference;
        if (decision.p <= level)
            decision.judgement = CONTRADICTED;
        else if ((decision.interval.high - decision.interval.low) / 2 <= margin + slack)
            decision.judgement = REPRODUCED;
    } else if (away - e->blur > margin + slack) {
        decision.p = two_sided(away - e->blur - margin - slack, e);
        if (decision.p <= level) decision.judgement = CONTRADICTED;
    } else {
        const double room = margin + slack - e->blur;
        decision.p = room < 0 ? 1 : equivalence_p(e->difference, spread_of(e), e->df, room);
        if (decision.p <= level) decision.judgement = REPRODUCED;
    }
    return decision;
}

/* ---- how many seeds ---- */

void spread_at(const Spread *spread, double n, double *standard_error, double *df) {
    const double own = spread->own * (1 / n + spread->as_ours), both = own + spread->published;
    *standard_error = sqrt(both);
    *df = fmin(n - 1 + spread->prior_df, fmax(spread->members, 1) * (n - 1));
    if (spread->published <= 0 || both <= 0) return;
    const double terms = own * own / *df + spread->published * spread->published / spread->published_df;
    *df = terms > 0 ? both * both / terms : HUGE_VAL;
}

double judge_power(ClaimKind kind, const Estimate *e, double margin, double level) {
    const double se = spread_of(e), blur = e->blur;
    if (!(se > 0)) return judge(kind, e, margin, level).judgement == NOT_DISTINGUISHABLE ? 0 : 1;
    const double two = t_quantile(1 - level / 2, e->df);
    if (is_one_sided(kind))
        return power_between(-HUGE_VAL, (fabs(distance_of(kind, e, margin)) - blur) / se, two, e->df);
    const double away = fabs(e->difference);
    if (kind == CLAIM_ONE_RUN || away - blur > margin)
        return power_between(-HUGE_VAL, (away - blur - (kind == CLAIM_ONE_RUN ? 0 : margin)) / se, two, e->df);
    const double room = margin - blur;
    return power_between(-(room + away) / se, (room - away) / se, t_quantile(1 - level, e->df), e->df);
}

/* Would n seeds decide it? */
static int decides(ClaimKind kind, const Estimate *estimate, const Spread *spread, double margin, double level,
                   double n) {
    Estimate then = *estimate;
    spread_at(spread, n, &then.standard_error, &then.df);
    if (kind == CLAIM_ONE_RUN) { /* which is decided by the width of its interval, too */
        const double half = t_quantile(0.975, then.df) * then.standard_error + then.blur;
        if (half <= margin * (1 + 1e-9)) return 1;
    }
    return judge_power(kind, &then, margin, level) >= 0.8;
}

int seeds_to_decide(ClaimKind kind, const Estimate *estimate, const Spread *spread, double margin, double level) {
    if (!decides(kind, estimate, spread, margin, level, 1e12)) return SEEDS_NEVER;
    int low = 1, high = 2; /* low does not decide */
    while (high < MOST_SEEDS_TO_DECIDE && !decides(kind, estimate, spread, margin, level, high)) low = high, high *= 2;
    if (high > MOST_SEEDS_TO_DECIDE) {
        high = MOST_SEEDS_TO_DECIDE;
        if (!decides(kind, estimate, spread, margin, level, high)) return SEEDS_TOO_MANY;
    }
    while (high - low > 1) {
        const int middle = low + (high - low) / 2;
        if (decides(kind, estimate, spread, margin, level, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}
