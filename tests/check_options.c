/* The command line. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "base/text.h"
#include "sandbox.h"
#include "suite.h"

/* ---- options ---- */

static const Option table[] = {{"num-samples", "N", "5000", "how many examples"},
                               {"train-split", "F", "0.8", "part for training"},
                               {"shuffle-seq", NULL, NULL, "permute the positions"},
                               {"out", "DIR", NULL, "folder to write to"},
                               {"help", NULL, NULL, "show this"},
                               {NULL, NULL, NULL, NULL}};
static Options options;

static int parse_line(const char *line) {
    static char copy[256], *argv[16];
    int argc = 0;
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    error.text[0] = '\0';
    return options_parse(&options, table, argc, argv, arena, &error);
}

START_TEST(options_anywhere) {
    long long samples;
    double split;
    ck_assert_msg(parse_line("run --num-samples 40 fast --train-split=-.5 --shuffle-seq -5 -- --out") == 0, "%s",
                  error.text);
    ck_assert_int_eq(options.n_words, 4);
    ck_assert_str_eq(options.words[0], "run");
    ck_assert_str_eq(options.words[1], "fast");
    ck_assert_str_eq(options.words[2], "-5");
    ck_assert_str_eq(options.words[3], "--out");
    ck_assert_int_eq(options_integer(&options, "num-samples", 10, 100, &samples, &error), 0);
    ck_assert_int_eq(samples, 40);
    ck_assert_int_eq(options_double(&options, "train-split", -1, 1, &split, &error), 0);
    ck_assert(split == -0.5);
    ck_assert(options_given(&options, "shuffle-seq") && !options_given(&options, "out"));
    ck_assert_ptr_null(options_text(&options, "out"));
    ck_assert_int_eq(parse_line("-h"), 0);
    ck_assert(options_given(&options, "help") && !options_given(&options, "num-samples"));
    ck_assert_str_eq(options_text(&options, "num-samples"), "5000");
    ck_assert_int_eq(parse_line("--num-samples -3"), 0);
    ck_assert_str_eq(options_text(&options, "num-samples"), "-3");
}
END_TEST

START_TEST(options_refuse_mistakes) {
    static const char *const cases[][3] = {{"--out ~/x", "--out is '~/x'", "./~/x"},
                                           {"--out=~", "--out is '~'", "the shell has put no folder for the ~"},
                                           {"--num-sample 4", "unknown option --num-sample;", "--num-samples?"},
                                           {"--NUM-samples=4", "--NUM-samples", "did you mean --num-samples?"},
                                           {"--split 1", "--split", "did you mean --train-split?"},
                                           {"--otu x", "--otu", "did you mean --out?"},
                                           {"--qqqqqq", "--qqqqqq; see", "--help"},
                                           {"--=3", "unknown option", "--help"},
                                           {"-x", "unknown option -x", "--help"},
                                           {"--out", "--out needs a value", "--out DIR"},
                                           {"--out --shuffle-seq", "--out needs a value", "--out DIR"},
                                           {"--out=", "--out needs a value", "--out DIR"},
                                           {"--shuffle-seq=1", "--shuffle-seq", "takes no value"},
                                           {"--out a --out=a", "--out", "twice"},
                                           {"-h --help", "--help", "twice"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(parse_line(cases[i][0]) == -1, "'%s' was accepted", cases[i][0]);
        check_error_names(cases[i][1], cases[i][2]);
    }
}
END_TEST

START_TEST(options_refuse_numbers) {
    static const char *const texts[] = {"9", "101", "12x", "1e2", "0x10", "99999999999999999999", "nan", "-40", "40.0"};
    long long integer = 7;
    double number = 7;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq(parse_line(arena_format(arena, "--num-samples %s", texts[i])), 0);
        ck_assert_int_eq(options_integer(&options, "num-samples", 10, 100, &integer, &error), -1);
        check_error_names(arena_format(arena, "--num-samples is '%s'", texts[i]), "from 10 to 100");
    }
    static const char *const reals[] = {"1.5", "-0.1", "1e999", "nan", "inf", "0,5", "half", "1.0000000000000002"};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        ck_assert_int_eq(parse_line(arena_format(arena, "--train-split %s", reals[i])), 0);
        ck_assert_int_eq(options_double(&options, "train-split", 0, 1, &number, &error), -1);
        check_error_names(arena_format(arena, "--train-split is '%s'", reals[i]), "from 0 to 1");
    }
    ck_assert(integer == 7 && number == 7);
    ck_assert_int_eq(options_integer(&options, "out", 0, 1, &integer, &error), -1);
    check_error_names("--out", "is needed");
}
END_TEST

