/* What this machine and this build call themselves, for notes beside results. */
#ifndef SCALEDOWN_BASE_MACHINE_H
#define SCALEDOWN_BASE_MACHINE_H

#include <stddef.h>

/* The name of the CPU, as /proc/cpuinfo has it, or "unknown". */
void machine_cpu(char *model, size_t size);
/* The compiler and its version. */
const char *machine_compiler(void);

#endif
