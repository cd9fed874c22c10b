"""The command line over scenarios: what is printed, how it is spelled, and what it means to be piped."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gatestep.engine import CELLS, Vocabulary
from gatestep.scenarios import SCENARIOS, STUDIES, find
from gatestep.tui.cli import main
from gatestep.tui.keys import with_keys

if TYPE_CHECKING:
    from tests.tui.conftest import Command

COMMAND = Path(sys.executable).with_name("gatestep")
EVERY_NETWORK = [(name, model) for name, scenario in SCENARIOS.items() for model in scenario.models]
CONTROLS = "my \x1b[31m name \x07 is \u202e Ahmad \x9b \x7f"
HARMFUL = "\x1b\x07\u202e\x9b\x7f"


def test_list_has_every_scenario_in_a_line(gatestep: "Command") -> None:
    done = gatestep("list")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == list(STUDIES)
    assert done.err == ""


def test_list_as_json_has_name_and_title(gatestep: "Command") -> None:
    rows = json.loads(gatestep("list", "--json").out)
    assert [row["name"] for row in rows] == list(STUDIES)
    assert {row["name"] for row in rows} == {"order", "lengths", "sharing", "clouds", "pakistan", "ali", "dna",
                                         "starbucks", "gradients"}  # fmt: skip
    assert len({row["title"] for row in rows}) == len(rows)
    for row in rows:
        assert row["title"] == STUDIES[row["name"]].title
        assert row["models"] == list(STUDIES[row["name"]].models)
        assert row["sentences"] == list(getattr(STUDIES[row["name"]], "sentences", ()))


def test_the_bare_command_lists_and_says_how_to_run_one(gatestep: "Command") -> None:
    done = gatestep()
    assert done.code == 0
    assert all(name in done.out for name in STUDIES)
    assert f"gatestep run {next(iter(STUDIES))}" in done.out


@pytest.mark.parametrize("name", SCENARIOS)
def test_run_without_a_terminal_prints_everything_the_stepper_shows(gatestep: "Command", name: str) -> None:
    done = gatestep("run", name)
    assert done.code == 0
    assert done.err == ""
    assert done == gatestep("run", name, "--plain")
    assert done.out.splitlines()[0].split()[0] == name
    for part in ("forget f", "timeline", find(name).corpus.question, "largest of", "── lesson"):
        assert part in done.out
    words = " ".join(done.out.split())
    for step in find(name).lesson:
        assert with_keys(step.text) in words
        assert with_keys(step.claim.text) in words


def test_run_shows_the_last_step_or_the_one_asked_for(gatestep: "Command") -> None:
    assert "timestamp 24/24" in gatestep("run", "pakistan").out
    assert "timestamp 9/24" in gatestep("run", "pakistan", "--at", 9).out
    assert "[Pakistan]" in gatestep("run", "pakistan", "--at", 9).out


@pytest.mark.parametrize(("name", "model"), EVERY_NETWORK)
def test_run_takes_the_network_asked_for(gatestep: "Command", name: str, model: str) -> None:
    done = gatestep("run", name, "--model", model)
    assert (done.code, done.err) == (0, "")
    kind = "dense" if model == "dense" else CELLS[model].title
    assert f" {kind} " in done.out.splitlines()[0]
    assert ("no timestamps" in done.out.splitlines()[0]) == (model == "dense")
    assert ("── lesson" in done.out) == (model == find(name).models[0])
    ascii = gatestep("run", name, "--model", model, "--glyphs", "ascii")
    assert ascii.code == 0
    assert ascii.out.isascii()


def test_run_reads_a_sentence_of_ones_own_and_names_what_the_network_does_not_know(gatestep: "Command") -> None:
    done = gatestep("run", "pakistan", "--text", "My name is Zork, I live in Mordor, I am ____")
    assert "timestamp 12/12" in done.out
    unknown = done.out.splitlines()[-1]
    assert "unknown" in unknown
    assert "Zork" in unknown
    assert "Mordor" in unknown
    assert "name" not in unknown


def test_nothing_is_called_unknown_where_every_word_is_known(gatestep: "Command") -> None:
    assert "unknown" not in gatestep("run", "pakistan").out


@pytest.mark.parametrize(
    "command",
    ["run pakistan --plain", "trace pakistan", "trace pakistan --format json"],
)
def test_control_characters_of_a_sentence_never_reach_the_terminal(gatestep: "Command", command: str) -> None:
    done = gatestep(*command.split(), "--text", CONTROLS)
    assert done.code == 0
    assert "Ahmad" in done.out
    assert not set(HARMFUL) & set(done.out + done.err)


def test_csv_carries_every_character_to_a_program(gatestep: "Command") -> None:
    done = gatestep("trace", "pakistan", "--format", "csv", "--text", CONTROLS)
    rows = list(csv.reader(io.StringIO(done.out)))
    assert [row[1] for row in rows[1:]] == Vocabulary(["<unknown>"]).split(CONTROLS)


def test_control_characters_of_an_argument_never_reach_the_terminal_in_an_error(gatestep: "Command") -> None:
    done = gatestep("run", CONTROLS)
    assert done.code == 2
    assert not set(HARMFUL) & set(done.err)


def test_json_keeps_control_characters_as_escapes(gatestep: "Command") -> None:
    done = gatestep("trace", "pakistan", "--format", "json", "--text", "my \x1b \U000e0001 name")
    assert json.loads(done.out)["tokens"] == ["my", "\x1b", "\U000e0001", "name"]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("glyphs", [True, False], ids=["--glyphs ascii", "LC_ALL=C"])
def test_plain_output_in_ascii(gatestep: "Command", monkeypatch: pytest.MonkeyPatch, name: str, glyphs: bool) -> None:
    if not glyphs:
        monkeypatch.setenv("LC_ALL", "C")
    options = ["--glyphs", "ascii"] if glyphs else []
    for done in (gatestep("run", name, *options), gatestep("run", name, *options, "--text", "café – “ok”"),
                 gatestep(*options)):  # fmt: skip
        assert done.code == 0
        assert done.out.isascii()


def test_plain_output_in_unicode_is_not_the_ascii_one(gatestep: "Command") -> None:
    assert not gatestep("run", "pakistan", "--glyphs", "unicode").out.isascii()


def test_options_may_stand_before_the_command(gatestep: "Command") -> None:
    assert gatestep("--glyphs", "ascii", "run", "pakistan") == gatestep("run", "pakistan", "--glyphs", "ascii")


@pytest.mark.parametrize("command", [(), ("list",), ("run",), ("trace",), ("train",)], ids=" ".join)
def test_help_says_how_to_use_it(gatestep: "Command", command: tuple[str, ...]) -> None:
    done = gatestep(*command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: {' '.join(('gatestep', *command))}")
    assert done.out.isascii()


def test_version_is_told(gatestep: "Command") -> None:
    assert gatestep("--version").out.startswith("gatestep ")


@pytest.mark.parametrize(
    "command", ["run pakistan | head -1", "trace pakistan --format csv | head -1", "--help | head -1", "list | true"]
)
def test_a_reader_that_has_seen_enough_is_no_error(command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"{COMMAND}" {command}; exit "${{PIPESTATUS[0]}}"'], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_closed_pipe_is_left_in_silence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert main(["run", "pakistan"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_streams_that_nothing_is_written_to_may_be_closed(closed: str) -> None:
    done = subprocess.run(["bash", "-c", f'"{COMMAND}" run pakistan {closed}'], capture_output=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr == b""


def shell(line: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with `line` behind it in a shell."""
    return subprocess.run(
        ["bash", "-c", f'"{COMMAND}" {line}'], capture_output=True, timeout=60, text=True, env={**os.environ, **env}
    )


