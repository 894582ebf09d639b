/* scaledown train questions-NETWORK: one training run of a network for images (nn/question_networks.h). */
#ifndef SCALEDOWN_COMMAND_TRAIN_QUESTIONS_H
#define SCALEDOWN_COMMAND_TRAIN_QUESTIONS_H

#include "base/error.h"

/* As train_command (train.h). */
int train_questions_command(int argc, char **argv, Error *error);

#endif
