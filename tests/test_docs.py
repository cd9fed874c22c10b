"""README and the pages in docs: commands print what stands below them, options are complete, links lead somewhere."""

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest
from gatestep.tui.cli import build_parser, main

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
WITH_COMMANDS = [page for page in DOCS if "```console\n" in page.read_text(encoding="utf-8")]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "data" / "README.md", *DOCS]
NUMBER = re.compile(r"-?(?:\d[\d,]*)?\.?\d+(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Shown:
    """A command and what a page says that it prints, line by line; a line of ... stands for any others."""

    command: str
    lines: tuple[str, ...]


def shown(page: str) -> Iterator[Shown | str]:
    """Every command of the blocks that are called console; one that ends in a backslash goes on in the next line.

    In between, the blocks that are called python.
    """
    for kind, block in re.findall(r"^```(console|python)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        if kind == "python":
            yield block
            continue
        for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = entry.replace("\\\n", "").rstrip("\n").split("\n")
            yield Shown(command, tuple(line.rstrip() for line in lines))


def alike(line: str, printed: str) -> bool:
    """Whether two lines are the same but for what another processor may give: numbers to a hundredth, and spaces."""
    if line.split() == printed.split():
        return True
    if NUMBER.sub("#", line).split() != NUMBER.sub("#", printed).split():
        return False
    pairs = zip(NUMBER.findall(line), NUMBER.findall(printed), strict=True)
    return all(
        float(a.replace(",", "")) == pytest.approx(float(b.replace(",", "")), rel=0.01, abs=2e-4) for a, b in pairs
    )


def mismatch(lines: tuple[str, ...], printed: list[str]) -> str:
    """What is printed otherwise than the page says, or ""."""
    if "..." in lines:
        cut = lines.index("...")
        after = lines[cut + 1 :]
        lines = (*lines[:cut], *after)
        printed = printed[:cut] + printed[len(printed) - len(after) :]
    for line, own in zip_longest(lines, printed):
        if line is None or own is None or not alike(line, own):
            return f"the page says {line!r}, and it prints {own!r}"
    return ""


@pytest.mark.timeout(400)  # a page trains networks, and starts many commands
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.stem)
def test_every_command_prints_what_stands_below_it(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    commands, code = list(shown(page.read_text(encoding="utf-8"))), 0
    names: dict[str, object] = {"__name__": page.stem}
    assert commands
    for one in commands:
        if isinstance(one, str):
            exec(compile(one, str(page), "exec"), names)
            capfd.readouterr()
            continue
        name, *arguments = shlex.split(one.command)
        if one.command == "echo $?":
            print(code)
        elif name == "gatestep" and not {"|", ">", "<"} & set(arguments):
            code = main(arguments)
        else:  # what a person types around it
            code = subprocess.run(["bash", "-c", one.command], check=False).returncode
        printed = capfd.readouterr()
        lines = [line.rstrip() for line in (printed.out + printed.err).splitlines()]
        assert mismatch(one.lines, lines) == "", one.command


def test_another_number_is_a_mismatch() -> None:
    assert alike("18  am  0.9277", "18  am   0.9278")
    assert not alike("18  am  0.9277", "18  am  0.9477")
    assert not alike("18  am  0.9277", "18  an  0.9277")
    assert mismatch(("a", "...", "z"), ["a", "b", "c", "z"]) == ""
    assert mismatch(("a", "...", "z"), ["a", "b", "c"]) != ""
    assert mismatch(("a",), ["a", "b"]) != ""


def test_the_page_on_debugging_is_made_of_commands() -> None:
    assert {"debugging", "your-network"} <= {page.stem for page in WITH_COMMANDS}


def test_every_option_is_in_the_page_on_the_command_line() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    (commands,) = [a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction)]
    for name, parser in commands.choices.items():
        assert f"\n## gatestep {name}\n" in page
        for option in (option for action in parser._actions for option in action.option_strings):
            assert re.search(rf"`{option}[ `]", page) or option in ("-h", "--help"), f"{name} {option}"


def _anchors(page: Path) -> set[str]:
    """What a link may have behind its #, by GitHub's rule."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_and_picture_leads_to_a_file_and_a_heading() -> None:
    pictures = 0
    for page in PAGES:
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            if link.startswith("https://"):
                continue
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), f"{page.name}: {link}"
            assert not anchor or anchor in _anchors(target), f"{page.name}: {link}"
            pictures += path.endswith(".svg")
    assert pictures > 5


def test_readme_leads_to_every_page() -> None:
    readme = PAGES[0].read_text(encoding="utf-8")
    assert [page.name for page in DOCS if f"](docs/{page.name}" not in readme] == []
