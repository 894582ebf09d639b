#include "fake_runs.h"

#include <check.h>
#include <stdlib.h>

#include "base/file.h"
#include "sandbox.h"

char *directory;
Catalogue catalogue;
const Experiment *fake;

void fake_runs_begin(void) {
    sandbox_begin();
    directory = folder;
    fake_reset();
    catalogue = fake_project(directory, arena);
    fake = find_experiment(&catalogue, "fake");
}

void fake_runs_end(void) {
    sandbox_end();
}

const char *in(const char *sub) {
    return in_folder(sub);
}

size_t run_fake(const char *sub, const char *options) {
    Run ran;
    ck_assert_msg(run_in(fake, options, in(sub), arena, &ran, &error) == 0, "%s", error.text);
    return ran.n_run;
}

void assert_same_results(const char *sub, const char *other) {
    for (int file = 0; file < N_RESULT_FILES; file++) {
        const char *name = arena_format(arena, "fakes/fake%s", result_suffixes[file]);
        char *a = slurp(path_join(arena, in(sub), name)), *b = slurp(path_join(arena, in(other), name));
        ck_assert(a && b);
        ck_assert_str_eq(a, b);
        free(a), free(b);
    }
}
