#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text from files and arguments may hold escape sequences; a terminal must never act on them.  C1 controls are
 * two bytes in UTF-8. */
static void replace_controls(char *text) {
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if (*c < 0x20 || *c == 0x7f) *c = '?';
        if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f) c[0] = c[1] = '?';
    }
}

int error_set(Error *error, const char *format, ...) {
    if (!error) return -1;
    char text[sizeof error->text]; /* apart, so that the arguments may include error->text */
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(text, sizeof text, format, arguments) < 0) strcpy(text, "an error that could not be formatted");
    va_end(arguments);
    replace_controls(text);
    memcpy(error->text, text, sizeof text);
    return -1;
}

static const struct {
    int number;
    const char *text;
} advices[] = {
    {ENOSPC, "free some space or choose another folder"},
    {EDQUOT, "free some space or choose another folder"},
    {EFBIG, "raise the limit on file size or choose another folder"},
    {EIO, "the disk may be full or failing; choose another folder"},
    {EACCES, "change its permissions or choose another folder"},
    {EPERM, "change its permissions or choose another folder"},
    {EROFS, "choose a folder that can be written"},
    {ENOENT, "check that the path is spelled right and that its folder exists"},
    {ENOTDIR, "a part of the path is a file, not a folder; choose another path"},
    {EISDIR, "give the path of a file"},
    {ENAMETOOLONG, "choose a shorter path"},
    {EMFILE, "raise the limit on open files (ulimit -n)"},
    {ENFILE, "close some programs and try again"},
};

int error_set_system(Error *error, const char *doing, const char *path) {
    int number = errno;
    const char *advice = "check the path";
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].number == number) advice = advices[i].text;
    char reason[256];
    if (strerror_r(number, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, "system error %d", number);
    /* A hostile path may be long: the reason and the advice must not be cut off. */
    return error_set(error, "cannot %s %.600s: %s; %s", doing, path, reason, advice);
}
