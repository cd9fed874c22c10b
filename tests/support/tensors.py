"""The tensors that the tests of files write and read."""

import numpy as np
import torch

MATRIX = np.array([[1.5, -2.0], [3.0, 4.0], [0.0, 1e-30]], np.float32)
TENSORS = {"weight_ih_l0": MATRIX, "weight_hh_l0": np.ones((3, 3), np.float32)}


def torch_tensors() -> dict[str, torch.Tensor]:
    """Return TENSORS as tensors of PyTorch."""
    return {name: torch.from_numpy(array.copy()) for name, array in TENSORS.items()}
