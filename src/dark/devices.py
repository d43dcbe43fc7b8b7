"""Where a tensor's array lives: `cpu` for NumPy's."""


class device:
    """A place for tensors, such as `device("cpu")`; with `index`, one of several of a kind."""

    def __init__(self, device: "str | device", index: int | None = None):
        name, _, number = str(device).partition(":")
        if name != "cpu":
            raise RuntimeError(f"device: there is no device {str(device)!r}; this build of Dark has 'cpu'")
        self.type = name
        self.index = int(number) if number else index

    def __eq__(self, other):
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self):
        return hash((self.type, self.index))

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self):
        return f"device(type={self.type!r}{'' if self.index is None else f', index={self.index}'})"


CPU = device("cpu")
