"""A walk of small products keeps NumPy's library to one thread, and gives them back."""

from collections.abc import Iterator
from threading import Barrier, Thread

import numpy as np
import pytest
from gatestep.engine.run.blas import LARGE, one_blas_thread
from threadpoolctl import ThreadpoolController, threadpool_limits

SMALL, LONG_WALK = np.zeros((256, 64), np.float32), np.zeros((4096, 256), np.float32)


def threads() -> set[int]:
    """How many threads each library may use."""
    return {one["num_threads"] for one in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """Let the libraries use two threads, as they may on any machine."""
    with threadpool_limits(2, "blas"):
        if threads() != {2}:
            pytest.skip("NumPy's library knows no threads here")
        yield


def test_a_long_walk_of_small_products_has_one_thread_and_gives_the_others_back() -> None:
    with one_blas_thread(LONG_WALK, SMALL):
        assert threads() == {1}
    assert threads() == {2}


def test_so_it_does_when_it_fails() -> None:
    with pytest.raises(ZeroDivisionError), one_blas_thread(LONG_WALK, SMALL):
        raise ZeroDivisionError
    assert threads() == {2}


def test_large_products_and_short_walks_are_left_alone() -> None:
    wide = np.zeros((4096, LARGE // SMALL.size, 256), np.int8)
    for x in (wide, LONG_WALK[:9]):
        with one_blas_thread(x, SMALL):
            assert threads() == {2}


def test_the_last_of_several_walks_gives_them_back() -> None:
    inside, left = Barrier(2), Barrier(2)

    def first() -> None:
        with one_blas_thread(LONG_WALK, SMALL):
            inside.wait(30)
        left.wait(30)

    other = Thread(target=first)
    with one_blas_thread(LONG_WALK, SMALL):
        other.start()
        inside.wait(30)
        left.wait(30)
        assert threads() == {1}
    other.join()
    assert threads() == {2}
