#include "analysis/lbfgs.h"

#include <math.h>
#include <string.h>

#include "analysis/vector64.h"
#include "base/arena.h"

LbfgsOptions lbfgs_defaults(void) {
    return (LbfgsOptions){.history = 10, .iterations = 15000, .gradient_tolerance = 1e-5, .decrease_tolerance = 0.0};
}

/* ---- the line search: More & Thuente, "Line search algorithms with guaranteed sufficient decrease" (1994) ---- */

static const double sufficient = 1e-3, curvature = 0.9, interval_tolerance = 0.1, longest_step = 1e10;
enum { MOST_TRIALS = 50 };

typedef struct Trial {
    double step, value, slope; /* slope: derivative of the value by the step */
} Trial;

/* The interval: best is the lowest point found, other bounds the minimiser once bracketed. */
typedef struct Search {
    Trial best, other;
    int bracketed;
    double low, high; /* allowed for the next step */
} Search;

/* gamma and theta of the cubic through two points with their slopes; the sign of gamma is the caller's. */
static double cubic_gamma(Trial a, Trial b, int may_be_imaginary, double *theta) {
    *theta = 3.0 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope;
    const double scale = fmax(fabs(*theta), fmax(fabs(a.slope), fabs(b.slope)));
    const double square = (*theta / scale) * (*theta / scale) - (a.slope / scale) * (b.slope / scale);
    return scale * sqrt(may_be_imaginary && square < 0.0 ? 0.0 : square);
}

static double farther(double from, double a, double b) {
    return fabs(a - from) > fabs(b - from) ? a : b;
}

static double nearer(double from, double a, double b) {
    return fabs(a - from) < fabs(b - from) ? a : b;
}

static double secant_step(Trial from, Trial to) {
    return from.step + from.slope / (from.slope - to.slope) * (to.step - from.step);
}

/* The next step from the trial, and the interval with the trial taken in: the four cases of section 4 of the paper. */
static double next_step(Search *search, Trial trial) {
    const Trial best = search->best, other = search->other;
    const double opposite = trial.slope * (best.slope / fabs(best.slope));
    double theta, gamma, step;
    if (trial.value > best.value) { /* higher: the minimiser is between */
        gamma = cubic_gamma(best, trial, 0, &theta);
        if (trial.step < best.step) gamma = -gamma;
        const double ratio = ((gamma - best.slope) + theta) / (((gamma - best.slope) + gamma) + trial.slope);
        const double cubic = best.step + ratio * (trial.step - best.step);
        const double chord = (best.value - trial.value) / (trial.step - best.step);
        const double quadratic = best.step + best.slope / (chord + best.slope) / 2.0 * (trial.step - best.step);
        step = fabs(cubic - best.step) < fabs(quadratic - best.step) ? cubic : cubic + (quadratic - cubic) / 2.0;
        search->bracketed = 1;
    } else if (opposite < 0.0) { /* lower, with a slope of the other sign: between too */
        gamma = cubic_gamma(best, trial, 0, &theta);
        if (trial.step > best.step) gamma = -gamma;
        const double ratio = ((gamma - trial.slope) + theta) / (((gamma - trial.slope) + gamma) + best.slope);
        step = farther(trial.step, trial.step + ratio * (best.step - trial.step), secant_step(trial, best));
        search->bracketed = 1;
    } else if (fabs(trial.slope) < fabs(best.slope)) { /* lower, and less steep */
        gamma = cubic_gamma(best, trial, 1, &theta);
        if (trial.step > best.step) gamma = -gamma;
        const double ratio = ((gamma - trial.slope) + theta) / ((gamma + (best.slope - trial.slope)) + gamma);
        const double limit = trial.step > best.step ? search->high : search->low;
        const double cubic = ratio < 0.0 && gamma != 0.0 ? trial.step + ratio * (best.step - trial.step) : limit;
        const double secant = secant_step(trial, best);
        if (search->bracketed) {
            const double most = trial.step + 0.66 * (other.step - trial.step);
            step = nearer(trial.step, cubic, secant);
            step = trial.step > best.step ? fmin(most, step) : fmax(most, step);
        } else {
            step = fmax(search->low, fmin(search->high, farther(trial.step, cubic, secant)));
        }
    } else if (search->bracketed) { /* lower, and at least as steep */
        gamma = cubic_gamma(trial, other, 0, &theta);
        if (trial.step > other.step) gamma = -gamma;
        const double ratio = ((gamma - trial.slope) + theta) / (((gamma - trial.slope) + gamma) + other.slope);
        step = trial.step + ratio * (other.step - trial.step);
    } else {
        step = trial.step > best.step ? search->high : search->low;
    }
    if (trial.value > best.value) {
        search->other = trial;
    } else {
        if (opposite < 0.0) search->other = best;
        search->best = trial;
    }
    return step;
}

