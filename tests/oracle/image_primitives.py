"""Makes batch_norm.csv, nonlinearity.csv, optimizer.csv, learning_rate.csv, windows.csv and local_response_norm.csv with
PyTorch (1.13, CPU):
    python3 tests/oracle/image_primitives.py tests/oracle
Rows are quantity,index,value; examples are innermost, [channels][height][width][batch]."""
import sys
import torch

torch.set_num_threads(1)


def write(name, quantities):
    with open(f"{sys.argv[1]}/{name}.csv", "w") as out:
        out.write("quantity,index,value\n")
        for quantity, tensor in quantities.items():
            for index, value in enumerate(tensor.detach().reshape(-1).tolist()):
                out.write(f"{quantity},{index},{value:.9g}\n")


def innermost(x):
    return x.permute(1, 2, 3, 0)


def batch_norm():
    torch.manual_seed(5)
    norm = torch.nn.BatchNorm2d(3)
    norm.weight.data.uniform_(0.2, 1.5)
    norm.bias.data.uniform_(-1, 1)
    weight, bias = norm.weight.detach().clone(), norm.bias.detach().clone()
    x = (torch.randn(5, 3, 2, 4) * torch.tensor([1.0, 0.5, 30]).reshape(1, 3, 1, 1) + 2).requires_grad_()
    g = torch.randn(5, 3, 2, 4)
    y = norm(x)
    y.backward(g)
    quantities = dict(x=innermost(x), gamma=weight, beta=bias, g=innermost(g), y=innermost(y), gx=innermost(x.grad),
                      ggamma=norm.weight.grad, gbeta=norm.bias.grad, running_mean=norm.running_mean.clone(),
                      running_variance=norm.running_var.clone())
    norm.eval()
    x.grad = norm.weight.grad = norm.bias.grad = None
    y = norm(x)
    y.backward(g)
    quantities.update(eval_y=innermost(y), eval_gx=innermost(x.grad), eval_ggamma=norm.weight.grad,
                      eval_gbeta=norm.bias.grad)
    write("batch_norm", quantities)


def nonlinearity():
    from torch.nn import functional
    values = torch.cat([torch.linspace(-6, 6, 61), torch.tensor([-100.0, -30, -1e-3, 1e-3, 19.9, 20.1, 100])])
    quantities = dict(x=values)
    for name, function in dict(swish=functional.silu, gelu=functional.gelu, softplus=functional.softplus,
                               elu=lambda x: functional.elu(x, 0.75),
                               leaky_relu=lambda x: functional.leaky_relu(x, 0.125)).items():
        x = values.clone().requires_grad_()
        y = function(x)
        y.sum().backward()
        quantities[name] = y
        quantities[name + "_slope"] = x.grad
    write("nonlinearity", quantities)


STEPS = 8


def optimizer():
    torch.manual_seed(7)
    start, gradients = torch.randn(6), torch.randn(STEPS, 6)
    quantities = dict(start=start, gradients=gradients)
    runs = dict(adam=lambda p: torch.optim.Adam(p, lr=0.01),
                adam_decay=lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1),
                sgd=lambda p: torch.optim.SGD(p, lr=0.1),
                sgd_momentum=lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
                sgd_nesterov=lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
                sgd_clipped=lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.5),
                rmsprop=lambda p: torch.optim.RMSprop(p),
                rmsprop_momentum=lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-5, momentum=0.5,
                                                               weight_decay=0.05))
    for name, make in runs.items():
        weight = torch.nn.Parameter(start.clone())
        rule, path = make([weight]), []
        for gradient in gradients:
            weight.grad = gradient.clone()
            if name == "sgd_clipped":
                torch.nn.utils.clip_grad_norm_([weight], 2.0)
            rule.step()
            path.append(weight.detach().clone())
        quantities[name] = torch.stack(path)
    write("optimizer", quantities)


def learning_rate():
    from torch.optim import lr_scheduler
    quantities = {}
    for name, make in dict(step=lambda o: lr_scheduler.StepLR(o, 3, 0.2),
                           exponential=lambda o: lr_scheduler.ExponentialLR(o, 0.95),
                           cosine=lambda o: lr_scheduler.CosineAnnealingLR(o, 10, 0.001)).items():
        rule = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
        schedule, rates = make(rule), []
        for epoch in range(10):
            rates.append(rule.param_groups[0]["lr"])
            rule.step()
            schedule.step()
        quantities[name] = torch.tensor(rates)
    write("learning_rate", quantities)


WINDOWS = {"3x3_stride2_padding1": (3, 2, 1), "2x3_stride3x1_padding1x0": ((2, 3), (3, 1), (1, 0)),
           "5x4_stride1_padding2x1": ((5, 4), 1, (2, 1)), "whole": ((7, 6), 1, 0)}


def windows():
    from torch.nn import functional
    torch.manual_seed(6)
    x = torch.randn(3, 2, 7, 6)
    x[0, 0, 2:5, 1:4] = 0.5  # ties
    quantities = dict(x=innermost(x))
    for window, arguments in WINDOWS.items():
        for name, function in dict(max=functional.max_pool2d, average=functional.avg_pool2d).items():
            x_leaf = x.clone().requires_grad_()
            y = function(x_leaf, *arguments)
            g = torch.randn(y.shape)
            y.backward(g)
            quantities.update({f"{name}_{window}": innermost(y), f"{name}_{window}_g": innermost(g),
                               f"{name}_{window}_gx": innermost(x_leaf.grad)})
    write("windows", quantities)


NORMS = {"default": (5, 1e-4, 0.75, 1), "alexnet": (5, 1e-4, 0.75, 2), "even": (4, 0.5, 0.75, 1), "wide": (9, 2, 1.5, 0.5)}


def local_response_norm():
    torch.manual_seed(7)
    x = torch.randn(3, 7, 2, 4) * torch.linspace(0.1, 30, 7).reshape(1, 7, 1, 1)
    g = torch.randn(x.shape)
    quantities = dict(x=innermost(x), g=innermost(g))
    for name, arguments in NORMS.items():
        x_leaf = x.clone().requires_grad_()
        y = torch.nn.LocalResponseNorm(*arguments)(x_leaf)
        y.backward(g)
        quantities.update({f"{name}_y": innermost(y), f"{name}_gx": innermost(x_leaf.grad)})
    write("local_response_norm", quantities)


batch_norm()
nonlinearity()
optimizer()
learning_rate()
windows()
local_response_norm()
