#include "nn/learning_rate.h"

#include "exact/exact.h"

static double cosine(const LearningRate *rate, size_t t) {
    const double part = t < rate->period ? (double)t / (double)rate->period : 1;
    return rate->minimum + (rate->initial - rate->minimum) * (1 + exact_cos(3.14159265358979323846 * part)) / 2;
}

static double triangular(const LearningRate *rate, size_t t) {
    const double peak = (double)rate->peak, period = (double)rate->period, at = (double)t;
    if (t < rate->peak) return rate->start + (rate->initial - rate->start) * (at / peak);
    if (t >= rate->period) return rate->minimum;
    return rate->initial + (rate->minimum - rate->initial) * ((at - peak) / (period - peak));
}

double learning_rate_at(const LearningRate *rate, size_t update, size_t updates_per_epoch) {
    const size_t t = rate->per_epoch ? update / updates_per_epoch : update;
    double value = rate->initial;
    if (rate->kind == RATE_STEP) value *= exact_whole_power(rate->factor, t / rate->period);
    if (rate->kind == RATE_EXPONENTIAL) value *= exact_whole_power(rate->factor, t);
    if (rate->kind == RATE_COSINE) value = cosine(rate, t);
    if (rate->kind == RATE_TRIANGULAR) value = triangular(rate, t);
    return update < rate->warm_up ? value * (double)(update + 1) / (double)rate->warm_up : value;
}
