/* Does this CPU have the instructions that the program was compiled for?  `make` builds for the machine that it runs
 * on, and a program that is carried to an older one would die of an illegal instruction without a word.
 *
 * The code that asks must not use those instructions itself: the Makefile compiles src/main.c and src/base/cpu.c
 * without ARCH, and src/base/cpu_target.c, which holds data only, with it. */
#ifndef SCALEDOWN_BASE_CPU_H
#define SCALEDOWN_BASE_CPU_H

/* The names of what the program was compiled for, as /proc/cpuinfo has them; ends with NULL. */
extern const char *const cpu_target[];

/* NULL, or a line that says what is missing and what to do, in static memory; to be called before anything else. */
const char *cpu_problem(void);
/* Whether this CPU has it: 1 or 0; -1 for a name that is not in the table of cpu.c. */
int cpu_has(const char *name);

#endif
