#include "command/models.h"

#include <stdio.h>
#include <string.h>

#include "base/options.h"
#include "command/table.h"
#include "command/tool.h"
#include "nn/airbench.h"
#include "nn/generalization_networks.h"
#include "nn/inception_v3.h"
#include "nn/models.h"
#include "nn/question_networks.h"

static const Option models_options[] = {{"csv", NULL, NULL, "CSV instead of an aligned table"}, {0}};

static const char purpose[] =
    "Lists the networks, or the layers of one: those for signals of 40 points at their published "
    "sizes, questions-NETWORK for images of 28 x 28, and rethinking-NETWORK, of the study of "
    "random labels, for images and signals, inception-v3 for ImageNet's, airbench for CIFAR-10.  The output of a layer "
    "is that of one "
    "example, "
    "channels x rows x columns; multiply-adds are those of one example forward in linear, "
    "convolution and recurrent layers.";

enum { SIGNAL = 40, CLASSES = 10 };

static const Network *signal_network(const ModelKind *kind, Arena *arena) {
    const Model model = model_published(kind, SIGNAL, CLASSES);
    return model_network(&model, arena);
}

static const Network *image_network(const QuestionNetwork *kind, Arena *arena) {
    const QuestionSettings settings = question_settings();
    return question_network_create(kind, &settings, shape_image(1, 28, 28, 1), arena);
}

static const Network *rethinking_network(const GeneralizationNetwork *kind, Arena *arena) {
    return generalization_network_create(kind, 0, arena);
}

typedef struct Listed {
    const char *name, *purpose;
    const Network *network;
} Listed;

static const InceptionV3 least_inception_v3 = {.size = INCEPTION_V3_LEAST, .outputs = IMAGENET_CLASSES, .thinner = 1};

/* All that there are; the last has no name. */
static const Listed *all_networks(Arena *arena) {
    size_t n = 4, at = 0;
    for (const ModelKind *kind = model_kinds; kind->name; kind++) n++;
    for (const QuestionNetwork *kind = question_networks; kind->name; kind++) n++;
    for (const GeneralizationNetwork *kind = generalization_networks; kind->name; kind++) n++;
    Listed *all = arena_alloc(arena, n, sizeof *all);
    for (const ModelKind *kind = model_kinds; kind->name; kind++)
        all[at++] = (Listed){kind->name, kind->purpose, signal_network(kind, arena)};
    for (const QuestionNetwork *kind = question_networks; kind->name; kind++)
        all[at++] =
            (Listed){arena_format(arena, "questions-%s", kind->name), kind->purpose, image_network(kind, arena)};
    for (const GeneralizationNetwork *kind = generalization_networks; kind->name; kind++)
        all[at++] =
            (Listed){arena_format(arena, "rethinking-%s", kind->name), kind->purpose, rethinking_network(kind, arena)};
    all[at++] = (Listed){"inception-v3", "Inception v3 with its auxiliary head",
                         inception_v3_create(&inception_v3_published, arena)};
    all[at++] = (Listed){"inception-v3-75", "likewise on the smallest images that it takes, without that head",
                         inception_v3_create(&least_inception_v3, arena)};
    all[at++] = (Listed){"airbench", "a network that reaches 94 % on CIFAR-10 with little computation",
                         airbench_create(AIRBENCH_WIDTH, arena)};
    all[at] = (Listed){NULL, NULL, NULL};
    return all;
}

static Table list_networks(Arena *arena) {
    Table table = table_create("lrrw", arena);
    table_header(&table, "model,parameters,multiply_adds,what");
    for (const Listed *listed = all_networks(arena); listed->name; listed++) {
        table_add(&table, listed->name);
        table_format(&table, "%zu", listed->network->n_parameters);
        table_format(&table, "%zu", network_multiply_adds(listed->network));
        table_add(&table, listed->purpose);
    }
    return table;
}

/* "10x24x24": all dimensions but the batch. */
static const char *shape_text(Shape shape, Arena *arena) {
    const char *text = "";
    for (int i = 0; i + 1 < shape.rank; i++) text = arena_format(arena, i ? "%sx%zu" : "%s%zu", text, shape.dim[i]);
    return text;
}

static void add_row(Table *table, const char *name, const char *kind, Shape output, size_t parameters,
                    size_t multiply_adds) {
    table_add(table, name);
    table_add(table, kind);
    table_add(table, shape_text(output, table->arena));
    table_format(table, "%zu", parameters);
    table_format(table, "%zu", multiply_adds);
}

static Table list_layers(const Network *network, Arena *arena) {
    Table table = table_create("lllrr", arena);
    table_header(&table, "layer,kind,output,parameters,multiply_adds");
    add_row(&table, "input", "", network->input, 0, 0);
    for (size_t i = 0; i < network->n_layers; i++) {
        const NetworkLayer *layer = &network->layers[i];
        add_row(&table, layer->name, layer->kind, layer->output, layer->parameters, layer->multiply_adds);
    }
    add_row(&table, "all", "", network->output, network->n_parameters, network_multiply_adds(network));
    return table;
}

static const Network *network_by_name(const char *name, Arena *arena, Error *error) {
    Nearest nearest;
    nearest_begin(&nearest, name);
    for (const Listed *listed = all_networks(arena); listed->name; listed++) {
        if (strcmp(name, listed->name) == 0) return listed->network;
        nearest_consider(&nearest, listed->name);
    }
    error_set(error, "unknown network \"%.80s\"%s%s%s; `scaledown models` lists them", name,
              nearest.name ? " (nearest: " : "", nearest.name ? nearest.name : "", nearest.name ? ")" : "");
    return NULL;
}

static int work(const Options *options, Arena *arena, Error *error) {
    const Network *network = NULL;
    if (options->n_words && !(network = network_by_name(options->words[0], arena, error))) return EXIT_USAGE;
    const Table table = network ? list_layers(network, arena) : list_networks(arena);
    if (options_given(options, "csv"))
        table_csv(&table, stdout);
    else
        table_print(&table, 0, stdout);
    return EXIT_SUCCESS;
}

int models_command(int argc, char **argv, Error *error) {
    static const Tool tool = {"models", "[NAME]", purpose, 0, 1, {models_options}, work};
    return tool_run(&tool, argc, argv, error);
}
