"""The equations of a cell as the screen spells them, from how the cell is built."""

from ...engine import PEEPHOLES, QUANTITIES, CellWeights
from .look import Look


def equations(weights: CellWeights, look: Look) -> list[tuple[str, str]]:
    """Return (quantity, equation) of everything that the cell of `weights` computes, in the order in which it does."""
    return [
        (name, f"{QUANTITIES[name].symbol} = {_right_side(weights, name, look)}") for name in weights.cell.quantities
    ]


def memory_equation(weights: CellWeights, look: Look) -> str:
    """Return the right side of the equation of the memory, of a cell that has one."""
    dot, prime = look.glyphs.dot, look.glyphs.prime
    if weights.cell.memory_state == "cell":
        return f"f{dot}c{prime} + i{dot}g"
    return f"z{dot}h{prime} + (1{look.glyphs.minus}z){dot}g"


def other_gate(weights: CellWeights, look: Look) -> str:
    """Return the right side of the equation of a coupled gate."""
    assert weights.cell.coupled is not None
    return f"1{look.glyphs.minus}{QUANTITIES[weights.cell.coupled[1]].symbol}"


def _right_side(weights: CellWeights, name: str, look: Look) -> str:
    cell, glyphs = weights.cell, look.glyphs
    function = cell.function(name)
    if function is not None:
        recurrent = f"W h{glyphs.prime}"
        if resets(weights, name) == "after":
            recurrent = f"r{glyphs.dot}(d + {recurrent})"
        elif resets(weights, name) == "before":
            recurrent = f"W (r{glyphs.dot}h{glyphs.prime})"
        return squashed(function.name, f"b + U x + {recurrent}{_peephole(weights, name, look)}", look)
    if cell.coupled and name == cell.coupled[0]:
        return other_gate(weights, look)
    return memory_equation(weights, look) if name == cell.memory_state else shown_equation(weights, look)


def shown_equation(weights: CellWeights, look: Look) -> str:
    """Return the right side of the equation of the hidden state of a cell that shows a part of its memory."""
    shown = f"o{look.glyphs.dot}{squashed(weights.cell.output.name, 'c', look)}"
    return shown if weights.projection is None else f"R ({shown})"


def squashed(function: str, inside: str, look: Look) -> str:
    """Return the function called `function` of `inside`: σ(z), tanh(z), hard_sigmoid(0.2, 0.5)(z), and z of linear."""
    if function in ("linear", ""):
        return inside
    return f"{look.glyphs.sigma if function == 'sigmoid' else function}({inside})"


def _peephole(weights: CellWeights, name: str, look: Look) -> str:
    if weights.peepholes is None or name not in PEEPHOLES:
        return ""
    return f" + p{look.glyphs.dot}{seen(name, look)}"


def resets(weights: CellWeights, name: str) -> str:
    """Return where a reset gate multiplies in the sum of `name`: "after" the recurrent product, "before" it, or ""."""
    return weights.cell.resets if name == "candidate" else ""


def seen(gate: str, look: Look) -> str:
    """Return the memory that the peephole of `gate` looks at: the new one, or the one before."""
    return "c" if gate == "output" else f"c{look.glyphs.prime}"
