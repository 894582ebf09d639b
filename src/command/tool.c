#include "command/tool.h"

#include "command/table.h"

static const Option help_option[] = {{"help", NULL, NULL, "this list"}, {0}};

static int run(const Tool *tool, const Option *table, int argc, char **argv, Arena *arena, Error *error) {
    const char *name = tool->name, *words = tool->words;
    Options options;
    if (options_parse(&options, table, argc, argv, arena, error)) return EXIT_USAGE;
    if (options_given(&options, "help")) {
        help_print(arena_format(arena, "usage: scaledown %s%s%s [options]\n%s\n", name, words ? " " : "",
                                words ? words : "", tool->purpose),
                   &options);
        return EXIT_SUCCESS;
    }
    if (options.n_words > tool->most_words)
        return error_set(error, "%s: unexpected word \"%.120s\"; see scaledown %s --help", name,
                         options.words[tool->most_words], name),
               EXIT_USAGE;
    if (options.n_words < tool->least_words)
        return error_set(error, "%s: expected %s; see scaledown %s --help", name, words, name), EXIT_USAGE;
    return tool->work(&options, arena, error);
}

int tool_run(const Tool *tool, int argc, char **argv, Error *error) {
    Arena *arena = arena_create(0);
    const Option *table = NULL;
    for (size_t i = 0; tool->options[i]; i++) table = options_join(table, tool->options[i], arena);
    const int status = run(tool, options_join(table, help_option, arena), argc, argv, arena, error);
    arena_destroy(arena);
    return status;
}
