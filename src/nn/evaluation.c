#include "nn/evaluation.h"

#include "exact/exact.h"
#include "kernels/loss.h"

/* -log softmax at the label of column n of logits [classes][batch]. */
static double example_loss(size_t classes, size_t batch, const real *logits, size_t n, uint16_t label) {
    double largest = (double)logits[n], sum = 0;
    for (size_t c = 1; c < classes; c++)
        if ((double)logits[c * batch + n] > largest) largest = (double)logits[c * batch + n];
    for (size_t c = 0; c < classes; c++) sum += exact_exp((double)logits[c * batch + n] - largest);
    return exact_log(sum) - ((double)logits[label * batch + n] - largest);
}

void evaluation_add(Evaluation *sums, size_t classes, size_t batch, const real *logits, const uint16_t *labels) {
    sums->n += batch;
    sums->correct += count_correct(classes, batch, logits, labels);
    for (size_t n = 0; n < batch; n++) sums->loss += example_loss(classes, batch, logits, n, labels[n]);
}

Evaluation evaluation_mean(Evaluation sums) {
    sums.loss /= (double)sums.n;
    sums.accuracy = (double)sums.correct / (double)sums.n;
    return sums;
}

double percent_correct(Evaluation evaluation) {
    return (double)evaluation.correct * 100 / (double)evaluation.n;
}
