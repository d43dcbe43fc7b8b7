"""What a tensor is: making one, asking what it is, taking parts, computing, and meeting NumPy."""

import numpy as np
import torch

# Tensors come from lists, from arrays, and from other tensors.
data = [[1, 2], [3, 4]]
x_data = torch.tensor(data)
x_np = torch.from_numpy(np.array(data))
print(f"From a list:\n{x_data}\nFrom an array:\n{x_np}\n")

x_ones = torch.ones_like(x_data)
torch.manual_seed(1)
x_rand = torch.rand_like(x_data, dtype=torch.float)
print(f"Ones like it:\n{x_ones}\nRandom numbers like it:\n{x_rand}\n")

shape = (2, 3)
print(torch.rand(shape), torch.ones(shape), torch.zeros(shape), torch.full(shape, 7.5), sep="\n")
print(torch.arange(0, 10, 2), torch.linspace(0, 1, 5), torch.eye(3), sep="\n")

# What it is.
tensor = torch.rand(3, 4)
print(f"Shape: {tensor.shape}, {tensor.size(0)} rows, {tensor.numel()} numbers in {tensor.dim()} dimensions")
print(f"Type: {tensor.dtype}, device: {tensor.device}, one of tensors: {isinstance(tensor, torch.Tensor)}")

if torch.accelerator.is_available():
    tensor = tensor.to(torch.accelerator.current_accelerator())

# Parts, and what is written into them.
tensor = torch.arange(12.0).reshape(3, 4)
print("First row:", tensor[0], "first column:", tensor[:, 0], "last column:", tensor[..., -1])
tensor[:, 1] = 0
print(tensor)
print("Larger than 5:", tensor[tensor > 5], "every other column:", tensor[:, ::2].tolist())

# Several tensors together.
t1 = torch.cat([tensor, tensor], dim=1)
t2 = torch.stack([tensor[0], tensor[2]])
print(t1.shape, t2.shape, t2.t(), sep="\n")
print([part.shape for part in t1.split(3, dim=1)], [list(part.size()) for part in t1.chunk(2)])

# Products of matrices, three times the same; products of elements, three times the same.
y1 = tensor @ tensor.T
y2 = tensor.matmul(tensor.T)
y3 = torch.rand_like(y1)
torch.matmul(tensor, tensor.T, out=y3)
print(y1, torch.equal(y1, y2), torch.allclose(y2, y3))
z1 = tensor * tensor
z3 = torch.empty(3, 4)
print(z1, torch.equal(z1, tensor.mul(tensor)), torch.mul(tensor, tensor, out=z3) is z3, torch.equal(z1, z3))

# Sums, and other numbers about numbers.
agg = tensor.sum()
agg_item = agg.item()
print(agg, agg_item, type(agg_item))
print("Mean", tensor.mean().item(), "of columns", tensor.mean(dim=0), "deviation", tensor.std().item())
values, indices = tensor.max(dim=1)
print(values, indices, tensor.argmax().item(), tensor.min(dim=0), sep="\n")

# Changed in place: the names of such methods end with an underscore.
tensor.add_(5)
print(tensor)

# Shapes that fit each other, and shapes that are made to.
row, column = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([[10.0], [20.0]])
print(row + column, (row.unsqueeze(0) - column).shape, row.view(3, 1).expand(3, 2), sep="\n")
print(torch.randn(2, 3, 4).permute(2, 0, 1).shape, torch.zeros(1, 3, 1).squeeze().shape)
try:
    torch.ones(2, 3) @ torch.ones(2, 3)
except RuntimeError:
    print("Two by three does not fit two by three")

# An array and a tensor may share their memory.
t = torch.ones(5)
n = t.numpy()
t.add_(1)
print(f"t: {t}\nn: {n}")
n = np.ones(5)
t = torch.from_numpy(n)
np.add(n, 1, out=n)
print(f"t: {t}\nn: {n}")
print((t > 1).all().item(), t.to(torch.int64), t.float().dtype)
print(torch.tensor(3) / 2, torch.tensor([1, 2]) + 0.5, torch.tensor([True, False]).sum())