@pytest.mark.parametrize("what", ["--version", "--help", "run --help", "list", "run order --plain", "trace order"])
@pytest.mark.parametrize(("where", "why"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")])
def test_what_cannot_be_written_is_work_that_failed(what: str, where: str, why: str) -> None:
    done = shell(f"{what} {where}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"gatestep: cannot write the output: {why}\n"


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-", ">&- 2>&-", "<&- >/dev/full 2>/dev/full"])
def test_wrong_use_is_2_also_where_nobody_can_be_told(where: str) -> None:
    for what in ("nothing", "run nothing", "--at 3"):
        done = shell(f"{what} {where}")
        assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


def test_where_the_work_is_a_file_a_closed_output_is_no_error(tmp_path: Path) -> None:
    assert shell(f"trace order -o {tmp_path}/trace.npz >&-").returncode == 0
    assert (tmp_path / "trace.npz").exists()


def test_the_traceback_behind_an_error_is_there_for_who_asks() -> None:
    for debug, shown in (("1", True), ("0", False), ("", False)):
        done = shell("run order --at 99", GATESTEP_DEBUG=debug)
        assert done.returncode == 2
        assert ("Traceback" in done.stderr and "in main" in done.stderr) is shown
        assert done.stderr.splitlines()[-1].startswith("gatestep: --at 99: ")


def test_a_fault_of_its_own_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("made to fail")

    monkeypatch.setattr("gatestep.tui.cli.build_parser", fail)
    assert main(["list"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("gatestep: an internal error: ZeroDivisionError: made to fail")
    assert told.count("\n") == 1


def test_output_that_cannot_be_written_is_told_in_a_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([COMMAND, "run", "pakistan"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("gatestep: ")
    assert len(done.stderr.splitlines()) == 1


def test_an_encoding_that_cannot_spell_the_output_is_no_error() -> None:
    done = subprocess.run([COMMAND, "run", "pakistan", "--glyphs", "unicode"], capture_output=True, timeout=60,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


def test_interrupted_training_leaves_nothing_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [COMMAND, "train", "pakistan", "-o", tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
    )  # fmt: skip
    assert process.stdout is not None
    watchdog = threading.Timer(90, process.kill)
    watchdog.start()
    try:
        assert any("batches" in line for line in process.stdout), "training shows that it goes on"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    finally:
        watchdog.cancel()
        process.kill()
    assert process.returncode == 130
    assert err == "gatestep: interrupted\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("--mouse", "list"), "--mouse does not go with this command; it goes with run"),
        (("list", "--mouse"), "unrecognized arguments: --mouse"),
        (("run", "pakistan", "--plain", "--mouse"), "--mouse and --plain do not go together"),
    ],
)
def test_the_mouse_goes_only_with_a_screen(gatestep: "Command", line: tuple[str, ...], told: str) -> None:
    done = gatestep(*line)
    assert done.code == 2
    assert told in done.err
