#include "grad/unroll.h"

#include <string.h>

#include "base/state_trace.h"
#include "kernels/elementwise.h"

static size_t count_all(size_t n, const Shape *shapes) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += shape_count(shapes[i]);
    return count;
}

size_t unroll_state_count(const Unroll *unroll) {
    return count_all(unroll->n_state, unroll->state);
}

size_t unroll_meta_count(const Unroll *unroll) {
    return count_all(unroll->n_meta, unroll->meta);
}

/* Leaves over consecutive parts of flat data. */
static void leaves(Tape *tape, size_t n, const Shape *shapes, const real *flat, Var *out) {
    for (size_t i = 0; i < n; i++) {
        out[i] = tape_input(tape, shapes[i], flat);
        flat += shape_count(shapes[i]);
    }
}

static void flatten(size_t n, const Var *in, real *flat) {
    for (size_t i = 0; i < n; i++) {
        const size_t count = shape_count(var_shape(in[i]));
        memcpy(flat, var_data(in[i]), count * sizeof *flat);
        flat += count;
    }
}

/* The tape of one step; inputs: the state's leaves, then those of the meta-parameters; outputs: the next state, then
 * the loss. */
static void build_step(Tape *tape, const Unroll *unroll, size_t number, const real *state, const real *meta,
                       Var *inputs, Var *outputs) {
    tape_reset(tape);
    leaves(tape, unroll->n_state, unroll->state, state, inputs);
    leaves(tape, unroll->n_meta, unroll->meta, meta, inputs + unroll->n_state);
    outputs[unroll->n_state] = unroll->step(tape, unroll->context, number, inputs, inputs + unroll->n_state, outputs);
}

/* The pass forward.  With positions [steps + 1], for a pass backward, it notes where the kept results of each step begin
 * and where the last ones end, and states has room for all steps + 1 states; without (NULL) each state replaces the one
 * before. */
static int forward(Tape *tape, const Unroll *unroll, real *states, const real *meta, size_t *positions,
                   int (*stop)(void), UnrollResult *result) {
    const size_t size = unroll_state_count(unroll);
    Var inputs[2 * UNROLL_MAX_TENSORS], outputs[UNROLL_MAX_TENSORS + 1];
    result->objective = 0;
    for (size_t k = 0; k < unroll->steps; k++) {
        if (positions) positions[k] = tape_position(tape);
        build_step(tape, unroll, k, states, meta, inputs, outputs);
        if (positions) states += size;
        flatten(unroll->n_state, outputs, states);
        result->losses[k] = var_scalar(outputs[unroll->n_state]);
        result->objective += (double)unroll->weights[k] * (double)result->losses[k];
        state_trace_step();
        state_trace_tensor("inner state", "", size, sizeof(real), states);
        if (stop && stop()) return -1;
    }
    if (positions) positions[unroll->steps] = tape_position(tape);
    memcpy(result->final_state, states, size * sizeof *states);
    return 0;
}

/* The pass backward; state_gradient holds the adjoint of the state on the way.  scratch has room for the state or the
 * meta-parameters: the tape reads the adjoint that a step replaces. */
static int backward(Tape *tape, const Unroll *unroll, const real *states, const real *meta, const size_t *positions,
                    real *scratch, int (*stop)(void), UnrollResult *result) {
    const size_t size = unroll_state_count(unroll), n_meta = unroll_meta_count(unroll), n = unroll->n_state;
    Var inputs[2 * UNROLL_MAX_TENSORS], outputs[UNROLL_MAX_TENSORS + 1], seeds[UNROLL_MAX_TENSORS + 1];
    Var gradients[2 * UNROLL_MAX_TENSORS];
    for (size_t k = unroll->steps; k-- > 0;) {
        tape_replay(tape, positions[k], positions[k + 1]);
        build_step(tape, unroll, k, states + k * size, meta, inputs, outputs);
        leaves(tape, n, unroll->state, result->state_gradient, seeds);
        seeds[n] = tape_fill(tape, var_shape(outputs[n]), unroll->weights[k]);
        tape_vjp_many(tape, n + 1, outputs, seeds, n + unroll->n_meta, inputs, gradients);
        flatten(unroll->n_meta, gradients + n, scratch);
        vector_add(n_meta, result->meta_gradient, scratch, result->meta_gradient);
        flatten(n, gradients, scratch);
        memcpy(result->state_gradient, scratch, size * sizeof *scratch);
        if (stop && stop()) return -1;
    }
    return 0;
}

int unroll_run(const Unroll *unroll, const real *state, const real *meta, int forward_only, int (*stop)(void),
               Arena *arena, UnrollResult *result) {
    const size_t size = unroll_state_count(unroll), n_meta = unroll_meta_count(unroll);
    *result = (UnrollResult){.losses = arena_alloc(arena, unroll->steps, sizeof(real)),
                             .final_state = arena_alloc(arena, size, sizeof(real))};
    if (!forward_only) {
        result->meta_gradient = arena_alloc_zero(arena, n_meta, sizeof(real));
        result->state_gradient = arena_alloc_zero(arena, size, sizeof(real));
    }
    real *states = arena_alloc(arena, (forward_only ? 1 : unroll->steps + 1) * size, sizeof *states);
    real *scratch = arena_alloc(arena, size > n_meta ? size : n_meta, sizeof *scratch);
    memcpy(states, state, size * sizeof *states);
    size_t *positions = forward_only ? NULL : arena_alloc(arena, unroll->steps + 1, sizeof *positions);
    Tape *tape = tape_create();
    if (!forward_only) tape_record(tape);
    int status = forward(tape, unroll, states, meta, positions, stop, result);
    if (!status && !forward_only) status = backward(tape, unroll, states, meta, positions, scratch, stop, result);
    tape_destroy(tape);
    if (!status && !forward_only) {
        state_trace_step();
        state_trace_tensor("outer gradient", "", n_meta, sizeof(real), result->meta_gradient);
        state_trace_tensor("gradient of the initial inner state", "", size, sizeof(real), result->state_gradient);
    }
    return status;
}
