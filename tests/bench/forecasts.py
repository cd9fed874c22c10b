"""The forecaster: its first chart, and its training."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib.resources import as_file, files

from measuring import Row, medians, timed
from ptydriver import COMMAND, Terminal, environment


def forecasting() -> Iterator[Row]:
    """The forecaster's first chart, and its training against the script that the article publishes."""
    from article_script import run as article
    from gatestep.engine import read_table
    from gatestep.scenarios import STUDIES
    from gatestep.scenarios.forecast import ARTICLE, STARBUCKS, prepare, series_of

    def first_chart() -> float:
        terminal = Terminal([str(COMMAND)], (80, 24), environment(), ignore_hang_up=False)
        try:
            terminal.wait_for("order")
            terminal.settle()
            for _ in range(list(STUDIES).index(STARBUCKS.name)):
                terminal.press("down")
            terminal.wait_for("Volume over 253 days")
            terminal.settle()
            start = time.perf_counter()
            terminal.press("enter")
            terminal.wait_for("day 201 of 253")
            return time.perf_counter() - start
        finally:
            terminal.close()

    yield Row("choosing `starbucks` until its first chart", medians(5, first_chart)[0], 1.0, " s")
    with as_file(files("gatestep.data") / STARBUCKS.file) as csv:

        def ours() -> None:
            for epoch in prepare(series_of(read_table(csv), STARBUCKS.target), ARTICLE).train(0):
                if epoch.epoch % 100 == 0:
                    print(f"Epoch: {epoch.epoch}, loss: {epoch.loss:1.5f}")

        def quietly(work: Callable[[], object]) -> Callable[[], float]:
            def job() -> float:
                with redirect_stdout(io.StringIO()):
                    return timed(work)()

            return job

        own, published = medians(5, quietly(ours), quietly(lambda: article(csv, 0)))
    yield Row("1,000 epochs of the article's recipe, with progress, against its own script", own / published, 1.05)