static Trial tilted(Trial trial, double slope) {
    return (Trial){trial.step, trial.value - trial.step * slope, trial.slope - slope};
}

typedef struct Line { /* the function along a direction */
    size_t n;
    LbfgsObjective *objective;
    void *context;
    const double *from, *direction;
    double *x, *gradient; /* of the last trial */
    size_t evaluations;
} Line;

static Trial try_step(Line *line, double step) {
    for (size_t i = 0; i < line->n; i++) line->x[i] = fma(step, line->direction[i], line->from[i]);
    const double value = line->objective(line->context, line->x, line->gradient);
    line->evaluations++;
    return (Trial){step, value, vector64_dot(line->n, line->gradient, line->direction)};
}

/* From the start's value and slope < 0.  Leaves x and gradient at the returned step.  step 0: no acceptable one was
 * found. */
static Trial search_line(Line *line, Trial start, double step) {
    const double tilt = sufficient * start.slope;
    Search search = {.best = start, .other = start, .low = 0.0, .high = step + 4.0 * step};
    double width = longest_step, width_before = 2.0 * width, wall = INFINITY; /* no finite values from there on */
    int first_stage = 1;
    for (int n = 0; n < MOST_TRIALS; n++) {
        const Trial trial = try_step(line, step);
        if (!isfinite(trial.value) || !isfinite(trial.slope)) { /* too far: come back */
            wall = step;
            step = 0.5 * (search.best.step + wall);
            continue;
        }
        const double line_value = start.value + step * tilt;
        if (trial.value <= line_value && trial.slope >= 0.0) first_stage = 0;
        if (trial.value <= line_value && fabs(trial.slope) <= -curvature * start.slope) return trial;
        const int narrow = search.bracketed && search.high - search.low <= interval_tolerance * search.high;
        if ((search.bracketed && (step <= search.low || step >= search.high)) || narrow) return trial;
        if (step == longest_step && trial.value <= line_value && trial.slope <= tilt) return trial;
        if (first_stage && trial.value <= search.best.value && trial.value > line_value) {
            search.best = tilted(search.best, tilt);
            search.other = tilted(search.other, tilt);
            step = next_step(&search, tilted(trial, tilt));
            search.best = tilted(search.best, -tilt);
            search.other = tilted(search.other, -tilt);
        } else {
            step = next_step(&search, trial);
        }
        const double a = search.best.step, b = search.other.step;
        if (search.bracketed) {
            if (fabs(b - a) >= 0.66 * width_before) step = a + 0.5 * (b - a);
            width_before = width;
            width = fabs(b - a);
            search.low = fmin(a, b);
            search.high = fmax(a, b);
        } else {
            search.low = step + 1.1 * (step - a);
            search.high = step + 4.0 * (step - a);
        }
        step = fmax(0.0, fmin(longest_step, step));
        if (step >= wall) step = 0.5 * (a + wall);
        if (search.bracketed &&
            (step <= search.low || step >= search.high || search.high - search.low <= interval_tolerance * search.high))
            step = a;
    }
    return (Trial){0.0, start.value, start.slope};
}

/* ---- the direction ---- */

typedef struct History { /* pairs of the last steps, the oldest at first */
    size_t room, count, first;
    double *steps, *changes; /* [room][n]: of x and of the gradient */
    double *products;        /* s'y */
    double scale;            /* s'y / y'y of the newest */
} History;

static size_t pair_at(const History *h, size_t age) { /* age 0: the oldest */
    return (h->first + age) % h->room;
}

