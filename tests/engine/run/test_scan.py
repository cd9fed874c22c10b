import numpy as np
import pytest
from gatestep.engine.run.scan import BLOCK, linear_recurrence
from hypothesis import given
from hypothesis import strategies as st

LENGTHS = (1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7)


def by_loop(keep: np.ndarray, write: np.ndarray, first: np.ndarray) -> np.ndarray:
    m, steps = first.astype(np.float64), []
    for k, w in zip(keep, write, strict=True):
        m = k * m + w
        steps.append(m)
    return np.array(steps)


def drawn(T: int, H: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    keep = rng.uniform(size=(T, H)) ** rng.choice([0, 0.1, 1, 20], size=H)
    return keep.astype("f"), rng.uniform(-1, 1, (T, H)).astype("f"), rng.normal(size=H).astype("f")


@given(T=st.sampled_from(LENGTHS) | st.integers(1, 300), H=st.integers(1, 4), seed=st.integers(0, 999))
def test_it_is_the_plain_loop(T: int, H: int, seed: int) -> None:
    keep, write, first = drawn(T, H, seed)
    result = linear_recurrence(keep, write, first)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, by_loop(keep, write, first), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("cut", [1, BLOCK, BLOCK + 1, 2 * BLOCK - 1])
def test_a_prefix_gives_the_very_same_numbers(cut: int) -> None:
    keep, write, first = drawn(3 * BLOCK, 2, 0)
    whole = linear_recurrence(keep, write, first)
    np.testing.assert_array_equal(linear_recurrence(keep[:cut], write[:cut], first), whole[:cut])


def test_what_it_is_given_stays_as_it_was() -> None:
    given_arrays = drawn(5, 2, 0)
    copies = [array.copy() for array in given_arrays]
    linear_recurrence(*given_arrays)
    for array, copy in zip(given_arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
