/* Standard output: a reader who has seen enough (`scaledown train mlp | head -1`) is no error, a full disk is.
 *
 * Commands write with printf and puts and look at no return value; where a line should be seen at once they call
 * output_flush, and main.c ends with output_finish.  When the reader has gone the rest of the output is dropped, and
 * the work goes on: its files are wanted.  A command whose only product is the output may stop early, with success,
 * once output_is_read says 0. */
#ifndef SCALEDOWN_BASE_OUTPUT_H
#define SCALEDOWN_BASE_OUTPUT_H

#include "base/error.h"

/* Before anything else: descriptors 0 to 2 are open (else a result file could become file 1 or 2, where messages go),
 * a closed pipe and a file beyond the limit on sizes are errors rather than signals, and output needs no memory from
 * the heap.  A descriptor that was closed is opened so that using it fails.  -1 where that is impossible. */
int output_prepare(void);
int output_flush(Error *error);  /* 0, also when nobody reads any more; -1 with the error when a write has failed */
int output_is_read(void);        /* 0 once a write has found that the reader has gone, else 1 */
int output_finish(Error *error); /* flush and close, once, at the end; fails as output_flush */

#endif
