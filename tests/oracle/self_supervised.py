"""Makes self_supervised_loss.csv, losses of self-supervised learning by PyTorch:
    scaledown dataset --num-samples 500 --out data && python3 self_supervised.py data >self_supervised_loss.csv
With "seconds" behind the folder it prints how long a step takes."""
import sys
import time

import numpy
import torch
from torch.nn import Conv1d, Flatten, Linear, ReLU, Sequential

EPOCHS, BATCH = 2, 100
torch.set_num_threads(1)
signals = torch.from_numpy(numpy.load(sys.argv[1] + "/x.npy").astype("float32"))
position = torch.arange(40) - 19.5


def encoder(head):
    layers = [Conv1d(1, 25, 5, 2, 1), ReLU(), Conv1d(25, 25, 3, 2, 1), ReLU(), Conv1d(25, 25, 3, 2, 1), ReLU(), Flatten()]
    for i, units in enumerate(head):
        layers += [Linear(125, units)] + ([ReLU()] if i + 1 < len(head) else [])
    return Sequential(*layers)


def view(x):
    n = len(x)
    rest = x - x.mean(1, keepdim=True)
    rest = rest - (x * position).sum(1, keepdim=True) / (position**2).sum() * position
    shift = torch.from_numpy(numpy.random.randint(0, 10, size=n))
    rest = rest.gather(1, (torch.arange(40)[None] - shift[:, None]) % 40)
    slope, offset = torch.normal(0, 0.04, size=(n, 1)), torch.normal(0, 0.3, size=(n, 1))
    return rest + slope * position + offset


def losses(head, epochs):
    numpy.random.seed(42)
    torch.manual_seed(42)
    model = encoder(head)
    adam = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(epochs):
        order = torch.from_numpy(numpy.random.permutation(len(signals)))
        for batch in order[: len(order) // BATCH * BATCH].split(BATCH):
            first = view(signals[batch])
            second = view(signals[batch])
            a = torch.nn.functional.normalize(model(first[:, None]))
            b = torch.nn.functional.normalize(model(second[:, None]))
            loss = torch.nn.functional.cross_entropy(a @ b.T / 0.5, torch.arange(BATCH))
            adam.zero_grad()
            loss.backward()
            adam.step()
            yield loss.item()


heads = {"default": [125, 16], "none": [], "deep": [125, 125, 125, 16]}
if sys.argv[2:] == ["seconds"]:
    for name, head in heads.items():
        ends = [time.perf_counter() for _ in losses(head, 100)]
        steps = sorted(b - a for a, b in zip(ends, ends[1:]))
        print(name, steps[len(steps) // 2], "s a step")
else:
    print("epoch," + ",".join(heads))
    curves = [numpy.reshape(list(losses(head, EPOCHS)), (EPOCHS, -1)).mean(1) for head in heads.values()]
    for epoch, row in enumerate(zip(*curves)):
        print(",".join([str(epoch + 1)] + ["%.9g" % loss for loss in row]))
