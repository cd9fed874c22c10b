"""Reading weights, inputs and initial states from files, and writing results whole or not at all.

Every file is data: nothing here unpickles or evaluates what it reads.
"""

import contextlib
import csv
import math
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import numpy as np

from .arrays import LARGEST, Floats, as_floats
from .errors import BadInput, WorkFailed

WEIGHT_FILES = (".safetensors", ".npz", ".pt", ".pth")
INPUT_FILES = (".npy", ".npz", ".csv")


def read_tensors(path: Path) -> dict[str, Any]:
    """Return the named tensors of a weights file as NumPy arrays. The ending names the format (WEIGHT_FILES).

    Raises BadInput when the file is not what its ending says, WorkFailed when it needs PyTorch and there is none.
    """
    reader = _by_ending(path, "weights", {".safetensors": _safetensors, ".npz": _npz, ".pt": _torch, ".pth": _torch})
    with _readable(path):
        tensors: dict[str, Any] = reader(path)
    return tensors


def read_metadata(path: Path) -> dict[str, str]:
    """Return the text metadata of a safetensors file, empty where there is none. Raises BadInput if it is not one."""
    from safetensors import SafetensorError, safe_open

    with _readable(path):
        try:
            with safe_open(path, framework="numpy") as file:
                return dict(file.metadata() or {})
        except SafetensorError as error:
            raise BadInput(f"{path}: is not a safetensors file ({_first_line(error)})") from None


def read_inputs(path: Path) -> Floats:
    """Return the inputs (T, I) of a .npy, .npz or .csv file; BadInput names what does not fit."""
    reader = _by_ending(path, "input", {".npy": _npy, ".npz": _only_array, ".csv": _csv_matrix})
    with _readable(path):
        array = as_floats(reader(path), str(path))
    if array.ndim != 2 or 0 in array.shape:
        raise BadInput(f"{path}: has shape {array.shape}; it must be (T, I), a row a timestamp and a column an input")
    return array


