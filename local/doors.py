"""The doors as modules in this process, as Lambda loads them: by file, each for itself."""

import importlib.util
from functools import cache
from types import ModuleType

from local.emulator import ROOT


@cache
def door(folder: str) -> ModuleType:
    """The handler module of a door (`functions/customers`), loaded once."""
    return entry(f"{folder}/handler.py")


def entry(file: str) -> ModuleType:
    """An entry file (`functions/imports/worker.py`) as a module, loaded anew as in a Lambda of its own."""
    path = ROOT / file
    spec = importlib.util.spec_from_file_location(f"door_{path.parent.name}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
