"""The public names of Dark that PyTorch does not have; every other one means what it means in PyTorch."""

OWN_NAMES = {
    "Tensor.array": "the NumPy array in which a tensor's numbers are",
    "Tensor.node": "the node that `grad_fn` returns",
    "Tensor.hooks": "a leaf's hooks, by the id of their handles",
}
