"""cupyx.scipy.special, as far as Dark asks for it."""

import numpy as np

from .arrays import apply, ndarray

# The type of the result, by that of the input; the others become float64.
TYPES = {
    "erf": {"float32": "float32"},
    "erfc": {"float32": "float32"},
    "erfinv": {"float16": "float32", "float32": "float32"},
    "gammaln": {"float16": "float32", "float32": "float32"},
    "digamma": {"float16": "float32", "float32": "float32"},
    "polygamma": {"float16": "float32", "float32": "float32"},
    "i0": {"float16": "float32", "float32": "float32"},
    "i1": {"float16": "float32", "float32": "float32"},
}


def function(name):
    """The function of that name, which computes as SciPy's does."""

    def own(*inputs):
        import scipy.special

        for x in inputs:
            if type(x) is not ndarray:
                raise TypeError(f"cupyx.scipy.special.{name}: Unsupported type {type(x)}")
        kind = TYPES[name].get(inputs[-1].dtype.name, "float64")
        compute = getattr(scipy.special, name)
        return apply(lambda *arrays: np.asarray(compute(*(a.astype(kind) for a in arrays))), inputs)

    own.__name__ = name
    return own


def module(kind):
    """The module, of a class that explains what is not in it."""
    special = kind("cupyx.scipy.special")
    for name in TYPES:
        setattr(special, name, function(name))
    return special
