/* Progress of long work with the time left: one redrawn line on a terminal, never wider than the terminal is at that
 * moment (else COLUMNS, else 80), and an occasional whole line in a log (at most every 10 seconds).  Where there is
 * less room the bar goes first, then the counts, then a part of the label.  Writes to standard error only, never to
 * results.  Thread-safe. */
#ifndef SCALEDOWN_BASE_PROGRESS_H
#define SCALEDOWN_BASE_PROGRESS_H

typedef struct Progress Progress;

/* total is in any unit of expected work (e.g. estimated seconds); label names the work and may hold any text. */
Progress *progress_begin(const char *label, double total);
/* Add finished work; done_items/of_items are shown as "12/40". */
void progress_add(Progress *progress, double work, int done_items, int of_items);
/* From within the work, as often as one likes: the bar counts down while nothing is finished. */
void progress_tick(Progress *progress);
void progress_end(Progress *progress); /* clears the line, frees */

#endif
