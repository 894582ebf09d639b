/* The arguments of the MNIST-1D generator as command-line options, the same for all commands that generate data.  Names
 * and meanings are those of the published package. */
#ifndef SCALEDOWN_COMMAND_MNIST1D_OPTIONS_H
#define SCALEDOWN_COMMAND_MNIST1D_OPTIONS_H

#include "base/options.h"
#include "base/text.h"
#include "data/mnist1d.h"

/* The rows of the options but for the seed, which each command names itself; ends with a NULL name. */
extern const Option mnist1d_options[];

/* The first of these options that was given, or NULL. */
const char *mnist1d_options_given(const Options *options);
/* seed: the name of the option that holds it.  Templates are read from their file into the arena.  A number of samples
 * that is no multiple of 10 is used as the published package does, and said on standard error.  An error names the
 * option. */
int mnist1d_options_read(const Options *options, const char *seed, Arena *arena, Mnist1dOptions *generator,
                         Error *error);
/* "name,value" lines of all arguments that were read, the seed under that name. */
void mnist1d_options_describe(const Options *options, const char *seed, const Mnist1dOptions *generator, Text *text);

#endif
