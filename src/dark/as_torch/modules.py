"""Which of Dark's modules answers for which of PyTorch's, and the modules that stand in PyTorch's place."""

from pkgutil import resolve_name
from types import ModuleType
from typing import Any

from .missing import MissingName, missing
from .outputs import with_out

VERSIONS = {"torch": "2.13.0+dark", "torchvision": "0.28.0+dark"}  # whose names and numbers Dark has

# Where the names of a module are looked up, in this order.
SOURCES = {
    "torch": ["dark", "dark.as_torch.extras", "dark.as_torch.legacy"],
    "torch.accelerator": ["dark.as_torch.accelerator"],
    "torch.amp": ["dark.as_torch.amp"],
    "torch.autograd": ["dark.autograd", "dark.as_torch.legacy:autograd"],
    "torch.autograd.function": ["dark.autograd.function"],
    "torch.autograd.functional": ["dark.autograd.functional"],
    "torch.autograd.variable": ["dark.as_torch.legacy:autograd"],
    "torch.backends": ["dark.backends"],
    "torch.backends.cuda": ["dark.backends:cuda"],
    "torch.backends.cudnn": ["dark.backends:cudnn", "dark.as_torch.extras:cudnn"],
    "torch.backends.mps": ["dark.as_torch.extras:absent"],
    "torch.cuda": ["dark.cuda"],
    "torch.cuda.amp": ["dark.as_torch.amp:cuda"],
    "torch.linalg": ["dark.linalg"],
    "torch.mps": ["dark.as_torch.extras:absent"],
    "torch.nn": ["dark.nn"],
    "torch.nn.functional": ["dark.nn.functional"],
    "torch.nn.init": ["dark.nn.init"],
    "torch.nn.parallel": [],
    "torch.nn.parameter": ["dark.nn.parameter"],
    "torch.nn.utils": ["dark.nn.utils"],
    "torch.nn.utils.rnn": ["dark.nn.utils.rnn"],
    "torch.onnx": ["dark.onnx"],
    "torch.optim": ["dark.optim"],
    "torch.optim.lr_scheduler": ["dark.optim.lr_scheduler", "dark.as_torch.legacy:lr_scheduler"],
    "torch.optim.optimizer": ["dark.optim.optimizer"],
    "torch.random": ["dark.random"],
    "torch.return_types": ["dark.return_types"],
    "torch.utils": ["dark.utils"],
    "torch.utils.data": ["dark.utils.data"],
    "torch.utils.data.dataloader": ["dark.utils.data.dataloader"],
    "torch.utils.data.dataset": ["dark.utils.data.dataset"],
    "torch.utils.data.sampler": ["dark.utils.data.sampler"],
    "torch.version": ["dark.as_torch.extras:version"],
    "torch.xpu": ["dark.as_torch.extras:absent"],
    "torchvision": [],
    "torchvision.datasets": ["dark.vision.datasets"],
    "torchvision.models": ["dark.vision.models"],
    "torchvision.ops": ["dark.vision.ops"],
    "torchvision.transforms": ["dark.vision.transforms"],
    "torchvision.transforms.functional": ["dark.vision.transforms.functional"],
    "torchvision.transforms.v2": ["dark.vision.transforms"],
    "torchvision.transforms.v2.functional": ["dark.vision.transforms.functional"],
    "torchvision.tv_tensors": ["dark.vision.tv_tensors"],
    "torchvision.utils": ["dark.vision.utils"],
}


class StandIn(ModuleType):
    """A module under PyTorch's name whose names are those of its sources; it holds nothing itself.

    It counts as a package, so that `from torch import foo` also looks for a module `torch.foo`, and what
    answers for modules can say that there is none.
    """

    def __init__(self, name: str):
        super().__init__(name, f"Dark in the place of {name}.")
        vars(self)["_sources"] = [resolve_name(source) for source in SOURCES[name]]
        if name in VERSIONS:
            vars(self)["__version__"] = VERSIONS[name]

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return dir(self)
        if name.startswith("__"):  # Python asks modules for such names, and takes no for an answer
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=self)
        if f"{self.__name__}.{name}" in SOURCES:  # PyTorch's own modules import each other
            from importlib import import_module

            return import_module(f"{self.__name__}.{name}")
        for source in self._sources:
            if offers(source, name):
                return with_out(getattr(source, name))
        raise MissingName(missing(self.__name__, name, dir(self)), name=name, obj=self)

    def __setattr__(self, name: str, value: Any) -> None:
        switches = [s for s in self._sources if not isinstance(s, ModuleType) and offers(s, name)]
        for source in switches:  # such as torch.backends.cudnn.allow_tf32
            setattr(source, name, value)
        if not switches:
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        below = [name.split(".")[-1] for name in SOURCES if name.rpartition(".")[0] == self.__name__]
        own = [name for source in self._sources for name in dir(source) if offers(source, name)]
        return sorted({*below, *own})


def offers(source: Any, name: str) -> bool:
    """Whether a module or an object has a public name; modules inside it have entries of their own above."""
    names = getattr(source, "__all__", ())
    listed = name in names if names else name[0] != "_"
    return listed and hasattr(source, name) and not isinstance(getattr(source, name), ModuleType)
