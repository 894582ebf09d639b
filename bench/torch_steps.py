"""Training steps of bench/workloads.c in PyTorch, for bench_training, which asks by lines "NAME CALLS" on standard input.

Usage: torch_steps.py THREADS, with OPENBLAS_NUM_THREADS and OMP_NUM_THREADS as many.  Answers seconds a step, or -1 for a
workload that is not here; zero calls make it ready.  On one thread they are seconds of the thread, on several of the clock.
"""
import os
import sys
import time


def name_core():
    """Debian 12's OpenBLAS takes kernels of SSE3 for CPUs that are younger than it; must be said before torch is there."""
    try:
        with open('/proc/cpuinfo') as file:
            flags = file.read()
    except OSError:
        return
    if ' avx512f' in flags:
        os.environ.setdefault('OPENBLAS_CORETYPE', 'SkylakeX')
    elif ' avx2' in flags:
        os.environ.setdefault('OPENBLAS_CORETYPE', 'Haswell')


name_core()
try:
    import torch
    from torch import nn
except ImportError:
    sys.exit(1)

EXAMPLES, INPUTS, CLASSES, BATCH = 4000, 40, 10, 100


class Residual(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(INPUTS, units), nn.Linear(units, units)
        self.linear3 = nn.Linear(units, CLASSES)

    def forward(self, x):
        h = torch.relu(self.linear1(x))
        return self.linear3(h + torch.relu(self.linear2(h)))


class Signals(nn.Module):
    """Rows of numbers as signals of one channel."""

    def forward(self, x):
        return x.unsqueeze(1)


class Recurrent(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.gru = nn.GRU(1, units, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(2 * units * INPUTS, CLASSES)

    def forward(self, x):
        return self.linear(self.gru(x.unsqueeze(2))[0].flatten(1))


def plain(units):
    return nn.Sequential(nn.Linear(INPUTS, units), nn.ReLU(), nn.Linear(units, units), nn.ReLU(), nn.Linear(units, CLASSES))


def convolutional(channels):
    layers = [Signals(), nn.Conv1d(1, channels, 5, stride=2, padding=1), nn.ReLU()]
    for _ in range(2):
        layers += [nn.Conv1d(channels, channels, 3, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(5 * channels, CLASSES))


def pooled(pool, stride=1):
    layers = [Signals()]
    for inputs in 1, 20:
        layers += [nn.Conv1d(inputs, 20, 3, stride=stride, padding=1), nn.ReLU()]
        if pool:
            layers.append(pool)
    layers.append(nn.Flatten())
    outputs = nn.Sequential(*layers)(torch.zeros(1, INPUTS)).shape[1]
    return nn.Sequential(*layers, nn.Linear(outputs, CLASSES))


# Name: the network, and whether SGD on shuffled batches trains it instead of Adam on batches in order.
NETWORKS = {
    'classify-logistic': (lambda: nn.Linear(INPUTS, CLASSES), False),
    'classify-mlp': (lambda: Residual(100), False),
    'classify-cnn': (lambda: convolutional(25), False),
    'classify-gru': (lambda: Recurrent(6), False),
    'descent-mlp20': (lambda: plain(20), True),
    'descent-mlp300': (lambda: plain(300), True),
    'descent-cnn100': (lambda: convolutional(100), True),
    'lottery-mlp500': (lambda: Residual(500), False),
    'pooling-none': (lambda: pooled(None), False),
    'pooling-stride': (lambda: pooled(None, 2), False),
    'pooling-max': (lambda: pooled(nn.MaxPool1d(2)), False),
    'pooling-average': (lambda: pooled(nn.AvgPool1d(2)), False),
    'pooling-l2': (lambda: pooled(nn.LPPool1d(2, 2)), False),
}


# ---- networks for images ----

def active(inputs, outputs, window, stride=1):
    """Convolution, batch normalisation whose scales stay at 1, relu."""
    norm = nn.BatchNorm2d(outputs)
    norm.weight.requires_grad_(False)
    convolution = nn.Conv2d(inputs, outputs, window, stride, window // 2, bias=False)
    return nn.Sequential(convolution, norm, nn.ReLU(inplace=True))


class Joined(nn.Module):
    """The channels of two branches one behind the other."""

    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second

    def forward(self, x):
        return torch.cat([self.first(x), self.second(x)], 1)


def small_inception():
    layers, channels = [active(3, 96, 3)], 96
    for ones, threes in ((32, 32), (32, 48), (0, 80), (112, 48), (96, 64), (80, 80), (48, 96), (0, 96), (176, 160), (176, 160)):
        if ones:
            layers.append(Joined(active(channels, ones, 1), active(channels, threes, 3)))
            channels = ones + threes
        else:
            layers.append(Joined(active(channels, threes, 3, 2), nn.MaxPool2d(3, 2, 1)))
            channels += threes
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES))


def small_alexnet():
    layers, channels = [], 3
    for _ in range(2):
        layers += [nn.Conv2d(channels, 64, 5, padding=2), nn.MaxPool2d(3, 2, 1), nn.ReLU(inplace=True),
                   nn.LocalResponseNorm(9, alpha=0.001, beta=0.75, k=1)]
        channels = 64
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 7 * 7, 384), nn.ReLU(inplace=True), nn.Linear(384, 192),
                         nn.ReLU(inplace=True), nn.Linear(192, CLASSES))


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
        self.convolution1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.convolution2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if inputs != outputs else None

    def forward(self, x):
        h = torch.relu_(self.norm1(x))
        shortcut = self.shortcut(h) if self.shortcut else x
        return shortcut + self.convolution2(torch.relu_(self.norm2(self.convolution1(h))))


def wide_residual():
    layers, channels = [nn.Conv2d(3, 16, 3, padding=1, bias=False)], 16
    for group in range(3):
        for block in range(4):
            layers.append(WideBlock(channels, 16 << group, 2 if group and not block else 1))
            channels = 16 << group
    return nn.Sequential(*layers, nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(64, CLASSES))


def wide_layer():
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * 28 * 28, 512), nn.ReLU(inplace=True), nn.Linear(512, CLASSES))


