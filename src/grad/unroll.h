/* Derivatives through a loop: of a weighted sum of the losses of many steps, each of which turns a state into the next,
 * with respect to whatever the steps depend on.  Exact: a step may itself contain derivatives, as training does.
 *
 * The pass forward keeps the states between steps, (steps + 1) x state; the pass backward rebuilds the tape of one step
 * at a time from the state before it and multiplies it by the adjoint of the state after it.  Memory is that of the
 * states and of one step, whatever the number of steps; and of the results of primitives that are too costly to compute
 * twice (tape_record). */
#ifndef SCALEDOWN_GRAD_UNROLL_H
#define SCALEDOWN_GRAD_UNROLL_H

#include "base/arena.h"
#include "grad/derivative.h"
#include "grad/tape.h"

#define UNROLL_MAX_TENSORS 128 /* of the state, and of the meta-parameters: twice the tensors of any model */

/* Builds one step on the tape: the state after it in next (each of the shape of the one before) and its loss, one
 * element.  It must build the same tape for the same arguments: it is called twice for every number. */
typedef Var UnrollStep(Tape *tape, void *context, size_t number, const Var *state, const Var *meta, Var *next);

typedef struct Unroll {
    UnrollStep *step;
    void *context;
    size_t steps, n_state, n_meta;
    Shape state[UNROLL_MAX_TENSORS], meta[UNROLL_MAX_TENSORS];
    const real *weights; /* [steps]: the objective is the sum over steps of weight x loss */
} Unroll;

size_t unroll_state_count(const Unroll *unroll); /* elements of all state tensors, end to end */
size_t unroll_meta_count(const Unroll *unroll);

typedef struct UnrollResult {
    real *losses;         /* [steps] */
    real *final_state;    /* [state count] */
    double objective;     /* summed in binary64, in the order of the steps; may be infinite or NaN */
    real *meta_gradient;  /* [meta count]: contributions are added from the last step to the first */
    real *state_gradient; /* [state count], with respect to the initial state */
} UnrollResult;

/* Forward and, unless forward_only, backward.  state and meta are flat, tensors in order.  The result lives in the
 * arena, as do the kept states; stop (may be NULL) is asked after every step and, when it says so, ends the work with
 * -1.  Without the pass backward the gradients are NULL.  A trace (base/state_trace.h) has the state after each step
 * forward, and the whole pass backward as one more step. */
int unroll_run(const Unroll *unroll, const real *state, const real *meta, int forward_only, int (*stop)(void),
               Arena *arena, UnrollResult *result);

#endif