/* direction = -H gradient by the two loops. */
static void find_direction(size_t n, const History *h, const double *gradient, double *direction, double *factors) {
    for (size_t i = 0; i < n; i++) direction[i] = -gradient[i];
    for (size_t age = h->count; age-- > 0;) {
        const size_t p = pair_at(h, age);
        factors[p] = vector64_dot(n, h->steps + p * n, direction) / h->products[p];
        vector64_add_scaled(n, -factors[p], h->changes + p * n, direction);
    }
    if (h->count)
        for (size_t i = 0; i < n; i++) direction[i] *= h->scale;
    for (size_t age = 0; age < h->count; age++) {
        const size_t p = pair_at(h, age);
        const double back = vector64_dot(n, h->changes + p * n, direction) / h->products[p];
        vector64_add_scaled(n, factors[p] - back, h->steps + p * n, direction);
    }
}

static void remember(size_t n, History *h, const double *x, const double *x_before, const double *g,
                     const double *g_before, double slope_fall) {
    const size_t p = h->count < h->room ? pair_at(h, h->count) : h->first;
    double *s = h->steps + p * n, *y = h->changes + p * n;
    for (size_t i = 0; i < n; i++) {
        s[i] = x[i] - x_before[i];
        y[i] = g[i] - g_before[i];
    }
    const double product = vector64_dot(n, s, y);
    if (!(product > 0x1p-52 * slope_fall)) return;
    h->products[p] = product;
    h->scale = product / vector64_dot(n, y, y);
    if (h->count < h->room)
        h->count++;
    else
        h->first = (h->first + 1) % h->room;
}

LbfgsResult lbfgs_minimize(size_t n, LbfgsObjective *objective, void *context, const LbfgsOptions *options, double *x) {
    Arena *arena = arena_create(0);
    History history = {.room = options->history,
                       .steps = arena_alloc(arena, options->history * n, sizeof(double)),
                       .changes = arena_alloc(arena, options->history * n, sizeof(double)),
                       .products = arena_alloc(arena, options->history, sizeof(double))};
    double *gradient = arena_alloc(arena, n, sizeof(double)), *direction = arena_alloc(arena, n, sizeof(double));
    double *factors = arena_alloc(arena, options->history, sizeof(double));
    Line line = {.n = n, .objective = objective, .context = context, .from = x, .direction = direction};
    line.x = arena_alloc(arena, n, sizeof(double));
    line.gradient = arena_alloc(arena, n, sizeof(double));
    LbfgsResult result = {.end = LBFGS_GRADIENT, .evaluations = 1};
    result.value = objective(context, x, gradient);
    result.gradient_max = vector64_max_abs(n, gradient);
    while (result.gradient_max > options->gradient_tolerance) {
        if (result.iterations == options->iterations) {
            result.end = LBFGS_ITERATIONS;
            break;
        }
        find_direction(n, &history, gradient, direction, factors);
        const Trial start = {0.0, result.value, vector64_dot(n, gradient, direction)};
        const double length = sqrt(vector64_dot(n, direction, direction));
        const double first = result.iterations == 0 && length > 1.0 ? 1.0 / length : 1.0;
        const Trial step = start.slope < 0.0 ? search_line(&line, start, first) : start;
        if (step.step == 0.0 || step.value > start.value) {
            if (history.count == 0) {
                result.end = LBFGS_STUCK;
                break;
            }
            history.count = 0; /* try again along the gradient */
            continue;
        }
        remember(n, &history, line.x, x, line.gradient, gradient, -start.slope * step.step);
        memcpy(x, line.x, n * sizeof *x);
        memcpy(gradient, line.gradient, n * sizeof *gradient);
        result.value = step.value;
        result.gradient_max = vector64_max_abs(n, gradient);
        result.iterations++;
        const double scale = fmax(1.0, fmax(fabs(start.value), fabs(step.value)));
        if (result.gradient_max > options->gradient_tolerance &&
            start.value - step.value <= options->decrease_tolerance * scale) {
            result.end = LBFGS_DECREASE;
            break;
        }
    }
    result.evaluations += line.evaluations;
    arena_destroy(arena);
    return result;
}
