/* `scaledown figure-data`: what Figure 1 draws, as CSV. */
#ifndef SCALEDOWN_DATA_FIGURE_COMMAND_H
#define SCALEDOWN_DATA_FIGURE_COMMAND_H

#include "base/error.h"

/* Into the folder --out, each file whole or absent:
 *   figure1_templates.csv  the ten templates, standardised
 *   figure1_examples.csv   the first training example of each class of the default data set
 *   figure1_stages.csv     one example after every stage of the generator
 * with the columns panel (0, 1, ...), name, point, x, t.  argv[0] is the first word after the sub-command. */
int figure_data_command(int argc, char **argv, Error *error);

#endif