def two_convolutions():
    return nn.Sequential(nn.Conv2d(1, 10, 5), nn.MaxPool2d(2), nn.ReLU(inplace=True), nn.Conv2d(10, 20, 5), nn.MaxPool2d(2),
                         nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(320, 50), nn.ReLU(inplace=True), nn.Dropout(0.5),
                         nn.Linear(50, CLASSES))


# Name: the network, its number of parameters, the shape of an image, the batch, the rate and the momentum of SGD.
IMAGE_NETWORKS = {
    'rethinking-inception': (small_inception, 1649402, (3, 28, 28), 128, 0.1, 0.9),
    'rethinking-alexnet': (small_alexnet, 1387786, (3, 28, 28), 128, 0.01, 0.9),
    'rethinking-wrn-28-1': (wide_residual, 369498, (3, 32, 32), 128, 0.001, 0.9),
    'rethinking-mlp-1x512': (wide_layer, 1209866, (3, 28, 28), 128, 0.01, 0.9),
    'questions-default': (two_convolutions, 21840, (1, 28, 28), 256, 0.01, 0.5),
}


class ImageSteps:
    """SGD on shuffled batches, in whichever of two layouts of images in memory takes less time."""

    def __init__(self, name, now):
        torch.manual_seed(0)
        network, parameters, shape, self.batch, rate, momentum = IMAGE_NETWORKS[name]
        self.network = network()
        count = sum(p.numel() for p in self.network.parameters() if p.requires_grad)
        if count != parameters:
            sys.exit('torch_steps.py: %s has %d parameters instead of %d' % (name, count, parameters))
        self.optimizer = torch.optim.SGD([p for p in self.network.parameters() if p.requires_grad], lr=rate, momentum=momentum)
        self.x, self.y = torch.randn(10 * self.batch, *shape), torch.randint(CLASSES, (10 * self.batch,))
        self.step, self.order = 0, None
        seconds = {}
        for layout in torch.contiguous_format, torch.channels_last:
            self.lay_out(layout)
            self.run(1)
            start = now()
            self.run(1)
            seconds[layout] = now() - start
        self.lay_out(min(seconds, key=seconds.get))

    def lay_out(self, layout):
        self.layout = layout
        self.network.to(memory_format=layout)
        self.x = self.x.contiguous(memory_format=layout)

    def run(self, steps):
        for _ in range(steps):
            first = self.step * self.batch % len(self.x)
            if first == 0:
                self.order = torch.randperm(len(self.x))
            chosen = self.order[first:first + self.batch]
            x = self.x[chosen].contiguous(memory_format=self.layout)
            loss = nn.functional.cross_entropy(self.network(x), self.y[chosen])
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            self.step += 1


