"""Makes airbench.csv with PyTorch (1.13, CPU), from CIFAR-10's binary version:
    python3 tests/oracle/airbench.py DATA/cifar-10-batches-bin >tests/oracle/airbench.csv
The recipe of reproduce/airbench.c in PyTorch's own parts and in binary64, from initial weights of binary32: the first twenty
images of each class in one minibatch, so that there is no order, neither moved nor mirrored; 16 epochs; groups of 8, 32 and 32
channels; a greater decay than published, so that it tells.  Rows are quantity,index,value: losses before each
update, then per cent of 500 test images, by one view and by six."""
import sys
import torch
from torch import nn
from torch.nn import functional as F

WIDTH, OF_CLASS, EPOCHS, TEST = 8, 20, 16, 500
RATE, MOMENTUM, DECAY, SHIFTS, SMOOTHING = 11.5, 0.85, 0.25, 64, 0.2
torch.set_num_threads(1)


def images(name):
    records = torch.frombuffer(bytearray(open(f"{sys.argv[1]}/{name}", "rb").read()), dtype=torch.uint8).reshape(-1, 3073)
    mean, deviation = torch.tensor([0.4914, 0.4822, 0.4465]), torch.tensor([0.2470, 0.2435, 0.2616])
    pixels = records[:, 1:].reshape(-1, 3, 32, 32).float() / 255
    return ((pixels - mean.reshape(1, 3, 1, 1)) / deviation.reshape(1, 3, 1, 1)).double(), records[:, 0].long()


class Group(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.shifts = nn.ModuleList(nn.BatchNorm2d(outputs, eps=1e-12, momentum=0.4) for _ in range(2))
        for filters in (self.first.weight, self.second.weight):
            nn.init.dirac_(filters.data[: filters.shape[1]])
        for norm in self.shifts:
            norm.weight.requires_grad = False

    def forward(self, x):
        x = F.gelu(self.shifts[0](F.max_pool2d(self.first(x), 2)))
        return F.gelu(self.shifts[1](self.second(x)))


class Network(nn.Module):
    def __init__(self, filters):
        super().__init__()
        self.groups = nn.ModuleList([Group(24, WIDTH), Group(WIDTH, 4 * WIDTH), Group(4 * WIDTH, 4 * WIDTH)])
        self.last = nn.Linear(4 * WIDTH, 10, bias=False)
        self.double()
        self.filters = filters
        self.whitening_bias = nn.Parameter(torch.zeros(24, dtype=torch.float64))

    def forward(self, x):
        x = F.gelu(F.conv2d(x, self.filters, self.whitening_bias))
        for group in self.groups:
            x = group(x)
        return self.last(F.max_pool2d(x, 3).flatten(1)) / 9


def whitening(x):
    patches = F.unfold(x, 2).transpose(1, 2).reshape(-1, 12)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    rows = []
    for value, vector in sorted(zip(values.tolist(), vectors.T), key=lambda pair: -pair[0]):
        rows.append(vector * vector[vector.abs().argmax()].sign() / (value + 5e-4) ** 0.5)
    rows = torch.stack(rows)
    return torch.cat([rows, -rows]).reshape(24, 3, 2, 2)


def schedule(n):
    peak = int(0.23 * EPOCHS)
    return 0.2 + 0.8 * n / peak if n < peak else 1 - 0.93 * (n - peak) / (EPOCHS - peak)


def six_views(network, x):
    wide, logits = F.pad(x, (1, 1, 1, 1), "reflect"), 0
    for moved, weight in ((x, 0.25), (wide[:, :, :32, :32], 0.125), (wide[:, :, 2:, 2:], 0.125)):
        logits = logits + weight * (network(moved) + network(moved.flip(3)))
    return logits


x, y = images("data_batch_1.bin")
chosen = torch.cat([(y == c).nonzero()[:OF_CLASS, 0] for c in range(10)])
x, y = x[chosen], y[chosen]
torch.manual_seed(1)
network = Network(whitening(x))
rate = RATE * len(x) / 1024 / (1 + 1 / (1 - MOMENTUM))
biases = [p for name, p in network.named_parameters() if "shifts" in name and p.requires_grad]
others = [p for name, p in network.named_parameters() if "shifts" not in name]
optimizer = torch.optim.SGD([{"params": biases, "factor": SHIFTS, "weight_decay": DECAY / RATE / SHIFTS},
                             {"params": others, "factor": 1, "weight_decay": DECAY / RATE}],
                            lr=rate, momentum=MOMENTUM, nesterov=True)
slow = None
print("quantity,index,value")
for update in range(EPOCHS):
    for part in optimizer.param_groups:
        part["lr"] = rate * part["factor"] * schedule(update)
    network.whitening_bias.requires_grad = update < 3
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(network(x), y, label_smoothing=SMOOTHING)
    loss.backward()
    optimizer.step()
    print(f"train_loss,{update},{loss.item():.12g}")
    state = [t for t in network.state_dict().values() if t.is_floating_point()]
    if update >= 3 and (update + 1) % 5 == 0:
        if slow is None:
            slow = [t.clone() for t in state]
        keep = 0.95**5 * ((update + 1) / EPOCHS) ** 3
        slow = [keep * s + (1 - keep) * t for s, t in zip(slow, state)]
    if slow is not None:
        for t, s in zip(state, slow):
            t.copy_(s)
network.eval()
x, y = (part[:TEST] for part in images("test_batch.bin"))
with torch.no_grad():
    for name, logits in (("final_plain_test_accuracy", network(x)), ("final_test_accuracy", six_views(network, x))):
        print(f"{name},0,{(logits.argmax(1) == y).sum().item() * 100 / TEST:.12g}")
