"""The outputs of a network over numbers: one value is printed in one way wherever it stands."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gatestep.engine import Readout
from gatestep.engine.files.own import Own
from gatestep.tui.draw.look import ASCII, Look
from gatestep.tui.source.own import own_subject
from gatestep.tui.views.stepper.panels.outputs import outputs
from gatestep.tui.views.stepper.state import first_moment
from numbermade import made

VALUES = (-0.396045, -0.396049, 0.0396046, 0.00123456, 9.99963, 12.3456, 999.963, 5354.993, 0.0)


@pytest.mark.parametrize("value", VALUES)
def test_an_output_is_printed_alike_above_its_sum_and_its_parts_add_up(value: float, tmp_path: Path) -> None:
    made(tmp_path, layers=1, dense=0, inputs=3)
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(4, 3)))
    subject = own_subject(Own(tmp_path / "model.pt", tmp_path / "x.npy"))
    said = subject.outputs
    assert said is not None
    bias = np.float32(value) - (said.head.scores(subject.trace.top[0]) - said.head.bias)
    head = Readout(said.head.matrix, bias.astype(np.float32))
    moment = first_moment(replace(subject, outputs=replace(said, head=head)))
    lines = outputs(moment, 100, 10, Look(ASCII))
    page = "\n".join("".join(piece.text for piece in line) for line in lines)
    above = re.search(r"^ y0? +(-?[\d.,e-]+)", page, re.M)
    below = re.search(r"y0? (-?[\d.,e-]+) = bias ([+-][\d.]+)  \d+ units ([+-][\d.]+)", page)
    assert above is not None
    assert below is not None
    assert above[1] == below[1]
    decimals = len(below[2].partition(".")[2])
    total = float(below[2]) + float(below[3])
    assert total == pytest.approx(float(below[1].replace(",", "")), abs=0.501 * 10.0**-decimals)
