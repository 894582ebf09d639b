/* Errors as values: a function that can fail returns 0 or -1 and, on -1, has filled one line of text that
 * names what went wrong, where, and what to do.  Only main.c prints it and exits. */
#ifndef SCALEDOWN_BASE_ERROR_H
#define SCALEDOWN_BASE_ERROR_H

typedef struct Error {
    char text[1024]; /* one line, without a newline; "" while nothing went wrong */
} Error;

/* Fill error (may be NULL) from a printf format; control characters become '?'.  Always returns -1. */
int error_set(Error *error, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* The same for a failed system call: "cannot DOING PATH: <errno's text>; <what to do>", by the current errno. */
int error_set_system(Error *error, const char *doing, const char *path);

#endif
