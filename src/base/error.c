#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The bytes of the character at text, and its code point; 0 when they are not UTF-8 (RFC 3629: the shortest form, no
 * surrogates, up to U+10FFFF). */
static size_t decode(const unsigned char *text, unsigned long *point) {
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    *point = length < 2 ? text[0] : text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) return 0;
        *point = *point << 6 | (text[i] & 0x3f);
    }
    if (length > 1 && (*point < least[length] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))) return 0;
    return length;
}

/* Controls of ASCII and of ISO 6429 (C1), separators of lines, and marks of the direction of writing. */
static int acts_on_a_terminal(unsigned long point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/* What stands for the character at text, in shown; returns the bytes of the character. */
static size_t show(const unsigned char *text, char shown[8]) {
    unsigned long point;
    size_t length = decode(text, &point);
    if (length == 0)
        snprintf(shown, 8, "\\x%02x", (unsigned)text[0]);
    else if (!acts_on_a_terminal(point)) {
        memcpy(shown, text, length);
        shown[length] = '\0';
    } else if (point == '\n' || point == '\t' || point == '\r')
        snprintf(shown, 8, "\\%c", point == '\n' ? 'n' : point == '\t' ? 't' : 'r');
    else
        snprintf(shown, 8, point < 0x80 ? "\\x%02lx" : "\\u%04lx", point);
    return length ? length : 1;
}

size_t printable(const char *text, char *buffer, size_t room) {
    size_t length = 0, written = 0;
    char shown[8];
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        at += show(at, shown);
        size_t more = strlen(shown);
        if (written == length && length + more < room) {
            memcpy(buffer + length, shown, more);
            written += more;
        }
        length += more;
    }
    if (room) buffer[written] = '\0';
    return length;
}

/* Cut text to so many bytes, not within a character. */
static void cut(char *text, size_t size) {
    if (strlen(text) <= size) return;
    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) size--;
    text[size] = '\0';
}

int error_set(Error *error, const char *format, ...) {
    if (!error) return -1;
    char text[sizeof error->text + 8]; /* apart, so that the arguments may include error->text */
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(text, sizeof text, format, arguments) < 0) strcpy(text, "an error that could not be formatted");
    va_end(arguments);
    cut(text, sizeof error->text);
    if (printable(text, error->text, sizeof error->text) >= sizeof error->text) {
        cut(error->text, sizeof error->text - sizeof "...");
        strcat(error->text, "...");
    }
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
    {ENOMEM, "use fewer threads or a smaller size"},
    {EBADF, "it was closed; leave it open or send it to a file"},
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
