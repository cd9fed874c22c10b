"""What is installed, and what is loaded: one package, its layers, and nothing heavy before it is needed."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "scenarios", "tui", "data")
BIN = Path(sys.executable).parent
HEAVY = {"torch", "sklearn", "pandas"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel that was built from a clean copy of the source."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    build: list[str | Path] = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, source]
    done = subprocess.run(build, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = target.iterdir()
    return set(zipfile.ZipFile(built).namelist())


def test_the_wheel_holds_one_package_and_its_description(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert len(tops) == 2
    assert "gatestep" in tops
    assert all(top == "gatestep" or top.endswith(".dist-info") for top in tops)


def test_the_wheel_holds_every_module_style_and_data_file_and_nothing_else(wheel: set[str]) -> None:
    paths = {path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()}
    expected = {f"gatestep/{path.as_posix()}" for path in paths if "__pycache__" not in path.parts}
    assert {name for name in wheel if name.startswith("gatestep/")} == expected
    for ending in (".py", ".tcss", ".safetensors"):
        assert any(name.endswith(ending) for name in expected)


def loaded(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after running `code`."""
    program = f"import sys\n{code}\nprint('loaded', *{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def command(line: str) -> str:
    """Return code that runs the command line and goes on after it."""
    return f"""
from gatestep.tui.cli import main
try:
    main({line.split()!r})
except SystemExit as done:
    assert done.code == 0
"""


SCREEN = {"textual"}
LIGHT: dict[str, tuple[str, set[str]]] = {
    "import gatestep.engine": ("import gatestep.engine", HEAVY | SCREEN | {"rich"}),
    "import gatestep.scenarios": ("import gatestep.scenarios", HEAVY | SCREEN | {"rich"}),
    "import gatestep.tui": ("import gatestep.tui", HEAVY),
    "import the app": ("import gatestep.tui.app", HEAVY),
    "gatestep --help": (command("--help"), HEAVY | SCREEN),
    "gatestep list": (command("list"), HEAVY | SCREEN),
    "gatestep": (command(""), HEAVY | SCREEN),
    "gatestep train --help": (command("train --help"), HEAVY | SCREEN),
    "gatestep run pakistan --plain": (command("run pakistan --plain"), HEAVY | SCREEN),
    "gatestep run gradients --plain": (command("run gradients --plain"), HEAVY | SCREEN),
    "gatestep trace pakistan": (command("trace pakistan"), HEAVY | SCREEN),
    "gatestep run starbucks --plain": (command("run starbucks --plain"), {"torch", "sklearn"} | SCREEN),
}


@pytest.mark.parametrize("case", LIGHT)
def test_nothing_heavy_is_loaded_before_it_is_needed(case: str) -> None:
    code, unwanted = LIGHT[case]
    modules = loaded(code)
    assert "gatestep" in modules
    assert modules & unwanted == set()


def test_what_is_loaded_is_seen() -> None:
    assert "textual" in loaded("import gatestep.tui.app")


def test_no_garbage_is_looked_for_while_the_command_is_loaded_and_then_it_is() -> None:
    program = """
import gc
from gatestep.tui.__main__ import main
loaded = []
gc.callbacks.append(lambda phase, info: loaded.append(gc.get_freeze_count() > 0))
main()
assert loaded and all(loaded) and gc.isenabled(), loaded
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "trace", "pakistan"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("start", [[BIN / "gatestep"], [sys.executable, "-m", "gatestep.tui"]], ids=["script", "-m"])
def test_the_command_is_installed_under_both_names(start: list[str | Path]) -> None:
    for arguments, code in ((["list"], 0), (["nonsense"], 2)):
        done = subprocess.run([*start, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert done.returncode == code


def test_the_layers_hold() -> None:
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
