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


def main():
    threads, workloads = int(sys.argv[1]), {}
    torch.set_num_threads(threads)
    now = time.thread_time if threads == 1 else time.perf_counter
    print('ready', flush=True)
    for line in sys.stdin:
        name, calls = line.split()
        if name not in NETWORKS and name != 'meta-learning-rate':
            print(-1, flush=True)
            continue
        if name not in workloads:
            workloads[name] = Workload(name) if name in NETWORKS else OuterSteps()
        start = now()
        workloads[name].run(int(calls))
        print((now() - start) / max(int(calls), 1), flush=True)


main()
