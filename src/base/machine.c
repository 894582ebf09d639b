#include "base/machine.h"

#include <stdio.h>
#include <string.h>

void machine_cpu(char *model, size_t size) {
    char line[512];
    snprintf(model, size, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !colon) continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(model, size, "%s", colon + 1 + (colon[1] == ' '));
        break;
    }
    if (file) fclose(file);
}

const char *machine_compiler(void) {
#if defined __clang__
    return "clang " __clang_version__;
#elif defined __GNUC__
    return "gcc " __VERSION__;
#else
    return "unknown";
#endif
}