class OuterSteps:
    """The derivative of the mean loss of 200 steps of gradient descent with respect to its rate."""

    def __init__(self):
        torch.manual_seed(0)
        self.x, self.y = torch.randn(EXAMPLES, INPUTS), torch.randint(CLASSES, (EXAMPLES,))
        layers = nn.Linear(INPUTS, 50), nn.Linear(50, CLASSES)
        self.weights = [p for layer in layers for p in (layer.weight, layer.bias)]
        self.rate = torch.tensor(0.5, requires_grad=True)

    def run(self, steps):
        for _ in range(steps):
            weights, losses = self.weights, []
            for inner in range(200):
                first = inner * 50 % EXAMPLES
                h = torch.tanh(nn.functional.linear(self.x[first:first + 50], weights[0], weights[1]))
                logits = nn.functional.linear(h, weights[2], weights[3])
                losses.append(nn.functional.cross_entropy(logits, self.y[first:first + 50]))
                gradients = torch.autograd.grad(losses[-1], weights, create_graph=True)
                weights = [w - self.rate * g for w, g in zip(weights, gradients)]
            torch.autograd.grad(torch.stack(losses).mean(), self.rate)


class Workload:
    def __init__(self, name):
        torch.manual_seed(0)
        network, self.shuffled = NETWORKS[name]
        self.network = network()
        self.x, self.y = torch.randn(EXAMPLES, INPUTS), torch.randint(CLASSES, (EXAMPLES,))
        self.step, self.order = 0, None
        if self.shuffled:
            self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.01, momentum=0.9)
        else:
            self.optimizer = torch.optim.Adam(self.network.parameters(), lr=0.01)

    def run(self, steps):
        for _ in range(steps):
            first = self.step * BATCH % EXAMPLES
            if self.shuffled and first == 0:
                self.order = torch.randperm(EXAMPLES)
            chosen = self.order[first:first + BATCH] if self.shuffled else slice(first, first + BATCH)
            loss = nn.functional.cross_entropy(self.network(self.x[chosen]), self.y[chosen])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.step += 1


def workload(name, now):
    if name == 'meta-learning-rate':
        return OuterSteps()
    if name in IMAGE_NETWORKS:
        return ImageSteps(name, now)
    return Workload(name) if name in NETWORKS else None


def main():
    threads, ready, made = int(sys.argv[1]), None, None
    torch.set_num_threads(threads)
    now = time.thread_time if threads == 1 else time.perf_counter
    print('ready', flush=True)
    for line in sys.stdin:
        name, calls = line.split()
        if name != ready:
            made = None  # before the next one: they may be large
            ready, made = name, workload(name, now)
        if not made:
            print(-1, flush=True)
            continue
        start = now()
        made.run(int(calls))
        print((now() - start) / max(int(calls), 1), flush=True)


main()
