"""The switches of `make portable`: each shows in what the libraries report, and one that does not is named."""

import pytest
from processors import COMBINATIONS, PLAYABLE, report, without_effect


@pytest.mark.skipif(not PLAYABLE, reason="the switches are those of x86-64 processors")
def test_every_switch_takes_effect_here() -> None:
    oldest = COMBINATIONS["oldest"]
    assert {s.variable for switches in COMBINATIONS.values() for s in switches} == {s.variable for s in oldest}
    assert without_effect(oldest, report(oldest)) == []


def test_a_switch_without_effect_is_named() -> None:
    """Each sign needs all of its line: what stands there otherwise is no sign."""
    otherwise = """
aten: AVX512
torch threads: 12
numpy beyond its baseline: X86_V3
openblas: SkylakeX
openblas threads: 12
MKL_VERBOSE SGEMM(N,N,64,64,64) 4.04ms CNR:OFF Dyn:1 FastMM:1 TID:0  NThr:1
onednn_verbose,v1,info,cpu,isa:Intel AVX2
"""
    for switches in COMBINATIONS.values():
        assert without_effect(switches, otherwise) == [f"{s.variable}={s.value}" for s in switches]
