#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include "base/csv.h"

/* strtod and printf follow the locale's decimal point; these hold the "C" locale for the calling thread. */
typedef struct PlainLocale {
    locale_t plain, previous;
} PlainLocale;

static PlainLocale plain_locale_begin(void) {
    PlainLocale pair = {.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    pair.previous = uselocale(pair.plain);
    return pair;
}

static void plain_locale_end(PlainLocale pair) {
    uselocale(pair.previous);
    if (pair.plain) freelocale(pair.plain);
}

static const char *skip_digits(const char *text) {
    while (*text >= '0' && *text <= '9') text++;
    return text;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or behind the point. */
static int is_decimal(const char *text) {
    if (*text == '+' || *text == '-') text++;
    const char *end = skip_digits(text);
    int digits = end > text;
    if (*end == '.') {
        const char *fraction = end + 1;
        end = skip_digits(fraction);
        digits |= end > fraction;
    }
    if (!digits) return 0;
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1;
        if (*exponent == '+' || *exponent == '-') exponent++;
        end = skip_digits(exponent);
        if (end == exponent) return 0;
    }
    return *end == '\0';
}

int parse_double(const char *text, double *value) {
    if (!is_decimal(text)) return -1;
    PlainLocale pair = plain_locale_begin();
    double parsed = strtod(text, NULL);
    plain_locale_end(pair);
    if (!isfinite(parsed)) return -1;
    *value = parsed;
    return 0;
}

int parse_integer(const char *text, long long low, long long high, long long *value) {
    const char *digits = text + (*text == '+' || *text == '-');
    const char *end = skip_digits(digits);
    if (end == digits || *end) return -1;
    errno = 0;
    long long parsed = strtoll(text, NULL, 10);
    if (errno || parsed < low || parsed > high) return -1;
    *value = parsed;
    return 0;
}

static int format_special(double value, char buffer[32]) {
    if (isnan(value))
        snprintf(buffer, 32, "nan");
    else if (isinf(value))
        snprintf(buffer, 32, value < 0 ? "-inf" : "inf");
    else
        return 0;
    return 1;
}

/* %g writes 6000 as 6e+03: whole numbers are written out while all their digits are meant. */
static int format_whole(double value, double bound, char buffer[32]) {
    if (!(fabs(value) < bound) || value != floor(value)) return 0;
    snprintf(buffer, 32, "%.0f", value);
    return 1;
}

char *format_double(double value, char buffer[32]) {
    if (format_special(value, buffer) || format_whole(value, 1e15, buffer)) return buffer;
    PlainLocale pair = plain_locale_begin();
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) break;
    }
    plain_locale_end(pair);
    return buffer;
}

char *format_float(float value, char buffer[32]) {
    if (format_special(value, buffer) || format_whole(value, 16777216, buffer)) return buffer;
    PlainLocale pair = plain_locale_begin();
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(buffer, 32, "%.*g", digits, (double)value);
        if (strtof(buffer, NULL) == value) break;
    }
    plain_locale_end(pair);
    return buffer;
}
