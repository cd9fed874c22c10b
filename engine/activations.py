"""The functions that squash a sum, by the names of Keras and ONNX; torch.autograd differentiates each where torch runs.

A name may be followed by its parameters, as in `leaky_relu(0.1)` or `hard_sigmoid(1/6)`. Where frameworks or their
versions disagree about a parameter, it must be given: another slope would be another network.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from types import ModuleType
from typing import Any

from .arrays import Array, sigmoid
from .errors import BadInput

Apply = Callable[[ModuleType, Array], Array]
"""(the array API functions, an array of any shape) -> an array of that shape."""


@dataclass(frozen=True)
class Activation:
    """An elementwise function. `low` and `high` bound its values, and are None where nothing does.

    `name` is its canonical spelling with all of its parameters; two of one name are equal.
    """

    name: str
    low: float | None = field(compare=False)
    high: float | None = field(compare=False)
    apply: Apply = field(compare=False, repr=False)


def activation(name: str, source: str = "activation") -> Activation:
    """Return the function called `name`, with its parameters in brackets where it has some.

    Raises BadInput, which begins with `source`, for a name that is not known and for parameters that are wrong.
    """
    match = re.fullmatch(r"\s*([a-z_0-9]{1,40})\s*(?:\(([^()]{0,100})\))?\s*", name)
    if not match or match[1] not in _FAMILIES:
        raise BadInput(f"{source}: unknown activation {name[:60]}; choose from {', '.join(_FAMILIES)}")
    family, given = match[1], [part for part in (match[2] or "").split(",") if part.strip()]
    try:
        parameters = [_number(part) for part in given]
    except (ValueError, ZeroDivisionError):
        raise BadInput(f"{source}: {name[:60]} has a parameter that is not a number") from None
    return named(family, parameters, source)


def named(family: str, parameters: Sequence[float] = (), source: str = "activation") -> Activation:
    """Return the function called `family`, a name without brackets, with `parameters`; the last may have defaults.

    Raises BadInput, which begins with `source`, for a name that is not known, for a parameter that is missing and has
    no default, and for parameters that are too many or not finite.
    """
    if family not in _FAMILIES:
        raise BadInput(f"{source}: unknown activation {family[:60]}; choose from {', '.join(_FAMILIES)}")
    made, defaults = _FAMILIES[family]
    if len(parameters) > len(defaults) or not all(map(isfinite, parameters)):
        raise BadInput(f"{source}: {family} takes {len(defaults)} finite parameters at most, not {list(parameters)}")
    full = [*parameters, *defaults[len(parameters) :]]
    told = [value for value in full if not isinstance(value, str)]
    if len(told) < len(full):
        raise BadInput(f"{source}: {family} needs its parameter: {next(v for v in full if isinstance(v, str))}")
    label = f"{family}({', '.join(map(_spelled, told))})" if told else family
    return Activation(label, *made(*told))


def _number(text: str) -> float:
    """The number in `text`, or the quotient of two numbers with / between them."""
    above, _, below = text.partition("/")
    return float(above) / float(below or "1")


def _spelled(value: float) -> str:
    """The shortest text that is read as `value` again: 0.2, 1/6."""
    if len(repr(value)) < 8:
        return repr(value)
    below = next((n for n in range(2, 100) if round(value * n) / n == value), None)
    return repr(value) if below is None else f"{round(value * below)}/{below}"


def _tanh(xp: ModuleType, z: Array) -> Array:
    return xp.tanh(z)


def _relu(xp: ModuleType, z: Array) -> Array:
    return xp.where(z <= 0, 0.0, z)  # NaN stays NaN, as in every framework


def _softplus(xp: ModuleType, z: Array) -> Array:
    return _relu(xp, z) + xp.log1p(xp.exp(-xp.abs(z)))


def _elu(alpha: float, scale: float = 1.0) -> Apply:
    def apply(xp: ModuleType, z: Array) -> Array:
        return scale * xp.where(z > 0, z, alpha * xp.expm1(xp.where(z > 0, 0.0, z)))

    return apply


def _between(low: float, high: float) -> Apply:
    return lambda xp, z: xp.clip(z, low, high)


def _hard_sigmoid(slope: float, offset: float) -> tuple[Any, ...]:
    return 0.0, 1.0, lambda xp, z: xp.clip(slope * z + offset, 0.0, 1.0)


def _scaled_tanh(alpha: float, beta: float) -> tuple[Any, ...]:
    return -abs(alpha), abs(alpha), lambda xp, z: alpha * xp.tanh(beta * z)


_SLOPES = "hard_sigmoid(0.2) is that of Keras 1 and 2 and ONNX, hard_sigmoid(1/6) that of Keras 3 and PyTorch"
_LEAK = "leaky_relu(0.2) is the default of Keras 3, leaky_relu(0.01) that of ONNX and PyTorch"

_FAMILIES: dict[str, tuple[Callable[..., tuple[Any, ...]], tuple[float | str, ...]]] = {
    "tanh": (lambda: (-1.0, 1.0, _tanh), ()),
    "sigmoid": (lambda: (0.0, 1.0, sigmoid), ()),
    "relu": (lambda: (0.0, None, _relu), ()),
    "linear": (lambda: (None, None, lambda xp, z: z), ()),
    "hard_sigmoid": (_hard_sigmoid, (_SLOPES, 0.5)),
    "hard_tanh": (lambda: (-1.0, 1.0, _between(-1.0, 1.0)), ()),
    "softsign": (lambda: (-1.0, 1.0, lambda xp, z: z / (1.0 + xp.abs(z))), ()),
    "softplus": (lambda: (0.0, None, _softplus), ()),
    "elu": (lambda alpha: (-alpha if alpha >= 0 else None, None, _elu(alpha)), (1.0,)),
    "selu": (lambda: (-1.7580993408473766, None, _elu(1.6732632423543772, 1.0507009873554805)), ()),
    "relu6": (lambda: (0.0, 6.0, _between(0.0, 6.0)), ()),
    "leaky_relu": (lambda alpha: (None, None, lambda xp, z: xp.where(z > 0, z, alpha * z)), (_LEAK,)),
    "thresholded_relu": (
        lambda alpha: (min(alpha, 0.0), None, lambda xp, z: xp.where(z <= alpha, 0.0, z)),
        (1.0,),
    ),
    "scaled_tanh": (_scaled_tanh, (1.0, 1.0)),
    "affine": (lambda alpha, beta: (None, None, lambda xp, z: alpha * z + beta), (1.0, 0.0)),
    "exponential": (lambda: (0.0, None, lambda xp, z: xp.exp(z)), ()),
    "silu": (lambda: (-0.2784645427610738, None, lambda xp, z: z * sigmoid(xp, z)), ()),
    "mish": (lambda: (-0.3088383448, None, lambda xp, z: z * xp.tanh(_softplus(xp, z))), ()),
    "log_sigmoid": (lambda: (None, 0.0, lambda xp, z: -_softplus(xp, -z)), ()),
}
"""By name: a function from the parameters to (low, high, apply), and their defaults; a text is why there is none."""

SIGMOID, TANH, RELU = activation("sigmoid"), activation("tanh"), activation("relu")
"""What torch's own cells use."""

NAMES = tuple(_FAMILIES)
"""The names of all functions, without parameters."""
