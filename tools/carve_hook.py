"""Lets `pip install` of a folder dark-N carve the package it installs, before it is built."""

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from carve import write


class CarveHook(BuildHookInterface):
    """Writes dark-N/dark from src/dark."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Called by hatchling before it collects files, for an editable installation too."""
        folder = Path(self.root).resolve()
        write(int(folder.name.removeprefix("dark-")), folder / "dark")