START_TEST(options_know_their_choices) {
    static const char *const choices[] = {"fast", "slow", "never", NULL};
    int index = 7;
    ck_assert_int_eq(parse_line("--out slow"), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), 0);
    ck_assert_int_eq(index, 1);
    ck_assert_int_eq(parse_line("--out slo"), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), -1);
    check_error_names("--out is 'slo'", "fast or slow or never");
    ck_assert_int_eq(parse_line(""), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), -1);
    check_error_names("--out", "is needed");
    ck_assert_int_eq(index, 1);
}
END_TEST

START_TEST(options_show_help) {
    ck_assert_int_eq(parse_line(""), 0);
    FILE *stream = fopen(in_folder("help"), "w");
    options_help(&options, 80, stream);
    ck_assert_int_eq(fclose(stream), 0);
    check_content(in_folder("help"), "  --num-samples N  how many examples (default 5000)\n"
                                     "  --train-split F  part for training (default 0.8)\n"
                                     "  --shuffle-seq    permute the positions\n"
                                     "  --out DIR        folder to write to\n"
                                     "  --help           show this\n");
}
END_TEST

START_TEST(help_is_as_wide_as_a_terminal) {
    static const Option rows[] = {{"long", "N", "1",
                                   "a text that does not fit into what is left of eighty columns, \xc3\xa4, "
                                   "so that it goes on below"},
                                  {NULL, NULL, NULL, NULL}};
    const Options wide = {.table = rows};
    FILE *stream = fopen(in_folder("help"), "w");
    options_help(&wide, 80, stream);
    ck_assert_int_eq(fclose(stream), 0);
    check_content(in_folder("help"),
                  "  --long N  a text that does not fit into what is left of eighty columns, \xc3\xa4, so\n"
                  "            that it goes on below (default 1)\n"); /* 79 columns, 80 bytes */
    stream = fopen(in_folder("help"), "w");
    options_help(&wide, 39, stream); /* too narrow for both beside each other */
    ck_assert_int_eq(fclose(stream), 0);
    check_content(in_folder("help"), "  --long N\n"
                                     "        a text that does not fit into\n"
                                     "        what is left of eighty\n"
                                     "        columns, \xc3\xa4, so that it goes on\n"
                                     "        below (default 1)\n");
}
END_TEST

START_TEST(some_options_repeat) {
    static const Option rows[] = {
        {"from", "DIR...", NULL, "a folder"}, {"to", "DIR", NULL, "another"}, {NULL, NULL, NULL, NULL}};
    char *line[] = {"--from", "a", "--to", "b", "--from=c", "d"}, *twice[] = {"--to", "a", "--to", "b"};
    ck_assert_int_eq(options_parse(&options, rows, 6, line, arena, &error), 0);
    ck_assert_str_eq(options_text(&options, "from"), "a");
    ck_assert_int_eq(options.n_given, 3);
    ck_assert_str_eq(options.given[1].option->name, "to");
    ck_assert_str_eq(options.given[2].option->name, "from");
    ck_assert_str_eq(options.given[2].value, "c");
    ck_assert_int_eq(options.n_words, 1);
    ck_assert_int_eq(options_parse(&options, rows, 4, twice, arena, &error), -1);
    check_error_names("--to", "given twice");
}
END_TEST

