"""MODEL.toml: the options that open a network, written down once; paths lead to plain files below its folder."""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Any

from ..errors import BadInput
from .opening import opened

LARGEST = 100_000
"""The most bytes of a model file; one with every key has some two thousand."""

KINDS: Mapping[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    bool: "true or false",
    Path: "a path in quotes",
}


def read_model_file(path: Path, keys: Mapping[str, type]) -> dict[str, Any]:
    """Return the values in a model file by key; `keys` are the known ones, each with its type: str, int, bool or Path.

    A path is relative to the file's folder. Raises BadInput, which names the file and the line, for what is no TOML, an
    unknown key, a value of another type, and a path that leads out of the folder.
    """
    with opened(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadInput(f"{path}: is larger than {LARGEST:,} bytes; a model file has a few keys")
    try:
        text = content.decode("utf-8")
        found = tomllib.loads(text)
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text; a model file is TOML") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"{path}: is not TOML: {error}") from None
    return {key: _value(key, value, keys, path, _line(key, text)) for key, value in found.items()}


def _value(key: str, value: Any, keys: Mapping[str, type], path: Path, line: int) -> Any:
    where = f"{path}: line {line}"
    if key not in keys:
        near = get_close_matches(key, keys, 1, 0.6)
        meant = f"; did you mean {near[0]}?" if near else f"; choose from {', '.join(keys)}"
        raise BadInput(f"{where}: unknown key {key[:60]}{meant}")
    kind = keys[key]
    if type(value) is not (str if kind is Path else kind):
        raise BadInput(f"{where}: {key} must be {KINDS[kind]}, not {_called(value)}")
    return below(path, str(value), f"{where}: {key}") if kind is Path else value


def below(path: Path, name: str, what: str) -> Path:
    """Return the file `name` in the folder of the model file at `path`. Raises BadInput where it would be elsewhere."""
    parts = PurePath(name).parts
    if not parts or PurePath(name).is_absolute() or ".." in parts or "\0" in name:
        raise BadInput(f"{what} = {name[:200]!r}: only files below its own folder are read; give a path from there")
    folder, there = os.path.realpath(path.parent), os.path.realpath(path.parent / name)
    if os.path.commonpath([folder, there]) != folder:
        raise BadInput(f"{what} = {name!r}: is a link that leads out of the folder; only files below it are read")
    return path.parent / name


def _line(key: str, text: str) -> int:
    """The line, from 1, of a top-level key or of the table of that name; 1 where it is not found."""
    spelled = rf"(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')"
    pattern = re.compile(rf"\s*(?:{spelled}\s*[.=]|\[+\s*{spelled}\s*[.\]])")
    return next((n for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _called(value: Any) -> str:
    kinds = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a whole number"}
    return kinds.get(type(value), f"{value}"[:40])
