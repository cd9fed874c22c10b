"""A training on disk: it comes back bit for bit, and every other file gets one line."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine import BadInput, Checkpoint, Head, History, Regressor, stack_from_tensors
from gatestep.engine.files.histories import load_history, save_history
from gatestep.engine.files.safetensorsfiles import read_safetensors
from gatestep.engine.train.regression import Fit, fit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes it anew
Refusal = Callable[..., str]
ABOUT = {"seed": "3", "scenario": "a test", "odd": "ünïcode\nand a second line"}


@pytest.fixture(scope="module")
def history() -> History[Regressor]:
    rng = np.random.default_rng(0)
    windows, targets = rng.normal(size=(9, 3, 2)).astype(np.float32), rng.normal(size=9).astype(np.float32)
    how = Fit(units=2, dense=(3,), rectified=True, epochs=8, rate=0.01)
    return History[Regressor](8).after(list(fit(how, windows, targets, 0)))


@pytest.fixture
def path(tmp_path: Path, history: History[Regressor]) -> Path:
    path = tmp_path / "t.safetensors"
    save_history(history, path, ABOUT)
    return path


def same(one: History[Regressor], other: History[Regressor]) -> None:
    assert one.epochs == other.epochs
    assert one.losses == other.losses
    assert one.done == other.done
    for mine, theirs in zip(one.checkpoints, other.checkpoints, strict=True):
        assert mine.epoch == theirs.epoch
        assert mine.network.head.rectified == theirs.network.head.rectified
        assert mine.network.tensors.keys() == theirs.network.tensors.keys()
        for name, array in mine.network.tensors.items():
            assert array.tobytes() == theirs.network.tensors[name].tobytes()
            assert array.shape == theirs.network.tensors[name].shape
        assert mine.gradients == pytest.approx(theirs.gradients, rel=1e-5, abs=0)


def test_it_comes_back_bit_for_bit(path: Path, history: History[Regressor]) -> None:
    found, about = load_history(path)
    same(found, history)
    assert found.done
    assert {name: about[name] for name in ABOUT} == ABOUT


def test_saved_again_it_comes_back_the_same(path: Path, tmp_path: Path) -> None:
    first, about = load_history(path)
    save_history(first, tmp_path / "again.safetensors", {name: about[name] for name in ABOUT})
    second, about_second = load_history(tmp_path / "again.safetensors")
    same(first, second)
    assert [checkpoint.gradients for checkpoint in first.checkpoints] == [
        checkpoint.gradients for checkpoint in second.checkpoints
    ]
    assert about == about_second


def test_a_gradient_of_exactly_zero_stays_exactly_zero(tmp_path: Path, history: History[Regressor]) -> None:
    checkpoint = Checkpoint(0, history.checkpoints[0].network, {"none": 0.0, "tiny": 1e-30, "large": 12345.678})
    save_history(History(0, (1.0,), (checkpoint,)), tmp_path / "t.safetensors", {})
    found, _ = load_history(tmp_path / "t.safetensors")
    assert found.checkpoints[0].gradients == {"none": 0.0, "tiny": 1e-30, "large": 12345.7}


def test_losses_keep_all_their_digits(tmp_path: Path, history: History[Regressor]) -> None:
    losses = (1 / 3, 1e-17, 1e300)
    save_history(replace(history, epochs=2, losses=losses), tmp_path / "t.safetensors", {})
    assert load_history(tmp_path / "t.safetensors")[0].losses == losses


def test_a_training_that_was_stopped_comes_back_as_far_as_it_got(tmp_path: Path, history: History[Regressor]) -> None:
    stopped = History(
        history.epochs,
        history.losses[:4],
        tuple(checkpoint for checkpoint in history.checkpoints if checkpoint.epoch < 4),
    )
    save_history(stopped, tmp_path / "t.safetensors", {})
    found, _ = load_history(tmp_path / "t.safetensors")
    same(found, stopped)
    assert not found.done


@pytest.mark.parametrize("epochs", [9_999, 10_000, 123_456])
def test_epochs_of_many_digits_come_back_in_order(epochs: int, tmp_path: Path, history: History[Regressor]) -> None:
    checkpoint = tuple(Checkpoint(n, history.checkpoints[0].network, {"a": float(n)}) for n in (0, 5, 9_998, epochs))
    save_history(History(epochs, (1.0,), checkpoint), tmp_path / "t.safetensors", {})
    found, _ = load_history(tmp_path / "t.safetensors")
    assert [(k.epoch, k.gradients["a"]) for k in found.checkpoints] == [(n, n) for n in (0, 5, 9_998, epochs)]


@pytest.mark.parametrize("rectified", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 12])
def test_heads_of_any_depth_come_back_in_order(rectified: bool, layers: int, tmp_path: Path) -> None:
    """With more than nine dense layers fc_10 must not come before fc_2."""
    rng = np.random.default_rng(layers)
    widths = [2, *range(3, layers + 2), 1]
    head = Head(
        tuple((rng.normal(size=(b, a)).astype(np.float32), rng.normal(size=b).astype(np.float32))
              for a, b in pairwise(widths)), rectified)  # fmt: skip
    drawn = {"weight_ih_l0": rng.normal(size=(8, 1)), "weight_hh_l0": rng.normal(size=(8, 2))}
    network = Regressor(stack_from_tensors(drawn, "made"), head)
    before = History(0, (1.0,), (Checkpoint(0, network),))
    save_history(before, tmp_path / "t.safetensors", {})
    found, _ = load_history(tmp_path / "t.safetensors")
    same(found, before)
    windows = rng.normal(size=(4, 3, 1)).astype(np.float32)
    np.testing.assert_array_equal(found.checkpoints[0].network.forecast(windows), network.forecast(windows))


def test_the_metadata_is_text_and_what_the_file_needs_wins(tmp_path: Path, history: History[Regressor]) -> None:
    path = tmp_path / "t.safetensors"
    save_history(history, path, {**ABOUT, "epochs": "nonsense"})
    about = read_safetensors(path)[1]
    assert about["epochs"] == "8"
    assert about["rectified"] == "true"
    assert json.loads(about["gradients"]).keys() == {str(checkpoint.epoch) for checkpoint in history.checkpoints}


def test_the_tensors_can_be_read_by_their_torch_names(path: Path, history: History[Regressor]) -> None:
    tensors = load(path.read_bytes())
    assert "0008/lstm.weight_ih_l0" in tensors
    np.testing.assert_array_equal(tensors["0008/fc_1.weight"], history.checkpoints[-1].network.head.layers[0][0])
    np.testing.assert_array_equal(tensors["losses"], history.losses)


@pytest.mark.parametrize("model", ["article", "windowed"])
def test_what_ships_is_read(model: str) -> None:
    with as_file(files("gatestep.data") / f"starbucks-{model}.safetensors") as path:
        found, _ = load_history(path)
    assert found.done
    assert all(checkpoint.gradients.keys() == found.checkpoints[0].gradients.keys() for checkpoint in found.checkpoints)


def test_reading_loads_no_torch(fresh: Callable[[str], str], path: Path) -> None:
    said = fresh(
        "import sys; from pathlib import Path; from gatestep.engine.files.histories import load_history; "
        f"load_history(Path({str(path)!r})); print('torch' in sys.modules)"
    )
    assert said == "False"


@pytest.fixture
def fresh() -> Callable[[str], str]:
    """Return a runner of code in an interpreter of its own, that gives back what is printed."""
    import subprocess
    import sys

    def run(code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.strip()

    return run


def rewritten(path: Path, change: Callable[[dict[str, Any], dict[str, str]], None]) -> Path:
    """The same file with its tensors and metadata changed."""
    tensors, about = load(path.read_bytes()), read_safetensors(path)[1]
    change(tensors, about)
    path.write_bytes(save(tensors, about))
    return path


Change = Callable[[dict[str, Any], dict[str, str]], Any]
DAMAGES: dict[str, Change] = {
    "no epochs": lambda t, a: a.pop("epochs"),
    "no gradients": lambda t, a: a.pop("gradients"),
    "no word on ReLU": lambda t, a: a.pop("rectified"),
    "no metadata": lambda t, a: a.clear(),
    "epochs are text": lambda t, a: a.update(epochs="many"),
    "epochs are a fraction": lambda t, a: a.update(epochs="8.5"),
    "gradients are no JSON": lambda t, a: a.update(gradients="{"),
    "gradients are a list": lambda t, a: a.update(gradients="[1, 2]"),
    "gradients are a number": lambda t, a: a.update(gradients="5"),
    "gradients of an epoch are a number": lambda t, a: a.update(gradients='{"0": 5}'),
    "an epoch has no gradients": lambda t, a: a.update(gradients='{"0": {}}'),
    "a gradient is none": lambda t, a: a.update(gradients=re.sub(r": \d[^,}]*", ": NaN", a["gradients"], count=1)),
    "a gradient is huge": lambda t, a: a.update(gradients=re.sub(r": \d[^,}]*", f": 1{'0' * 400}", a["gradients"])),
    "gradients without end": lambda t, a: a.update(gradients="[" * 100_000),
    "too many epochs": lambda t, a: a.update(epochs="9" * 400),
    "ReLU is no JSON": lambda t, a: a.update(rectified="yes"),
    "no networks": lambda t, a: [t.pop(name) for name in list(t) if "/" in name],
    "a dense layer is missing": lambda t, a: t.pop("0008/fc.weight"),
    "a bias of a dense layer is missing": lambda t, a: t.pop("0008/fc.bias"),
    "a recurrent matrix is missing": lambda t, a: t.pop("0008/lstm.weight_hh_l0"),
    "all recurrent tensors of an epoch are missing": lambda t, a: [t.pop(n) for n in list(t) if n[:9] == "0008/lstm"],
    "a matrix does not fit": lambda t, a: t.update({"0008/lstm.weight_ih_l0": np.zeros((3, 3), np.float32)}),
    "a matrix has a NaN": lambda t, a: t["0008/lstm.weight_ih_l0"].fill(np.nan),
    "a dense layer has an inf": lambda t, a: t["0008/fc.weight"].fill(np.inf),
    "a projection": lambda t, a: t.update({"0008/lstm.weight_hr_l0": np.zeros((1, 2), np.float32)}),
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_gets_one_line_with_its_name(change: Change, path: Path, refusal: Refusal) -> None:
    def both(tensors: dict[str, Any], about: dict[str, str]) -> None:
        tensors.update({name: array.copy() for name, array in tensors.items()})
        change(tensors, about)

    assert refusal(load_history, rewritten(path, both)).startswith(f"{path}: ")


WRONG = {
    "empty": b"",
    "text": b"Date,Volume\n2020-01-01,5\n",
    "zeros": bytes(4000),
    "a header that is too long": (2**62).to_bytes(8, "little") + b"{}",
    "no tensors": save({}),
    "a network of another kind": save({"lstm.weight_ih_l0": np.zeros((8, 1), np.float32)}, {"model": "lstm"}),
    "a zip archive": b"PK\x03\x04" + bytes(60),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_another_file_gets_one_line_with_its_name(content: bytes, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "t.safetensors"
    path.write_bytes(content)
    assert refusal(load_history, path).startswith(f"{path}: ")


def test_what_is_not_a_training_is_told_how_one_is_made(tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "t.safetensors"
    path.write_bytes(save({"a": np.zeros(2, np.float32)}))
    line = refusal(load_history, path)
    assert line == f"{path}: is not a saved training; those are made by gatestep train starbucks"


def test_no_file_and_a_directory_get_one_line(tmp_path: Path, refusal: Refusal) -> None:
    assert refusal(load_history, tmp_path / "none.safetensors").endswith("no such file")
    assert str(tmp_path) in refusal(load_history, tmp_path)


@ONE_FILE
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_anywhere_is_refused(share: float, path: Path, history: History[Regressor]) -> None:
    save_history(history, path, ABOUT)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(BadInput) as caught:
        load_history(path)
    assert "\n" not in str(caught.value)


@settings(ONE_FILE, max_examples=150)
@given(data=st.data())
def test_a_file_with_damaged_bytes_is_read_or_refused_with_one_line(
    data: st.DataObject, path: Path, history: History[Regressor]
) -> None:
    save_history(history, path, ABOUT)
    content = bytearray(path.read_bytes())
    header = 8 + int.from_bytes(content[:8], "little")
    places = st.integers(0, header - 1) | st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=3)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        load_history(path)
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017 (most damage goes unseen, and that is fine)


def test_a_failed_write_leaves_the_old_file(
    path: Path, history: History[Regressor], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    with pytest.raises((TypeError, ValueError)):
        save_history(history, path, {"seed": 5})  # type: ignore[dict-item]
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
