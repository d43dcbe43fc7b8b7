"""Where the samples are: the folders `dark-N/samples/K-Name` of the repository."""

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path


class SampleError(Exception):
    """Something the person at the keyboard can mend; shown as one line, without a traceback."""


@dataclass(frozen=True)
class Sample:
    """A sample: its number, such as "4.0", its name and its folder."""

    number: str
    name: str
    folder: Path

    def script(self, framework: str, task: str):
        """The function of `framework/task.py` that has the name of its file, freshly imported."""
        path = self.folder / framework / f"{task}.py"
        if not path.is_file():
            raise SampleError(f"sample {self.number} has no {framework}/{task}.py")
        return getattr(imported(path), task)


def imported(path: Path):
    """The module in a file; what lies beside it can be imported from now on, by worker processes too.

    Samples, and the two versions of each, have modules of the same names: those of the script that was
    imported before are forgotten first.
    """
    for folder in _entered:
        sys.path[:] = [entry for entry in sys.path if not Path(entry).is_relative_to(folder)]
        for name, module in list(sys.modules.items()):
            if name != "__main__" and is_below(folder, module):
                del sys.modules[name]
    _entered[:] = [path.parent.parent]
    sys.path[:0] = [str(path.parent), str(path.parents[1])]  # before the folders of any other sample

    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_entered: list[Path] = []  # the folder of the sample whose script was imported last


def is_below(folder: Path, module) -> bool:
    """Whether a module, or a package without a file of its own such as `db`, is at any depth of a folder."""
    if module is None:  # forbidden to be imported
        return False
    about = vars(module)  # not getattr: modules such as torch.classes answer to any name
    places = [about.get("__file__"), *about.get("__path__", ())]
    return any(place and Path(place).is_relative_to(folder) for place in places)


def as_sample(folder: Path) -> Sample:
    """The sample in a folder such as `4.0-NN-classification`."""
    number, _, name = folder.name.partition("-")
    return Sample(number, name, folder)


def all_samples() -> list[Sample]:
    """Every sample of the repository that we stand in, or that Dark was installed from."""
    here = Path.cwd()
    for root in (here, *here.parents, *Path(__file__).resolve().parents):
        folders = sorted(root.glob("dark-*/samples/*-*")) or sorted(root.glob("samples/[0-9].[0-9]-*"))
        if folders:
            return [as_sample(folder) for folder in folders if folder.is_dir()]
    raise SampleError(
        "there are no samples here; they are part of Dark's repository: run this inside a clone of it"
    )


def find_sample(number: str) -> Sample:
    """The sample with this number, or in this folder; else an error that lists those there are."""
    folder = Path(number).resolve()
    if (folder / "dark" / "train.py").is_file():
        return as_sample(folder)
    samples = all_samples()
    for sample in samples:
        if number in (sample.number, sample.folder.name):
            return sample
    raise SampleError(f"there is no sample {number!r}; there are {', '.join(s.number for s in samples)}")
