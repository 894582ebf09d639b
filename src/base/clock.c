#include "base/clock.h"

#include <stdio.h>
#include <time.h>

double clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

char *format_duration(double seconds, char buffer[32]) {
    if (!(seconds > 0)) seconds = 0;
    if (seconds > 1e9) seconds = 1e9;
    long whole = (long)(seconds + 0.5);
    if (seconds < 9.95)
        snprintf(buffer, 32, "%ld.%ld s", (long)(seconds * 10 + 0.5) / 10, (long)(seconds * 10 + 0.5) % 10);
    else if (whole < 60)
        snprintf(buffer, 32, "%ld s", whole);
    else if (whole < 3600)
        snprintf(buffer, 32, "%ld min %ld s", whole / 60, whole % 60);
    else if (whole < 86400)
        snprintf(buffer, 32, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    else
        snprintf(buffer, 32, "%ld d %ld h", whole / 86400, whole / 3600 % 24);
    return buffer;
}

char *format_estimate(double seconds, char buffer[32]) {
    if (seconds >= 59.5) return format_duration(seconds, buffer);
    snprintf(buffer, 32, "%.0f s", seconds > 0 ? seconds : 0);
    return buffer;
}
