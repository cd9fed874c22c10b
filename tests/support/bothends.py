"""In which order the workers of one run take the tests."""

from xdist.scheduler.loadgroup import LoadGroupScheduling
from xdist.workermanage import WorkerController


class BothEnds(LoadGroupScheduling):  # type: ignore[misc]
    """Every other worker takes tests from the end, where terminals stand, which wait most of the time.

    So at any time some workers wait and others compute, and no processor is idle.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self.nodes.index(node) % 2:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)
