#include "study/family.h"

#include <string.h>

Families families_create(Arena *kept, Arena *scratch) {
    return (Families){.keys = map_create(scratch), .members = map_create(scratch), .kept = kept, .scratch = scratch};
}

/* Room for one more in an array of n doubles. */
static double *grown(double *old, size_t n, size_t capacity, Arena *arena) {
    double *fresh = arena_alloc_small(arena, capacity, sizeof *fresh);
    if (n) memcpy(fresh, old, n * sizeof *fresh);
    return fresh;
}

static size_t find_or_make(Families *f, const char *key) {
    const size_t known = map_get(f->keys, key);
    if (known != MAP_ABSENT) return known;
    if (f->n == f->capacity) {
        Family *old = f->all;
        f->capacity = f->capacity ? 2 * f->capacity : 64;
        f->all = arena_alloc(f->scratch, f->capacity, sizeof *f->all);
        if (f->n) memcpy(f->all, old, f->n * sizeof *old);
    }
    f->all[f->n] = (Family){.key = arena_copy_text(f->kept, key)};
    map_put(f->keys, f->all[f->n].key, f->n);
    return f->n++;
}

size_t families_add(Families *f, const char *key, const char *member, double s2, double df) {
    const size_t index = find_or_make(f, key);
    Family *family = &f->all[index];
    const ArenaMark mark = arena_mark(f->scratch);
    const char *known = arena_format(f->scratch, "%zu|%s", index, member);
    if (map_get(f->members, known) != MAP_ABSENT) return arena_rewind(f->scratch, mark), index;
    map_put(f->members, known, 0);
    if (family->n == family->capacity) {
        family->capacity = family->capacity ? 2 * family->capacity : 8;
        family->s2 = grown(family->s2, family->n, family->capacity, f->scratch);
        family->df = grown(family->df, family->n, family->capacity, f->scratch);
    }
    family->s2[family->n] = s2;
    family->df[family->n++] = df;
    return index;
}

void families_fit(Families *f) {
    for (size_t i = 0; i < f->n; i++) f->all[i].prior = prior_fit(f->all[i].n, f->all[i].s2, f->all[i].df);
}