START_TEST(options_have_no_limit) {
    enum { MANY = 3000 };
    Option *rows = arena_alloc_zero(arena, MANY + 1, sizeof *rows);
    char **line = arena_alloc(arena, 3 * MANY, sizeof *line);
    for (int i = 0; i < MANY; i++) {
        rows[i] = (Option){arena_format(arena, "option-%d", i), "N", NULL, "a number"};
        line[3 * i] = arena_format(arena, "--option-%d", i);
        line[3 * i + 1] = arena_format(arena, "%d", i);
        line[3 * i + 2] = arena_format(arena, "word%d", i);
    }
    const Option *joined = options_join(rows, table, arena);
    ck_assert_msg(options_parse(&options, joined, 3 * MANY, line, arena, &error) == 0, "%s", error.text);
    ck_assert_int_eq(options.n_words, MANY);
    ck_assert_str_eq(options.words[MANY - 1], "word2999");
    ck_assert_str_eq(options_text(&options, "option-2999"), "2999");
    ck_assert_str_eq(options_text(&options, "num-samples"), "5000");
    char *mistyped[] = {"--option-29999"};
    ck_assert_int_eq(options_parse(&options, joined, 1, mistyped, arena, &error), -1);
    check_error_names("unknown option --option-29999", "did you mean --option-2999?");
    ck_assert_ptr_null(options_join(NULL, NULL, arena)->name);
}
END_TEST

START_TEST(long_names_are_near_as_well) {
    char name[200], word[200];
    memset(name, 'n', 199);
    name[199] = '\0';
    strcpy(word, name);
    word[100] = 'm';
    const Option rows[] = {{"short", NULL, NULL, "x"}, {name, NULL, NULL, "x"}, {NULL, NULL, NULL, NULL}};
    char *line[] = {arena_format(arena, "--%s", word)};
    ck_assert_int_eq(options_parse(&options, rows, 1, line, arena, &error), -1);
    check_error_names("unknown option --nnn", arena_format(arena, "did you mean --%s?", name));
    char *huge = arena_alloc(arena, 1000001, 1);
    memset(huge, 'h', 1000000);
    huge[1000000] = '\0';
    char *typed[] = {arena_format(arena, "--%s", huge)};
    ck_assert_int_eq(options_parse(&options, rows, 1, typed, arena, &error), -1);
    check_error_names("unknown option --hhh", "; see --help");
    char *single[] = {arena_format(arena, "-%s", huge)};
    ck_assert_int_eq(options_parse(&options, rows, 1, single, arena, &error), -1);
    check_error_names("unknown option -hhh", "options begin with --");
    static const char *const names[] = {"list", "estimate", "run", NULL};
    ck_assert_str_eq(nearest_of("rnu", names), "run");
    ck_assert_ptr_null(nearest_of("qqqqqq", names));
    ck_assert_ptr_null(nearest_of("lottery-nope", (const char *const[]){"lottery-runtime", NULL})); /* far */
    ck_assert_str_eq(nearest_of("lottery-rnutme", (const char *const[]){"lottery-runtime", NULL}), "lottery-runtime");
    ck_assert_ptr_null(nearest_of(huge, names));
}
END_TEST

START_TEST(many_choices_are_counted) {
    const char *choices[401];
    for (int i = 0; i < 400; i++) choices[i] = arena_format(arena, "choice-number-%d", i);
    choices[400] = NULL;
    int index;
    ck_assert_int_eq(parse_line("--out choice-number-399"), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), 0);
    ck_assert_int_eq(index, 399);
    ck_assert_int_eq(parse_line("--out choice-number-x77"), 0);
    ck_assert_int_eq(options_choice(&options, "out", choices, &index, &error), -1);
    check_error_names("choice-number-0 or choice-number-1 or", "(nearest: choice-number-");
    check_error_names(" more, see --help", "(nearest: choice-number-");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("options");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, options_anywhere);
    tcase_add_test(tests, options_refuse_mistakes);
    tcase_add_test(tests, options_refuse_numbers);
    tcase_add_test(tests, options_know_their_choices);
    tcase_add_test(tests, options_show_help);
    tcase_add_test(tests, help_is_as_wide_as_a_terminal);
    tcase_add_test(tests, some_options_repeat);
    tcase_add_test(tests, options_have_no_limit);
    tcase_add_test(tests, long_names_are_near_as_well);
    tcase_add_test(tests, many_choices_are_counted);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
