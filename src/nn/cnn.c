#include "nn/cnn.h"

#include "nn/layers.h"

static Var cnn(Pass *p, const void *settings, Var x) {
    const NetworkSize *size = settings;
    const Filters of_three = {.channels = size->width, .window = 3, .stride = 2, .padding = 1};
    Filters of_five = of_three;
    of_five.window = 5;
    x = convolution_relu(p, "conv1", of_five, x);
    x = convolution_relu(p, "conv2", of_three, x);
    x = convolution_relu(p, "conv3", of_three, x);
    return linear(p, "linear", size->classes, flatten(p, x));
}

Model model_cnn(size_t inputs, size_t channels, size_t classes) {
    return model_of("cnn", cnn, (NetworkSize){.width = channels, .classes = classes}, shape_signal(1, inputs, 1));
}

Model model_image_cnn(size_t rows, size_t columns, size_t channels, size_t classes) {
    return model_of("image-cnn", cnn, (NetworkSize){.width = channels, .classes = classes},
                    shape_image(1, rows, columns, 1));
}
