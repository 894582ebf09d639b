/* Papers, experiments and parameters as tables: what is read, what is refused and how, what a selection finds; and that
 * no table, however damaged, does more harm than an error. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "experiment_runs.h"
#include "fake_project.h"
#include "random/random.h"
#include "registry.h"
#include "suite.h"

static Arena *arena;
static char *directory;

static void setup(void) {
    arena = arena_create(0);
    directory = fresh_directory();
    fake_reset();
}

static void teardown(void) {
    remove_tree(directory);
    free(directory);
    arena_destroy(arena);
}

static const char *in(const char *name) {
    return path_join(arena, directory, name);
}

/* ---- what is read ---- */

START_TEST(a_project_is_read) {
    const Catalogue catalogue = fake_project(directory, arena);
    ck_assert_uint_eq(catalogue.n_papers, 1);
    const Paper *paper = &catalogue.papers[0];
    ck_assert_str_eq(paper->name, "fakes");
    ck_assert_str_eq(paper->title, "Fakes");
    ck_assert_str_eq(paper->authors, "Nobody");
    ck_assert_str_eq(paper->venue, "Nowhere");
    ck_assert_str_eq(paper->year, "2000");
    ck_assert_str_eq(paper->url, "https://example.org");
    ck_assert_uint_eq(paper->n_experiments, 3);
    const Experiment *panels = &paper->experiments[1];
    ck_assert_str_eq(panels->name, "panels");
    ck_assert_str_eq(panels->title, "Three panels");
    ck_assert(panels->method == &fake_method && panels->paper == paper);
    ck_assert_uint_eq(panels->n_rows, 3);
    ck_assert_uint_eq(panels->seeds, 2);
    ck_assert_uint_eq(panels->first_seed, 42);
    ck_assert_str_eq(panels->rows[1].item, "Fig. 5b");
    ck_assert_uint_eq(panels->rows[1].line, 4);
    ck_assert_str_eq(axis_text(&panels->rows[1].settings[1], arena), "2,3");
    ck_assert_uint_eq(panels->rows[1].settings[0].n, 1);
    ck_assert_uint_eq(panels->rows[2].smoke[1].n, 0);
    ck_assert_str_eq(axis_text(&panels->rows[0].smoke[1], arena), "1");
    ck_assert_uint_eq(paper->experiments[2].smoke_seeds, 2);
    ck_assert_uint_eq(paper->experiments[2].seeds, 6);
}
END_TEST

static const char *items_of(const char *const items[]) {
    const char *text = EXPERIMENTS_HEADER;
    for (size_t i = 0; items[i]; i++)
        text = arena_format(arena, "%se,%s,%s,%s,,,%s\n", text, items[i], i ? "" : "Title", i ? "" : "fake",
                            i ? ",," : "1,1,0");
    const Catalogue catalogue = project_with(directory, fake_methods, text, arena);
    return experiment_items(&catalogue.papers[0].experiments[0], arena);
}

START_TEST(items_are_named_once) {
    ck_assert_str_eq(items_of((const char *const[]){"Fig. 5a", "Fig. 5b", "Fig. 5a", NULL}), "Fig. 5a; Fig. 5b");
    ck_assert_str_eq(items_of((const char *const[]){"Fig. 7 as described", "Fig. 7", NULL}),
                     "Fig. 7 as described; Fig. 7");
    ck_assert_str_eq(items_of((const char *const[]){"Fig. 2; Table 1", "Table 1; Fig. 3", "Fig. 2; Table 1", NULL}),
                     "Fig. 2; Table 1; Fig. 3");
}
END_TEST

