#ifndef SCALEDOWN_BASE_CLOCK_H
#define SCALEDOWN_BASE_CLOCK_H

double clock_seconds(void); /* monotonic; only differences mean anything; never part of a result */

/* A length of time for people: "0.4 s", "12 s", "1 min 20 s", "2 h 05 min", "3 d 4 h".  Returns buffer. */
char *format_duration(double seconds, char buffer[32]);
/* The same for an estimate: whole seconds, since "6.7 s" would claim too much. */
char *format_estimate(double seconds, char buffer[32]);

#endif
