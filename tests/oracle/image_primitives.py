"""Makes batch_norm.csv and nonlinearity.csv with PyTorch (1.13, CPU):
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


batch_norm()
nonlinearity()
