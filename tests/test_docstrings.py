"""Whatever takes or gives arrays in the engine says of which shape; that there are docstrings, ruff sees to."""

import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

PACKAGES = ("gatestep.engine", "gatestep.scenarios", "gatestep.tui")

ARRAYS = re.compile(r"\b(Floats|Array|ndarray)\b")
AXIS = r"(?:[A-Za-z0-9]|\w+\*\w+|\w+ x \w+|\.\.\.)"
SHAPE = re.compile(rf"\({AXIS}(?:,[^()]*)\)|\(\.\.\.\)|\bshapes?\b|\belementwise\b|\blast axis\b")
"""(T, I), (H,), (..., D), (layers x directions, H); or words on the shape, as in "over the last axis"."""


def modules() -> list[str]:
    names = []
    for package in PACKAGES:
        path = importlib.import_module(package).__path__
        names += [package, *(info.name for info in pkgutil.walk_packages(path, f"{package}."))]
    return [name for name in names if not name.endswith("__main__")]


def function_of(member: Any) -> Callable[..., Any] | None:
    """The function behind a method, a property or a decorated function; None for anything else."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, functools.cached_property):
        return member.func
    member = getattr(member, "__func__", member)
    found: Any = inspect.unwrap(member) if callable(member) else None
    return found if inspect.isfunction(found) else None


def public(module: str) -> Iterator[tuple[str, Any, str]]:
    """Every public class, function and method of a module: its name, itself, and the docstring that it belongs to."""
    for name, thing in vars(importlib.import_module(module)).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module:
            continue
        if inspect.isclass(thing):
            yield name, thing, ""
            for inner, member in vars(thing).items():
                function = function_of(member)
                if not inner.startswith("_") and function and function.__module__ == module:
                    yield f"{name}.{inner}", function, thing.__doc__ or ""
        elif function := function_of(thing):
            yield name, function, ""


@pytest.mark.parametrize("module", [name for name in modules() if name.startswith("gatestep.engine")])
def test_arrays_have_their_shapes_in_the_docstring(module: str) -> None:
    silent = []
    for name, thing, around in public(module):
        annotations = "" if inspect.isclass(thing) else " ".join(map(str, thing.__annotations__.values()))
        if ARRAYS.search(annotations) and not SHAPE.search(f"{thing.__doc__} {around}"):
            silent.append(name)
    assert silent == []


def test_the_modules_are_found() -> None:
    found = modules()
    assert len(found) > 100
    assert {"gatestep.engine.files.read", "gatestep.scenarios.forecast.series", "gatestep.tui.draw.lines"} <= {*found}
    names = {name for name, _, _ in public("gatestep.engine.weights")}
    assert {"CellWeights", "CellWeights.tensors", "chained"} <= names


@pytest.mark.parametrize("text", ["(T, I)", "(H,)", "(..., H)", "(N, T, I)", "(3, H)", "(n,)", "(G*H, I)", "(V,)"])
def test_a_shape_is_known_when_it_is_seen(text: str) -> None:
    assert SHAPE.search(f"Return the inputs {text} of a file.")


@pytest.mark.parametrize(
    "text", ["Return the inputs.", "Return it (see below, and above).", "Return the weights (PyTorch)."]
)
def test_other_words_in_brackets_are_no_shape(text: str) -> None:
    assert not SHAPE.search(text)
