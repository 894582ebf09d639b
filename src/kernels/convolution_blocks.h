/* A convolution's pass (convolution_pass.h) by blocks for the caches, of whole panels of examples. */
#ifndef SCALEDOWN_KERNELS_CONVOLUTION_BLOCKS_H
#define SCALEDOWN_KERNELS_CONVOLUTION_BLOCKS_H

#include "kernels/convolution_pass.h"

/* Whether batches are long enough: the rest of a panel takes about as long as a whole one. */
int convolution_has_panels(const Convolution *conv);
void convolution_by_blocks(const Pass *pass);

#endif
