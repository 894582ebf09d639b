#include "base/cpu.h"

#include <stdio.h>
#include <string.h>

#if defined __x86_64__ || defined __i386__
#include <cpuid.h>

/* Intel's manual, CPUID: the leaf, its part, which of eax, ebx, ecx, edx, the bit, and what the operating system must
 * save of the registers (bits of XCR0). */
enum { EAX, EBX, ECX, EDX };
enum { NOTHING = 0, VECTORS_256 = 0x06, VECTORS_512 = 0xe6 };
static const struct Feature {
    const char *name;
    unsigned leaf, part, where, bit, saved;
} features[] = {
    {"sse2", 1, 0, EDX, 26, NOTHING},
    {"pni", 1, 0, ECX, 0, NOTHING},
    {"ssse3", 1, 0, ECX, 9, NOTHING},
    {"sse4_1", 1, 0, ECX, 19, NOTHING},
    {"sse4_2", 1, 0, ECX, 20, NOTHING},
    {"popcnt", 1, 0, ECX, 23, NOTHING},
    {"movbe", 1, 0, ECX, 22, NOTHING},
    {"bmi1", 7, 0, EBX, 3, NOTHING},
    {"bmi2", 7, 0, EBX, 8, NOTHING},
    {"abm", 0x80000001, 0, ECX, 5, NOTHING},
    {"tbm", 0x80000001, 0, ECX, 21, NOTHING},
    {"avx", 1, 0, ECX, 28, VECTORS_256},
    {"f16c", 1, 0, ECX, 29, VECTORS_256},
    {"fma", 1, 0, ECX, 12, VECTORS_256},
    {"fma4", 0x80000001, 0, ECX, 16, VECTORS_256},
    {"xop", 0x80000001, 0, ECX, 11, VECTORS_256},
    {"avx2", 7, 0, EBX, 5, VECTORS_256},
    {"gfni", 7, 0, ECX, 8, NOTHING},
    {"avx_vnni", 7, 1, EAX, 4, VECTORS_256},
    {"avx512f", 7, 0, EBX, 16, VECTORS_512},
    {"avx512dq", 7, 0, EBX, 17, VECTORS_512},
    {"avx512cd", 7, 0, EBX, 28, VECTORS_512},
    {"avx512bw", 7, 0, EBX, 30, VECTORS_512},
    {"avx512vl", 7, 0, EBX, 31, VECTORS_512},
    {"avx512vbmi", 7, 0, ECX, 1, VECTORS_512},
    {"avx512_vbmi2", 7, 0, ECX, 6, VECTORS_512},
    {"avx512_vnni", 7, 0, ECX, 11, VECTORS_512},
    {"avx512_bitalg", 7, 0, ECX, 12, VECTORS_512},
    {"avx512_vpopcntdq", 7, 0, ECX, 14, VECTORS_512},
    {"avx512_fp16", 7, 0, EDX, 23, VECTORS_512},
};
enum { N_FEATURES = sizeof features / sizeof *features };

/* What the operating system saves of the vector registers: nothing when it knows no XSAVE (bit 27). */
static unsigned saved_registers(void) {
    unsigned a, b, c, d, low, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1)) return 0;
    __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0)); /* xgetbv */
    return low;
}

static int has(const struct Feature *feature) {
    unsigned registers[4];
    if (!__get_cpuid_count(feature->leaf, feature->part, &registers[EAX], &registers[EBX], &registers[ECX],
                           &registers[EDX]))
        return 0;
    return (registers[feature->where] >> feature->bit & 1) && (saved_registers() & feature->saved) == feature->saved;
}

#define ADVICE "`make ARCH=-march=x86-64-v3` (those with AVX2) or `make ARCH=` (any)"

#elif (defined __aarch64__ || defined __riscv) && defined __linux__
#include <sys/auxv.h>

/* Linux, arch/arm64/include/uapi/asm/hwcap.h; RISC-V has one bit for each letter. */
static const struct Feature {
    const char *name;
    unsigned long vector;
    unsigned bit;
} features[] = {
#ifdef __aarch64__
    {"crc32", AT_HWCAP, 7},    {"atomics", AT_HWCAP, 8}, {"asimdhp", AT_HWCAP, 10}, {"asimdrdm", AT_HWCAP, 12},
    {"asimddp", AT_HWCAP, 20}, {"sve", AT_HWCAP, 22},    {"sve2", AT_HWCAP2, 1},
#else
    {"v", AT_HWCAP, 'v' - 'a'},
#endif
};
enum { N_FEATURES = sizeof features / sizeof *features };

static int has(const struct Feature *feature) {
    return getauxval(feature->vector) >> feature->bit & 1;
}

#define ADVICE "`make ARCH=`"

#else /* other machines: no instruction is known that could be missing */
static const struct Feature { const char *name; } features[] = {{""}};
enum { N_FEATURES = 0 };

static int has(const struct Feature *feature) {
    return feature != NULL;
}

#define ADVICE "`make ARCH=`"
#endif

int cpu_has(const char *name) {
    for (int i = 0; i < N_FEATURES; i++)
        if (strcmp(features[i].name, name) == 0) return has(&features[i]);
    return -1;
}

const char *cpu_problem(void) {
    static char line[1024];
    size_t used = 0;
    for (const char *const *name = cpu_target; *name; name++)
        if (cpu_has(*name) == 0 && used < sizeof line / 2)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s",
                                     used ? ", " : "this program was built for a CPU with ", *name);
    if (used == 0) return NULL;
    snprintf(line + used, sizeof line - used,
             ", which this one (or its operating system) lacks; build it here with `make`, or for several machines "
             "with " ADVICE);
    return line;
}