def read_initial_state(path: Path) -> dict[str, Any]:
    """Return h0 (and c0), each (layers x directions, H), of an .npz file; `run` checks the shapes.

    Raises BadInput when the file is not such an archive, or holds no h0.
    """
    reader = _by_ending(path, "initial state", {".npz": _npz})
    with _readable(path):
        arrays: dict[str, Any] = reader(path)
    if "h0" not in arrays:
        raise BadInput(f"{path}: holds {_names(arrays)}; it must hold h0 (and c0 for an LSTM)")
    return arrays


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` to write to, and rename it to `path` at the end: all of it appears, or nothing.

    Raises BadInput when `path` is a directory, or its own is not there, WorkFailed when the file system refuses.
    """
    beside = None
    try:
        if path.is_dir():
            raise BadInput(f"{path}: is a directory; give the name of a file")
        if path.exists() and not path.is_file():  # a pipe or a device such as /dev/null: nothing to rename over
            with path.open("wb") as stream:
                yield stream
            return
        target = Path(os.path.realpath(path))  # a link stays one
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            beside = Path(file.name)
            yield file  # type: ignore[misc]
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o666 & ~umask)
        beside.replace(target)
        beside = None
    except FileNotFoundError:
        if path.parent.is_dir():
            raise WorkFailed(f"{path}: no file can be made there") from None
        raise BadInput(f"{path}: there is no directory {path.parent} to write into") from None
    except OSError as error:
        raise WorkFailed(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _by_ending(path: Path, what: str, readers: Mapping[str, Callable[[Path], Any]]) -> Callable[[Path], Any]:
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"{path}: {what} must be a file that ends in {', '.join(readers)}")
    return reader


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the system says of an unreadable file into one line."""
    try:
        if not path.exists():
            raise BadInput(f"{path}: no such file")
        if not path.is_file():
            raise BadInput(f"{path}: is not a file")
        path.open("rb").close()  # safetensors calls a file that may not be read one that is not there
        yield
    except PermissionError:
        raise BadInput(f"{path}: may not be read (permission denied)") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None


def _safetensors(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError, safe_open

    tensors = {}
    try:
        with safe_open(path, framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118 (not a dict)
                try:
                    tensors[name] = file.get_tensor(name)
                except (TypeError, AttributeError, KeyError):
                    kind = file.get_slice(name).get_dtype()
                    raise BadInput(f"{path}: {name} is stored as {kind}; save it as float32") from None
    except SafetensorError as error:
        raise BadInput(f"{path}: is not a safetensors file ({_first_line(error)})") from None
    return tensors


def _npz(path: Path) -> dict[str, Any]:
    arrays = {}
    try:
        with np.load(path, allow_pickle=False) as file:
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError("a single array")
            for name in file.files:
                arrays[name] = file[name]
    except OSError:
        raise
    except Exception as error:  # zipfile, zlib and NumPy each have their own for a damaged archive
        raise BadInput(f"{path}: is not an .npz archive of plain arrays ({_first_line(error)})") from None
    return arrays


def _npy(path: Path) -> Any:
    try:
        array = np.load(path, allow_pickle=False)
    except OSError:
        raise
    except Exception as error:
        raise BadInput(f"{path}: is not a .npy file of plain numbers ({_first_line(error)})") from None
    if not isinstance(array, np.ndarray):
        raise BadInput(f"{path}: is an archive; name it .npz")
    return array


def _only_array(path: Path) -> Any:
    """The one array of an .npz file, or the one called input, inputs or x."""
    arrays = _npz(path)
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    for name in ("input", "inputs", "x"):
        if name in arrays:
            return arrays[name]
    raise BadInput(f"{path}: holds {_names(arrays)}; it must hold one array, or one called input")


def _csv_matrix(path: Path) -> Any:
    """Numbers, a row a timestamp, with or without a header row."""
    rows: list[list[float]] = []
    header = True  # may still come
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for line, cells in enumerate(csv.reader(file), 1):
                if not any(cell.strip() for cell in cells):
                    continue
                try:
                    row = [float(cell) for cell in cells]
                except ValueError:
                    if header and not any(_is_number(cell) for cell in cells):
                        header = False
                        continue
                    row = [float(cell) if _is_number(cell) else math.nan for cell in cells]
                header = False
                if not all(abs(value) <= LARGEST for value in row):
                    column = next(n for n, value in enumerate(row) if not abs(value) <= LARGEST)
                    found = cells[column].strip()
                    what = f"{found!r}" if found else "nothing"
                    raise BadInput(f"{path}: row {line}, column {column + 1} holds {what}; it must be a finite number")
                if rows and len(row) != len(rows[0]):
                    raise BadInput(f"{path}: row {line} has {len(row)} columns; the rows above have {len(rows[0])}")
                rows.append(row)
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text") from None
    except csv.Error as error:
        raise BadInput(f"{path}: is not a CSV file ({_first_line(error)})") from None
    if not rows:
        raise BadInput(f"{path}: has no rows of numbers")
    return np.array(rows)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _torch(path: Path) -> dict[str, Any]:
    if find_spec("torch") is None:
        raise WorkFailed(
            f"{path}: reading it needs PyTorch; install gatestep[torch], or save the weights as .safetensors"
        )
    with path.open("rb") as file:
        if not file.read(2).startswith((b"PK", b"\x80")):  # a zip archive, or a pickle from before version 1.6
            raise BadInput(f"{path}: is not a PyTorch weights file; save one with torch.save(model.state_dict(), ...)")
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about old ways of pickling, which are not the reader's affair
            loaded = torch.load(path, map_location="cpu", weights_only=True)
        tensors = _named_tensors(loaded, torch.Tensor)
    except OSError:
        raise
    except Exception as error:
        if "weights_only" in str(error) or "Unsupported" in str(error):
            raise BadInput(f"{path}: holds more than tensors, and running what it holds is not safe; "
                           "save model.state_dict() instead") from None  # fmt: skip
        raise BadInput(f"{path}: is not a PyTorch weights file ({_first_line(error)})") from None
    if not tensors:
        raise BadInput(f"{path}: holds no named tensors; save model.state_dict()")
    arrays = {}
    for name, tensor in tensors.items():
        try:
            if tensor.is_complex():
                raise TypeError
            arrays[name] = tensor.detach().to_dense().to(torch.float32).numpy()
        except (TypeError, RuntimeError):  # without values, quantized, complex
            kind = "a tensor without values" if tensor.is_meta else str(tensor.dtype).removeprefix("torch.")
            raise BadInput(f"{path}: {name} is stored as {kind}; save it as float32") from None
    return arrays


def _named_tensors(loaded: Any, kind: type, prefix: str = "") -> dict[str, Any]:
    """Every tensor of a state dict, and of the dicts inside a checkpoint, by its dotted name."""
    tensors = {}
    for name, value in loaded.items() if isinstance(loaded, dict) else ():
        if isinstance(value, kind):
            tensors[f"{prefix}{name}"] = value
        else:
            tensors |= _named_tensors(value, kind, f"{prefix}{name}.")
    return tensors


def _names(arrays: Mapping[str, Any]) -> str:
    return ", ".join(arrays) or "nothing"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
