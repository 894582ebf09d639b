/* Errors as values: a function that can fail returns 0 or -1 and, on -1, has filled one line of text that
 * names what went wrong, where, and what to do.  Only main.c prints it and exits. */
#ifndef SCALEDOWN_BASE_ERROR_H
#define SCALEDOWN_BASE_ERROR_H

#include <stddef.h>

typedef struct Error {
    char text[1024]; /* one line, without a newline, printable; "" while nothing went wrong */
} Error;

/* Fill error (may be NULL) from a printf format, as printable shows it; what has no room ends with "...".  The
 * arguments may include error->text.  Always returns -1. */
int error_set(Error *error, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* The same for a failed system call: "cannot DOING PATH: <errno's text>; <what to do>", by the current errno. */
int error_set_system(Error *error, const char *doing, const char *path);

/* Text from files and arguments may hold what a terminal would act on: escape sequences, newlines, marks that turn
 * the direction of writing.  They become visible as \n, \t, \r, \xNN or \uNNNN, and so do bytes that are no UTF-8;
 * all other UTF-8 stays, and backslashes do, so that text which was shown once stays as it is.  Writes at most
 * room - 1 bytes and a zero byte, never a part of a character; returns the bytes that it takes in full, as snprintf
 * does. */
size_t printable(const char *text, char *buffer, size_t room);

#endif
