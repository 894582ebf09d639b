#ifndef SCALEDOWN_BASE_CLOCK_H
#define SCALEDOWN_BASE_CLOCK_H

double clock_seconds(void); /* monotonic; only differences mean anything; never part of a result */

#endif
