"""Results of two parts: values, and the indices where they were found."""

from collections import namedtuple


def values_and_indices(name: str):
    """A named tuple (values, indices) that prints like PyTorch's."""

    def __repr__(self):
        return f"dark.return_types.{name}(\nvalues={self.values},\nindices={self.indices})"

    pair = namedtuple(name, ["values", "indices"])
    pair.__repr__ = __repr__
    pair.__doc__ = f"What `dark.{name}` along a dimension returns: the values, and their indices there."
    return pair


max = values_and_indices("max")
min = values_and_indices("min")
median = values_and_indices("median")
kthvalue = values_and_indices("kthvalue")
sort = values_and_indices("sort")
topk = values_and_indices("topk")
