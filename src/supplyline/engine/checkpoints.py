"""Finished parts of a run, kept so that an interrupted run continues where it was."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from supplyline.engine.block import BlockResult
from supplyline.engine.kernels.world import Outputs
from supplyline.output import draft_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PART_BLOCKS = 16
"""Blocks of members in one part."""
BOOKS = tuple(name for name in BlockResult._fields if name != "outputs")
"""What a block leaves beside its outputs."""


def part_path(folder: Path, part: Sequence[range]) -> Path:
    """Name the file of a part by its members."""
    return folder / f"{part[0].start:07d}-{part[-1].stop:07d}.npz"


def save_part(path: Path, results: Sequence[BlockResult]) -> None:
    """Write the results of a part, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {}
    for number, result in enumerate(results):
        for name, array in result.outputs._asdict().items():
            arrays[f"{number}/outputs/{name}"] = np.asarray(array)
        for name in BOOKS:
            arrays[f"{number}/{name}"] = np.asarray(getattr(result, name))
    with draft_file(path) as file:
        np.savez(file, **arrays)


def load_part(path: Path, outputs: Sequence[Outputs]) -> list[BlockResult] | None:
    """Read the results of a part into the ensemble's outputs."""
    try:
        # opened here, as numpy leaves a broken file open
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return [_result(arrays, *numbered) for numbered in enumerate(outputs)]
    except (FileNotFoundError, zipfile.BadZipFile, KeyError, ValueError, EOFError):
        return None


def _result(arrays: np.lib.npyio.NpzFile, number: int, outputs: Outputs) -> BlockResult:
    books = {name: arrays[f"{number}/{name}"] for name in BOOKS}
    kept = [arrays[f"{number}/outputs/{name}"] for name in Outputs._fields]
    for own, array in zip(outputs, kept, strict=True):
        own[...] = array
    return BlockResult(
        outputs,
        books.pop("losses").view(np.recarray),
        books.pop("log_rows").view(np.recarray),
        int(books.pop("lead_cuts")),
        **books,
    )
