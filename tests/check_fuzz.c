/* Readers of data files under mutation: thousands of damaged files, always the same ones.  A file whose outcome, an error
 * or none, was not seen before joins those that are mutated, so that damage goes deeper than the first thing checked.
 * tests/fuzz_readers.c gives the same targets to libFuzzer. */
#include <check.h>
#include <string.h>

#include "base/file.h"
#include "base/npy.h"
#include "made_files.h"
#include "reader_target.h"
#include "sandbox.h"
#include "suite.h"

enum { MUTANTS = 1500, MOST_SEEDS = 64 };

static Bytes npy_file(void) {
    float values[6] = {1, 2, 3, 4, 5, 6};
    const NpyArray array = {NPY_F4, 2, {2, 3, 0, 0}, values};
    Bytes file;
    ck_assert_int_eq(npy_write(in_folder("right.npy"), &array, &error), 0);
    ck_assert_int_eq(file_read(in_folder("right.npy"), 1000, arena, &file.data, &file.size, &error), 0);
    return file;
}

/* A small right file of the target. */
static Bytes right_file(const char *target) {
    static const unsigned char images[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2},
                               labels[] = {0, 0, 11, 1, 0, 0, 0, 5};
    Bytes file = bytes_of(NULL, 0);
    if (!strcmp(target, "idx-images")) append(&file, images, sizeof images);
    if (!strcmp(target, "idx-labels")) append(&file, labels, sizeof labels);
    if (!strcmp(target, "npy")) return npy_file();
#ifdef HAVE_JPEG
    if (!strcmp(target, "jpeg"))
        return jpeg_of(JPEG_YCCK, SCANS_PROGRESSIVE, 17, 9, random_bytes(17 * 9 * 4, 256).data);
#endif
    const size_t behind = !strcmp(target, "idx-images") ? 12 : !strcmp(target, "idx-labels") ? 10 : 2 * 3073;
    const Bytes data = random_bytes(behind, 10);
    append(&file, data.data, data.size);
    return file;
}

typedef struct Seeds {
    Bytes files[MOST_SEEDS];
    unsigned long outcomes[MOST_SEEDS];
    size_t n;
} Seeds;

static void keep(Seeds *seeds, Bytes file, unsigned long outcome) {
    for (size_t i = 0; i < seeds->n; i++)
        if (seeds->outcomes[i] == outcome) return;
    if (seeds->n == MOST_SEEDS) return;
    seeds->files[seeds->n] = file;
    seeds->outcomes[seeds->n++] = outcome;
}

static int n_targets(void) {
    int n = 0;
    while (reader_targets[n].name) n++;
    return n;
}

/* NumPy's files, and JPEG's, are never packed. */
START_TEST(readers_survive_mutants) {
    const ReaderTarget *target = &reader_targets[_i % n_targets()];
    const MadePacking *packing = &packings[_i / n_targets()];
    const int packed = *packing->suffix != 0;
    if (packed && (!strcmp(target->name, "npy") || !strcmp(target->name, "jpeg"))) return;
    Seeds seeds = {.n = 0};
    unsigned long outcome;
    const char *path = in_folder("hostile");
    Arena *scratch = arena_create(0);
    const Bytes right = packing->pack(right_file(target->name));
    const char *fault = reader_try(target, path, right.data, right.size, scratch, &outcome);
    ck_assert_msg(!fault && outcome == 0, "%s: the right file is refused: %s", target->name, fault ? fault : "");
    keep(&seeds, right, outcome);
    for (int i = 0; i < MUTANTS; i++, arena_reset(scratch)) {
        const Bytes bad = mutant(seeds.files[next_random() % seeds.n]);
        fault = reader_try(target, path, bad.data, bad.size, scratch, &outcome);
        ck_assert_msg(!fault, "%s%s, mutant %d: %s", target->name, packing->suffix, i, fault);
        keep(&seeds, bad, outcome);
    }
    ck_assert_uint_ge(seeds.n, 3); /* damage that always ends alike would try nothing */
    arena_destroy(scratch);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fuzz");
    TCase *tests = tcase_create("readers");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_add_loop_test(tests, readers_survive_mutants, 0, n_targets() * n_packings);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
