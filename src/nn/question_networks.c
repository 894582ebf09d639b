#include "nn/question_networks.h"

#include "nn/layers.h"

enum { CLASSES = 10 };

/* ---- the parts ---- */

static Var block(Pass *p, const char *name, size_t channels, Var x) {
    return relu_max_pooling(p, 2, 2, 0, convolution(p, name, (Filters){.channels = channels, .window = 5}, x));
}

static Var head(Pass *p, size_t hidden, double rate, Var x) {
    x = linear_relu(p, "fc1", hidden, flatten(p, x));
    return linear(p, "fc2", CLASSES, dropout(p, "dropout", rate, x));
}

/* ---- the networks ---- */

static Var two_blocks(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    x = block(p, "conv1", s->network->channels1, x);
    x = block(p, "conv2", s->network->channels2, x);
    return head(p, s->network->hidden, s->dropout, x);
}

static Var with_batch_norm(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    p->scales = s->scales;
    x = batch_norm(p, "bn1", block(p, "conv1", 10, x));
    return head(p, 50, s->dropout, block(p, "conv2", 20, x));
}

static Var with_batch_norm_and_dropout(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    p->scales = s->scales;
    x = batch_norm(p, "bn1", block(p, "conv1", 10, x));
    x = dropout_channels(p, "dropout1", s->channel_dropout, x);
    return head(p, 50, s->dropout, block(p, "conv2", 20, x));
}

static Var with_dropout_and_batch_norm(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    p->scales = s->scales;
    x = dropout_channels(p, "dropout1", s->channel_dropout, block(p, "conv1", 10, x));
    x = batch_norm(p, "bn1", x);
    return head(p, 50, s->dropout, block(p, "conv2", 20, x));
}

static Var with_third_convolution(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    x = block(p, "conv2", 20, block(p, "conv1", 10, x));
    x = convolution_relu(p, "conv3", (Filters){.channels = 30, .window = 3}, x);
    return head(p, 50, s->dropout, x);
}

static Var with_third_block(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    x = block(p, "conv2", 20, block(p, "conv1", 10, x));
    x = relu_max_pooling(p, 2, 2, 0, convolution(p, "conv3", (Filters){.channels = 40, .window = 2}, x));
    return head(p, 50, s->dropout, x);
}

static Var one_linear(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    x = flatten(p, block(p, "conv2", 20, block(p, "conv1", 10, x)));
    return linear(p, "fc1", CLASSES, dropout(p, "dropout", s->dropout, x));
}

static Var one_linear_relu(Pass *p, const void *settings, Var x) {
    return relu(p, one_linear(p, settings, x));
}

static Var one_block(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    return head(p, 50, s->dropout, block(p, "conv1", 10, x));
}

static Var ultimate(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    p->scales = s->scales;
    x = batch_norm(p, "bn1", convolution_relu(p, "conv1", (Filters){.channels = 32, .window = 3}, x));
    x = dropout(p, "dropout1", s->dropout1, x);
    x = batch_norm(p, "bn2", convolution_relu(p, "conv2", (Filters){.channels = 32, .window = 2, .stride = 2}, x));
    x = dropout(p, "dropout2", s->dropout2, x);
    return linear(p, "fc2", CLASSES, linear_relu(p, "fc1", 128, flatten(p, x)));
}

static Var ultimate_of_second(Pass *p, const void *settings, Var x) {
    const QuestionSettings *s = settings;
    p->scales = s->scales;
    x = batch_norm(p, "bn1", convolution_relu(p, "conv1", (Filters){.channels = 25, .window = 5, .padding = 2}, x));
    x = max_pooling(p, 2, 2, 0, x);
    x = batch_norm(p, "bn2", convolution_relu(p, "conv2", (Filters){.channels = 50, .window = 5, .padding = 2}, x));
    return head(p, 128, s->dropout, max_pooling(p, 2, 2, 0, x));
}

const QuestionNetwork question_networks[] = {
    {"default", "Q1 to Q6", two_blocks, 10, 20, 50, 21840, 480500},
    {"half", "Q7 as assigned: half the channels and units", two_blocks, 5, 10, 25, 5675, 156250},
    {"half-channels", "Q7 as the first team coded it: half the channels", two_blocks, 5, 10, 50, 9950, 160500},
    {"double", "Q7 as assigned: twice the channels and units", two_blocks, 20, 40, 100, 85670, 1633000},
    {"double-channels", "Q7 as the first team coded it: twice the channels", two_blocks, 20, 40, 50, 53120, 1600500},
    {"batch-norm", "Q8: batch normalisation behind the first block", with_batch_norm, 0, 0, 0, 21860, 480500},
    {"batch-norm-dropout", "Q9: then dropout of channels", with_batch_norm_and_dropout, 0, 0, 0, 21860, 480500},
    {"dropout-batch-norm", "Q10: dropout of channels, then batch normalisation", with_dropout_and_batch_norm, 0, 0, 0,
     21860, 480500},
    {"third-convolution", "Q11: a third convolution, 20 to 30 channels, without pooling", with_third_convolution, 0, 0,
     0, 17270, 492100},
    {"third-block", "Q11 of the second team: a third block, 20 to 40 channels", with_third_block, 0, 0, 0, 11080,
     495300},
    {"one-linear-relu", "Q12: one linear layer, and relu on its logits", one_linear_relu, 0, 0, 0, 8490, 467200},
    {"one-linear", "Q12 without that relu", one_linear, 0, 0, 0, 8490, 467200},
    {"one-block", "Q12 of the second team: without the second block", one_block, 0, 0, 0, 72820, 216500},
    {"ultimate", "Q13", ultimate, 0, 0, 0, 698218, 1580416},
    {"ultimate-second", "Q13 of the second team", ultimate_of_second, 0, 0, 0, 347118, 6929880},
    {NULL, NULL, NULL, 0, 0, 0, 0, 0}};

QuestionSettings question_settings(void) {
    return (QuestionSettings){
        .dropout = 0.5, .channel_dropout = 0.5, .dropout1 = 0.3, .dropout2 = 0.4, .scales = {INITIAL_UNIFORM, 1}};
}

const QuestionNetwork *question_network_by_name(const char *name, Error *error) {
    return network_row(question_networks, sizeof *question_networks, name, error);
}

Network *question_network_create(const QuestionNetwork *kind, const QuestionSettings *settings, Shape input,
                                 Arena *arena) {
    QuestionSettings *own = arena_alloc(arena, 1, sizeof *own);
    *own = *settings;
    own->network = kind;
    return network_create(kind->name, kind->function, own, input, arena);
}
