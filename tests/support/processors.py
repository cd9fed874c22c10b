"""Other processors, as far as this one can imitate them: libraries that are set to compute as on an older one.

What a processor can do decides in which order a sum is taken, and so its last bits. Each switch leaves a sign in
`report()`, in which a fresh process prints what its libraries really use.
"""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

PLAYABLE = platform.machine() in ("x86_64", "AMD64")
"""Whether the switches work on this kind of processor."""


@dataclass(frozen=True)
class Switch:
    """An environment variable, and a regular expression for the line of the report that shows its effect."""

    variable: str
    value: str
    sign: str


ATEN_DEFAULT = Switch("ATEN_CPU_CAPABILITY", "default", "aten: (DEFAULT|NO AVX)")  # torch's own kernels
ATEN_AVX2 = Switch("ATEN_CPU_CAPABILITY", "avx2", "aten: AVX2")
ONEDNN = Switch("ONEDNN_MAX_CPU_ISA", "SSE41", r"onednn_verbose.*isa:Intel SSE4\.1")  # torch's recurrent kernels
MKL = Switch("MKL_CBWR", "COMPATIBLE", "MKL_VERBOSE SGEMM.*CNR:COMPATIBLE")  # torch's products of matrices
NUMPY = Switch("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4 AVX512_ICL AVX512_SPR", "numpy beyond its baseline: nothing")
# NumPy's products of matrices
OPENBLAS_SSE = Switch("OPENBLAS_CORETYPE", "Nehalem", "openblas: Nehalem")
OPENBLAS_AVX2 = Switch("OPENBLAS_CORETYPE", "Haswell", "openblas: Haswell")


def threads(count: int) -> tuple[Switch, ...]:
    """Return the switches that give every library `count` threads."""
    return (
        Switch("OMP_NUM_THREADS", str(count), f"torch threads: {count}"),
        Switch("OPENBLAS_NUM_THREADS", str(count), f"openblas threads: {count}"),
    )


COMBINATIONS: Mapping[str, tuple[Switch, ...]] = {
    "native": (),
    "aten-default": (ATEN_DEFAULT,),
    "aten-avx2": (ATEN_AVX2,),
    "onednn-sse4": (ONEDNN,),
    "mkl-compatible": (MKL,),
    "numpy-baseline": (NUMPY,),
    "openblas-avx2": (OPENBLAS_AVX2,),
    "one-thread": threads(1),
    "oldest": (ATEN_DEFAULT, ONEDNN, MKL, NUMPY, OPENBLAS_SSE, *threads(1)),
}

REPORT = """
import torch
from numpy._core._multiarray_umath import __cpu_dispatch__ as dispatch, __cpu_features__ as features
from threadpoolctl import threadpool_info

print("aten:", torch.backends.cpu.get_cpu_capability())
print("torch threads:", torch.get_num_threads())
print("numpy beyond its baseline:", " ".join(name for name in dispatch if features[name]) or "nothing")
for library in threadpool_info():
    if library["internal_api"] == "openblas":
        print("openblas:", library["architecture"])
        print("openblas threads:", library["num_threads"])
square = torch.ones(64, 64)
square @ square
torch.nn.LSTM(8, 8)(torch.ones(5, 1, 8))
"""


def environment(switches: tuple[Switch, ...]) -> dict[str, str]:
    """Return this process's environment with `switches` on, and every other of them off."""
    known = {switch.variable for combination in COMBINATIONS.values() for switch in combination}
    own = {name: value for name, value in os.environ.items() if name not in known}
    return own | {switch.variable: switch.value for switch in switches}


def report(switches: tuple[Switch, ...]) -> str:
    """Return what the libraries of a fresh process use with `switches` on; MKL and oneDNN speak for themselves."""
    verbose = {"MKL_VERBOSE": "1", "ONEDNN_VERBOSE": "1"}
    command = [sys.executable, "-P", "-c", REPORT]
    done = subprocess.run(command, env=environment(switches) | verbose, capture_output=True, text=True, check=True)
    return done.stdout


def without_effect(switches: tuple[Switch, ...], found: str) -> list[str]:
    """Return those of `switches`, as they are set, of which the report `found` shows no sign."""
    return [f"{s.variable}={s.value}" for s in switches if not re.search(f"^{s.sign}\\b", found, re.MULTILINE)]