/* The method's own tiny size is below that of a row. */
START_TEST(tiny_sizes_are_of_the_row_then_of_the_method) {
    Method method = fake_method;
    const Method *const list[] = {&method, NULL};
    method.smoke = "width=5 rate=0.25";
    const Catalogue catalogue = project_with(directory, list,
                                             EXPERIMENTS_HEADER "a,Fig. 1,A,fake,width=9,,1,1,0\n"
                                                                "b,Fig. 2,B,fake,rate=0.5,width=7,1,1,0\n",
                                             arena);
    const Experiment *a = &catalogue.papers[0].experiments[0], *b = &catalogue.papers[0].experiments[1];
    Grid grid;
    Error error = {""};
    ck_assert_int_eq(grid_of(a, "--size=smoke", arena, &grid, &error), 0);
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=5 rate=0.25 seed=0");
    ck_assert_int_eq(grid_of(b, "--size=smoke", arena, &grid, &error), 0);
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=7 rate=0.25 seed=0");
    ck_assert_int_eq(grid_of(b, "", arena, &grid, &error), 0);
    ck_assert_str_eq(grid.cells[0].text, "model=plain width=1 rate=0.5 seed=0");
}
END_TEST

/* No number of experiments, papers, rows or values is too large to be read. */
START_TEST(there_is_no_cap) {
    enum { MANY = 300, PAPERS = 40 };
    Text text = text_create(arena);
    Error error = {""};
    Catalogue catalogue;
    Selection selection;
    text_add(&text, EXPERIMENTS_HEADER);
    for (int i = 0; i < MANY; i++) text_format(&text, "e%d,Fig. %d,Title,fake,width=%d,,1,1,0\n", i, i, i + 1);
    for (int i = 0; i < MANY; i++)
        text_format(&text, "rows,Part %d,%s,%s,width=%d,,%s\n", i, i ? "" : "Title", i ? "" : "fake", i + 1,
                    i ? ",," : "1,1,0");
    for (int p = 0; p < PAPERS; p++) write_paper(directory, arena_format(arena, "paper-%02d", p), text.data);
    ck_assert_msg(catalogue_read(directory, fake_methods, arena, &catalogue, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(catalogue.n_papers, PAPERS);
    for (int p = 0; p < PAPERS; p++) {
        ck_assert_str_eq(catalogue.papers[p].name, arena_format(arena, "paper-%02d", p)); /* sorted */
        ck_assert_uint_eq(catalogue.papers[p].n_experiments, MANY + 1);
    }
    ck_assert_int_eq(selection_make(&catalogue, "all", NULL, NULL, arena, &selection, &error), 0);
    ck_assert_uint_eq(selection.n, PAPERS * (MANY + 1));
    ck_assert_ptr_nonnull(experiment_find(&catalogue, NULL, "paper-39/e299", &error));
    ck_assert_uint_eq(catalogue.papers[7].experiments[MANY].n_rows, MANY);
}
END_TEST

START_TEST(long_lists_are_read_in_time) {
    enum { MANY = 200000 };
    static const Parameter parameter = {"width", PARAMETER_INTEGER, "1", 1, 1e9, NULL, "a factor", NULL};
    Text list = text_create(arena);
    Axis axis;
    Error error = {""};
    for (int i = 1; i <= MANY; i++) text_format(&list, "%s%d", i > 1 ? "," : "", i);
    ck_assert_int_eq(parameter_values(&parameter, list.data, "here", arena, &axis, &error), 0);
    ck_assert_uint_eq(axis.n, MANY);
    text_add(&list, ",7");
    ck_assert_int_eq(parameter_values(&parameter, list.data, "here", arena, &axis, &error), -1);
    ck_assert_str_eq(error.text, "here: 7 is given twice");
}
END_TEST

/* ---- what is refused, and what is said ---- */

#define FIRST "e,Fig. 1,Title,fake,width=2,,1,1,0\n"
static const struct {
    const char *table, *says[4]; /* table: behind the header, unless it begins with '=' */
} refused[] = {
    {"e,Fig. 1,Title,fkae,,,1,1,0\n", {"line 2", "column method", "unknown method \"fkae\"", "nearest: fake"}},
    {"e,Fig. 1,Title,fake,\"width=2, model=plain\",,1,1,0\n",
     {"column settings, width", "a blank is between settings"}},
    {"e,Fig. 1,Title,fake,\"width=2,model=plain\",,1,1,0\n", {"column settings, width", "a blank is between settings"}},
    {"e,Fig. 1,Title,fake,modle=plain,,1,1,0\n", {"line 2", "column settings", "\"modle\"", "nearest: model"}},
    {FIRST "f,Fig. 1,Title,fake,,wdith=2,1,1,0\n", {"line 3", "column smoke", "\"wdith\"", "nearest: width"}},
    {"e,Fig. 1,Title,fake,model,,1,1,0\n", {"line 2", "column settings", "\"model\"", "parameter=value"}},
    {"e,Fig. 1,Title,fake,model=,,1,1,0\n", {"column settings, model", "unknown value", "one of plain,fancy,other"}},
    {"e,Fig. 1,Title,fake,model=fancie,,1,1,0\n", {"line 2", "nearest: fancy", "plain,fancy,other"}},
    {"e,Fig. 1,Title,fake,\"width=1,0\",,1,1,0\n", {"column settings, width", "\"0\"", "from 1 to 1000"}},
    {"e,Fig. 1,Title,fake,\"width=1,1\",,1,1,0\n", {"column settings, width", "1 is given twice"}},
    {"e,Fig. 1,Title,fake,\"width=1,01\",,1,1,0\n", {"column settings, width", "given twice"}},
    {"e,Fig. 1,Title,fake,\"width=1,,2\",,1,1,0\n", {"column settings, width", "\"\""}},
    {"e,Fig. 1,Title,fake,width=1.5,,1,1,0\n", {"column settings, width", "not an integer"}},
    {"e,Fig. 1,Title,fake,width=99999999999999999999,,1,1,0\n", {"column settings, width", "from 1 to 1000"}},
    {"e,Fig. 1,Title,fake,rate=2,,1,1,0\n", {"column settings, rate", "from 0 to 1"}},
    {"e,Fig. 1,Title,fake,rate=nan,,1,1,0\n", {"column settings, rate", "not a number"}},
    {"e,Fig. 1,Title,fake,rate=0x1p-3,,1,1,0\n", {"column settings, rate", "not a number"}},
    {"e,Fig. 1,Title,fake,width=1 width=2,,1,1,0\n", {"column settings", "width is set twice"}},
    {"e,Fig. 1,Title,fake,model=plain =2,,1,1,0\n", {"column settings", "no parameter \"\""}},
    {"e,Fig. 1,Title,fake,,,0,1,0\n", {"line 2", "column seeds", "\"0\"", "from 1 to"}},
    {"e,Fig. 1,Title,fake,,,1,,0\n", {"line 2", "column smoke-seeds", "\"\""}},
    {"e,Fig. 1,Title,fake,,,1,1,-1\n", {"line 2", "column first-seed", "from 0 to"}},
    {"e,Fig. 1,Title,fake,,,1,1,4294967296\n", {"line 2", "column first-seed", "from 0 to"}},
    {"e,Fig. 1,,fake,,,1,1,0\n", {"line 2", "column title", "first row of e needs a title"}},
    {"e,,Title,fake,,,1,1,0\n", {"line 2", "column item", "names an item"}},
    {"E,Fig. 1,Title,fake,,,1,1,0\n", {"line 2", "column name", "\"E\"", "lower-case"}},
    {"../e,Fig. 1,Title,fake,,,1,1,0\n", {"line 2", "column name", "lower-case"}},
    {",Fig. 1,Title,fake,,,1,1,0\n", {"line 2", "column name", "lower-case"}},
    {"-e,Fig. 1,Title,fake,,,1,1,0\n", {"line 2", "column name"}},
    {"e--f,Fig. 1,Title,fake,,,1,1,0\n", {"line 2", "column name", "\"e--f\""}},
    {"all,Fig. 1,Title,fake,,,1,1,0\n", {"line 2", "column name", "\"all\""}},
    {"a23456789-123456789-123456789-123456789-123456789-123456789-12345,Fig. 1,Title,fake,,,1,1,0\n",
     {"line 2", "column name", "at most 64"}},
    {FIRST "f,Fig. 1,Title,fake,,,1,1,0\n" FIRST, {"line 4", "column name", "e stands further up"}},
    {FIRST "e,Fig. 2,Other,,,,,,\n", {"line 3", "column title", "\"Other\"", "leave it blank"}},
    {FIRST "e,Fig. 2,,,,,2,,\n", {"line 3", "column seeds", "leave it blank"}},
    {FIRST "e,,,,,,,,\n", {"line 3", "column item"}},
    {FIRST "e,Fig. 2,,,width=0,,,,\n", {"line 3", "column settings, width"}},
    {"", {"no experiment"}},
    {"e,Fig. 1,Title,fake,,,1,1\n", {"line 2", "8 fields", "9"}},
    {"e,Fig. 1,Title,fake,,,1,1,0", {"line 2", "no end"}},
    {"=", {"empty"}},
    {"=name,item,title,method,settings,smoke,seeds,smoke-seeds\n", {"line 1", "columns must be name,item"}},
    {"=name,title,item,method,settings,smoke,seeds,smoke-seeds,first-seed\n", {"line 1", "columns must be"}},
};

START_TEST(faults_of_experiments_are_named) {
    const char *table = refused[_i].table;
    Catalogue catalogue;
    Error error = {""};
    write_paper(directory, "fakes", *table == '=' ? table + 1 : arena_format(arena, "%s%s", EXPERIMENTS_HEADER, table));
    ck_assert_int_eq(catalogue_read(directory, fake_methods, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "reproduce/fakes/experiments.csv") != NULL, "%s", error.text);
    for (int i = 0; i < 4 && refused[_i].says[i]; i++)
        ck_assert_msg(strstr(error.text, refused[_i].says[i]) != NULL, "\"%s\" does not say %s", error.text,
                      refused[_i].says[i]);
}
END_TEST

static const struct {
    const char *old, *replacement, *says;
} paper_faults[] = {{"title,Fakes\n", "", "no row \"title\""},
                    {"year,2000\n", "", "no row \"year\""},
                    {"title,Fakes\n", "title,Fakes\ntitle,Fakes\n", "line 3: \"title\""},
                    {"venue,", "venu,", "line 4: \"venu\""},
                    {"authors,Nobody", "authors,", "no row \"authors\""},
                    {"name,value", "name,values", "columns must be name,value"}};

START_TEST(faults_of_a_paper_are_named) {
    Catalogue catalogue;
    Error error = {""};
    write_paper(directory, "fakes", fake_experiments);
    ck_assert(edit_file(in("reproduce/fakes/paper.csv"), paper_faults[_i].old, paper_faults[_i].replacement));
    ck_assert_int_eq(catalogue_read(directory, fake_methods, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "fakes/paper.csv") && strstr(error.text, paper_faults[_i].says), "%s", error.text);
}
END_TEST

START_TEST(a_folder_without_papers_is_named) {
    Catalogue catalogue;
    Error error = {""};
    ck_assert_int_eq(catalogue_read(in("none"), fake_methods, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "none/reproduce") && strstr(error.text, "--project"), "%s", error.text);
    ck_assert_int_eq(directory_create(in("reproduce/notes"), &error), 0);
    ck_assert_int_eq(catalogue_read(directory, fake_methods, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "no folder with a paper.csv"), "%s", error.text);
    write_paper(directory, "fakes", fake_experiments);
    ck_assert_int_eq(remove(in("reproduce/fakes/experiments.csv")), 0);
    ck_assert_int_eq(catalogue_read(directory, fake_methods, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "fakes/experiments.csv"), "%s", error.text);
}
END_TEST

/* ---- a method's own table ---- */

#define END                                                                                                            \
    { NULL, PARAMETER_REAL, NULL, 0, 0, NULL, NULL, NULL }
#define KIND                                                                                                           \
    { "kind", PARAMETER_CHOICE, "a", 0, 0, "a,b", "one of two", NULL }
static const struct {
    Parameter parameters[3];
    const char *says;
} bad_methods[] = {
    {{{"seeds", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "seeds: malformed or taken"},
    {{{"seed", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "seed: malformed or taken"},
    {{{"first-seed", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "first-seed: malformed or taken"},
    {{{"size", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "size: malformed or taken"},
    {{{"threads", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "threads: malformed or taken"},
    {{{"rows", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "rows: malformed or taken"},
    {{{"given", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "given: malformed or taken"},
    {{{"paper", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "paper: malformed or taken"},
    {{{"only", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "only: malformed or taken"},
    {{{"shard", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "shard: malformed or taken"},
    {{{"shards", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "shards: malformed or taken"},
    {{{"recorded", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "recorded: malformed or taken"},
    {{{"Width", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, "Width: malformed or taken"},
    {{{"", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", NULL}, END}, ": malformed or taken"},
    {{{"width", PARAMETER_INTEGER, "10", 0, 9, NULL, "x", NULL}, END}, "from 0 to 9"},
    {{{"width", PARAMETER_INTEGER, "1,2", 0, 9, NULL, "x", NULL}, END}, "not one default"},
    {{KIND, KIND, END}, "declared twice"},
    {{KIND, {"width", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", "kind=c"}, END}, "nearest: "},
    {{KIND, {"width", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", "knid=a"}, END}, "\"knid=a\" is not a choice"},
    {{KIND, {"width", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", "kind"}, END}, "\"kind\" is not a choice"},
    {{{"width", PARAMETER_INTEGER, "1", 0, 9, NULL, "x", "width=1"}, END}, "is not a choice"},
};

START_TEST(faults_of_a_method_are_named) {
    Method method = fake_method;
    const Method *const list[] = {&method, NULL};
    Catalogue catalogue;
    Error error = {""};
    method.parameters = bad_methods[_i].parameters;
    ck_assert_int_eq(method_check(&method, &error), -1);
    ck_assert_msg(strstr(error.text, bad_methods[_i].says), "%s", error.text);
    write_paper(directory, "fakes", EXPERIMENTS_HEADER FIRST);
    ck_assert_int_eq(catalogue_read(directory, list, arena, &catalogue, &error), -1); /* the same, before any use */
    ck_assert_msg(strstr(error.text, bad_methods[_i].says), "%s", error.text);
}
END_TEST

START_TEST(methods_have_names_of_their_own) {
    const Method *const twice[] = {&fake_method, &fake_method, NULL};
    Method unnamed = fake_method, odd = fake_method;
    const Method *const malformed[] = {&odd, NULL};
    Catalogue catalogue;
    Error error = {""};
    unnamed.name = "../fake", odd.smoke = "wdith=2";
    ck_assert_int_eq(method_check(&unnamed, &error), -1);
    write_paper(directory, "fakes", EXPERIMENTS_HEADER FIRST);
    ck_assert_int_eq(catalogue_read(directory, twice, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "two methods are named fake"), "%s", error.text);
    ck_assert_int_eq(catalogue_read(directory, malformed, arena, &catalogue, &error), -1);
    ck_assert_msg(strstr(error.text, "method fake, smoke") && strstr(error.text, "nearest: width"), "%s", error.text);
}
END_TEST

START_TEST(the_methods_are_in_order) {
    Error error = {""};
    for (const Method *const *method = methods; *method; method++) {
        ck_assert_msg(method_check(*method, &error) == 0, "%s", error.text);
        ck_assert((*method)->title[0] && (*method)->run && (*method)->cost && (*method)->source);
        ck_assert_msg(file_exists((*method)->source), "%s", (*method)->source);
        for (const Parameter *p = (*method)->parameters; p->name; p++) ck_assert(p->help[0]);
    }
}
END_TEST

/* ---- selecting ---- */

static const struct {
    const char *items, *only;
    int matches;
} matching[] = {{"Fig. 5a", "Fig. 5a", 1},
                {"Fig. 5a", "Fig. 5", 1},
                {"Fig. 5", "Fig. 5a", 0},
                {"Fig. 10", "Fig. 1", 0},
                {"Fig. 1", "Fig. 1", 1},
                {"Fig. 1; Fig. 10", "Fig. 10", 1},
                {"Fig. 10; Fig. 1b", "Fig. 1", 1},
                {"Fig. 2; Table 1; Fig. S1", "Table 1", 1},
                {"Fig. 2; Table 1; Fig. S1", "Fig. S1", 1},
                {"Fig. 2; Table 1; Fig. S1", "Fig. S", 0},
                {"Fig. 2; Table 1; Fig. S1", "Fig.", 1},
                {"Fig. 2; Table 1; Fig. S1", "Table", 1},
                {"Fig. 2; Table 1; Fig. S1", "Tab", 0},
                {"Fig. 2; Table 1; Fig. S10", "Fig. S1", 0},
                {"Fig. 2; Table 1", "Fig. 2; Table 1", 0},
                {"Fig. 7 as described", "Fig. 7", 1},
                {"Fig. 7 as described", "Fig. 7 as", 1},
                {"Fig. 7 as described", "Fig. 7 a", 0},
                {"Section 5.2", "Section 5", 0},
                {"Section 5.2", "Section 5.2", 1},
                {"Section 5.21", "Section 5.2", 0},
                {"Section 5. Results", "Section 5", 1},
                {"Fig. 5a", "Fig. 5b", 0},
                {"Fig. 5a", "fig. 5a", 0},
                {"Fig. 5a", "5a", 0},
                {"Fig. 5ab", "Fig. 5a", 0},
                {"", "Fig. 5a", 0},
                {";; ;Fig. 5a;", "Fig. 5a", 1}};

START_TEST(items_match_up_to_where_a_number_or_a_word_ends) {
    for (size_t i = 0; i < sizeof matching / sizeof *matching; i++)
        ck_assert_msg(item_matches(matching[i].items, matching[i].only) == matching[i].matches, "\"%s\" in \"%s\"",
                      matching[i].only, matching[i].items);
}
END_TEST

/* "paper/experiment[rows]" of what is chosen, or the error. */
static const char *selected(const Catalogue *catalogue, const char *word, const char *paper, const char *only) {
    Selection selection;
    Error error = {""};
    if (selection_make(catalogue, word, paper, only, arena, &selection, &error))
        return arena_copy_text(arena, error.text);
    const char *text = "";
    for (size_t i = 0; i < selection.n; i++) {
        const Chosen *chosen = &selection.chosen[i];
        size_t n = 0;
        text = arena_format(arena, "%s%s%s/%s", text, i ? " " : "", chosen->experiment->paper->name,
                            chosen->experiment->name);
        for (size_t r = 0; r < chosen->experiment->n_rows; r++) n += chosen->rows[r];
        ck_assert_int_eq(chosen->whole, n == chosen->experiment->n_rows);
        for (size_t r = 0; r < chosen->experiment->n_rows && !chosen->whole; r++)
            if (chosen->rows[r]) text = arena_format(arena, "%s:%zu", text, r + 1);
    }
    return text;
}

#define OTHERS                                                                                                         \
    EXPERIMENTS_HEADER "fake,Fig. 5d,Again,fake,,,1,1,0\n"                                                             \
                       "fakes,Fig. 6,Named as a paper,fake,,,1,1,0\n"

static const struct {
    const char *word, *paper, *only, *chosen, *says; /* chosen, or what the error says */
} selections[] = {
    {NULL, NULL, NULL, "fakes/fake fakes/panels fakes/shared others/fake others/fakes", NULL},
    {"all", NULL, NULL, "fakes/fake fakes/panels fakes/shared others/fake others/fakes", NULL},
    {"all", "others", NULL, "others/fake others/fakes", NULL},
    {NULL, "fakes", "", "fakes/fake fakes/panels fakes/shared", NULL},
    {"panels", NULL, NULL, "fakes/panels", NULL},
    {"panels", "fakes", NULL, "fakes/panels", NULL},
    {"fakes/fake", NULL, NULL, "fakes/fake", NULL},
    {"others/fakes", NULL, NULL, "others/fakes", NULL},
    {"others", NULL, NULL, "others/fake others/fakes", NULL},
    {"fakes", NULL, NULL, "fakes/fake fakes/panels fakes/shared", NULL},
    {"fakes", "others", NULL, "others/fakes", NULL},
    {"fake", "others", NULL, "others/fake", NULL},
    {NULL, NULL, "Fig. 5", "fakes/panels others/fake", NULL},
    {NULL, NULL, "Fig. 5b", "fakes/panels:2", NULL},
    {"panels", NULL, "Fig. 5c", "fakes/panels:3", NULL},
    {NULL, NULL, "Fig. 10", "fakes/shared", NULL},
    {NULL, NULL, "Section 2.1", "fakes/shared", NULL},
    {"fake", NULL, NULL, NULL, "both fakes and others have one; write fakes/fake"},
    {"panel", NULL, NULL, NULL, "unknown experiment \"panel\" (nearest: panels)"},
    {"zzzz", NULL, NULL, NULL, "unknown experiment \"zzzz\"; `scaledown list` names them all"},
    {"pnaels", "fakes", NULL, NULL, "nearest: panels"},
    {"other", NULL, NULL, NULL, "nearest: others"},
    {"fkaes/fake", NULL, NULL, NULL, "unknown paper \"fkaes"},
    {"fakes/panel", NULL, NULL, NULL, "unknown experiment \"panel\" (nearest: panels)"},
    {"panels", "others", NULL, NULL, "unknown experiment \"panels\""},
    {NULL, "fake", NULL, NULL, "unknown paper \"fake\" (nearest: fakes)"},
    {"fakes/fake", "others", NULL, NULL, "fakes"},
    {NULL, NULL, "Fig. 1", NULL, "no experiment makes \"Fig. 1\""},
    {NULL, "others", "Fig. 5a", NULL, "no experiment of others makes \"Fig. 5a\""},
    {"panels", NULL, "Fig. 6", NULL, "no experiment named panels makes \"Fig. 6\""},
    {"", NULL, NULL, NULL, "unknown experiment \"\""},
};

START_TEST(selections_find_or_say_what_is_near) {
    Catalogue catalogue;
    Error error = {""};
    write_paper(directory, "fakes", fake_experiments);
    write_paper(directory, "others", OTHERS);
    ck_assert_msg(catalogue_read(directory, fake_methods, arena, &catalogue, &error) == 0, "%s", error.text);
    const char *said = selected(&catalogue, selections[_i].word, selections[_i].paper, selections[_i].only);
    if (selections[_i].chosen)
        ck_assert_str_eq(said, selections[_i].chosen);
    else
        ck_assert_msg(strstr(said, selections[_i].says) != NULL, "%s", said);
}
END_TEST

/* ---- hostile tables ---- */

/* One to eight edits of the real table: a byte becomes another, goes, or comes; a stretch is repeated or cut. */
static size_t mutate(Mt19937 *mt, const char *original, size_t size, char *mutant) {
    static const char likely[] = ",\"\n=;-.0123456789 \r\t\x01\x1b\x80\xff";
    memcpy(mutant, original, size);
    for (uint32_t edits = 1 + mt19937_next(mt) % 8; edits > 0 && size > 1; edits--) {
        const size_t at = mt19937_next(mt) % size, length = 1 + mt19937_next(mt) % 40;
        const size_t end = at + length < size ? at + length : size;
        const char byte = likely[mt19937_next(mt) % (sizeof likely - 1)];
        switch (mt19937_next(mt) % 5) {
        case 0:
            mutant[at] = byte;
            break;
        case 1:
            memmove(mutant + at, mutant + at + 1, size - at - 1);
            size--;
            break;
        case 2:
            memmove(mutant + at + 1, mutant + at, size - at);
            mutant[at] = byte;
            size++;
            break;
        case 3:
            memmove(mutant + end, mutant + at, size - at);
            size += end - at;
            break;
        case 4:
            memmove(mutant + at, mutant + end, size - end);
            size -= end - at;
            break;
        }
    }
    return size;
}

START_TEST(no_mutant_of_the_real_table_does_harm) {
    enum { MUTANTS = 1000 };
    char *original = slurp("reproduce/mnist1d/experiments.csv"), *mutant = malloc(strlen(original) * 2 + 1000);
    size_t accepted = 0;
    Mt19937 mt;
    mt19937_seed(&mt, 9);
    write_paper(directory, "mnist1d", original);
    for (int i = 0; i < MUTANTS; i++) {
        Arena *own = arena_create(0);
        Catalogue catalogue;
        Error error = {""};
        const size_t size = mutate(&mt, original, strlen(original), mutant);
        ck_assert_int_eq(file_write(in("reproduce/mnist1d/experiments.csv"), mutant, size, &error), 0);
        if (catalogue_read(directory, methods, own, &catalogue, &error) == 0) {
            accepted++;
            for (size_t e = 0; e < catalogue.papers[0].n_experiments; e++) { /* what it names can be made */
                Grid grid;
                Error ignored = {""};
                const Experiment *experiment = &catalogue.papers[0].experiments[e];
                ck_assert(strlen(experiment_items(experiment, own)) > 0);
                if (grid_of(experiment, "", own, &grid, &ignored) == 0)
                    ck_assert_uint_eq(grid.n_cells, grid.n_groups * grid.n_seeds);
            }
        } else {
            ck_assert_msg(strstr(error.text, "experiments.csv") != NULL, "mutant %d: %s", i, error.text);
        }
        arena_destroy(own);
    }
    ck_assert_uint_gt(accepted, MUTANTS / 50);
    ck_assert_uint_lt(accepted, MUTANTS * 9 / 10);
    free(original), free(mutant);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

START_TEST(what_takes_a_night_says_so) {
    ExperimentRow row = {.item = "Fig. 1; overnight"};
    const Experiment experiment = {.n_rows = 1, .rows = &row};
    ck_assert(experiment_takes_a_night(&experiment));
    row.item = "Fig. 1; laptop";
    ck_assert(!experiment_takes_a_night(&experiment));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("papers");
    TCase *t = tcase_create("tables");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, a_project_is_read);
    tcase_add_test(t, items_are_named_once);
    tcase_add_test(t, tiny_sizes_are_of_the_row_then_of_the_method);
    tcase_add_test(t, there_is_no_cap);
    tcase_add_test(t, long_lists_are_read_in_time);
    tcase_add_loop_test(t, faults_of_experiments_are_named, 0, COUNT(refused));
    tcase_add_loop_test(t, faults_of_a_paper_are_named, 0, COUNT(paper_faults));
    tcase_add_test(t, a_folder_without_papers_is_named);
    tcase_add_loop_test(t, faults_of_a_method_are_named, 0, COUNT(bad_methods));
    tcase_add_test(t, methods_have_names_of_their_own);
    tcase_add_test(t, the_methods_are_in_order);
    tcase_add_test(t, items_match_up_to_where_a_number_or_a_word_ends);
    tcase_add_loop_test(t, selections_find_or_say_what_is_near, 0, COUNT(selections));
    tcase_add_test(t, what_takes_a_night_says_so);
    tcase_add_test(t, no_mutant_of_the_real_table_does_harm);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
