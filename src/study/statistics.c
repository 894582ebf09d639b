#include "study/statistics.h"

#include <math.h>

static const double t_table[31] = {0,          12.70620474, 4.30265273, 3.18244631, 2.77644511, 2.57058184, 2.44691185,
                                   2.36462425, 2.30600414,  2.26215716, 2.22813885, 2.20098516, 2.17881283, 2.16036866,
                                   2.14478669, 2.13144955,  2.11990530, 2.10981558, 2.10092204, 2.09302405, 2.08596345,
                                   2.07961384, 2.07387307,  2.06865761, 2.06389856, 2.05953855, 2.05552944, 2.05183052,
                                   2.04840714, 2.04522964,  2.04227246};

Sample sample_of(size_t n, const double *values) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    Sample sample = {n, sum / (double)n, 0};
    int same = 1;
    for (size_t i = 0; i < n; i++) {
        double deviation = values[i] - sample.mean;
        squares += deviation * deviation;
        same &= values[i] == values[0];
    }
    /* the mean of equal values is that value, without the rounding of sum and quotient */
    if (same)
        sample.mean = values[0];
    else if (n > 1)
        sample.sd = sqrt(squares / (double)(n - 1));
    return sample;
}

double student_t_975(double df) {
    if (!(df >= 1)) return t_table[1];
    if (df < 31) return t_table[(int)df];
    const double z = 1.959963984540054, v = floor(df), z2 = z * z;
    double g1 = z * (z2 + 1) / 4;
    double g2 = z * (5 * z2 * z2 + 16 * z2 + 3) / 96;
    double g3 = z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / 384;
    return z + (g1 + (g2 + g3 / v) / v) / v;
}

Interval interval_of(const Sample *sample) {
    double n = (double)sample->n, half = student_t_975(n - 1) * sample->sd / sqrt(n);
    Interval interval = {sample->mean - half, sample->mean + half};
    return interval;
}
