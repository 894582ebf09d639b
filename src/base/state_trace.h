/* A trace of the state of a run: after every step, such as an update of weights, a hash of each of its tensors.  Two runs that
 * should give the same bits are compared by their traces (`scaledown diverge`), which name the first step and tensor where
 * they part; no numbers need be kept.
 *
 * A process writes one trace at a time, of work whose steps come one after another: of one cell.  While none is open
 * every call here does nothing, so that the numerics call without asking. */
#ifndef SCALEDOWN_BASE_STATE_TRACE_H
#define SCALEDOWN_BASE_STATE_TRACE_H

#include <stddef.h>

#include "base/error.h"

/* The columns of the file, and what stands in the last: the first digits of the SHA-256 of the elements' bytes, each element
 * with its lowest byte first whatever the machine's order. */
#define STATE_TRACE_COLUMNS "step,state,hash"
enum { STATE_HASH_DIGITS = 16 };

int state_trace_open(const char *path, Error *error);

/* Another step begins; the first is 0. */
void state_trace_step(void);
/* A tensor of the step: count elements of width bytes.  Role and name make its state, "gradient of conv1.weight"; either may
 * be "". */
void state_trace_tensor(const char *role, const char *name, size_t count, size_t width, const void *elements);

/* The file appears under its name; a trace without a step is an error, for nothing was compared then. */
int state_trace_close(Error *error);
void state_trace_abandon(void); /* no file; safe when none is open */

#endif
