"""Finished parts of a run, kept so that an interrupted run continues where it was."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from supplyline.engine.block import BlockResult
from supplyline.engine.kernels.world import Outputs
from supplyline.output import draft_file

if TYPE_CHECKING:
    from pathlib import Path

PART_MEMBERS = 1024
"""Members in one part."""
BOOKS = tuple(
    name for name in BlockResult._fields if name not in {"members", "outputs"}
)
"""What members leave beside their outputs."""


def part_path(folder: Path, members: range) -> Path:
    """Name the file of a part by its members."""
    return folder / f"{members.start:07d}-{members.stop:07d}.npz"


def save_part(path: Path, result: BlockResult) -> None:
    """Write what the members of a part leave, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        f"outputs/{name}": np.asarray(array)
        for name, array in result.outputs._asdict().items()
    }
    for name in BOOKS:
        arrays[name] = np.asarray(getattr(result, name))
    with draft_file(path) as file:
        np.savez(file, **arrays)


def load_part(path: Path, members: range, outputs: Outputs) -> BlockResult | None:
    """Read what the members of a part leave, their outputs into their place."""
    try:
        # opened here, as numpy leaves a broken file open
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _result(arrays, members, outputs)
    except (FileNotFoundError, zipfile.BadZipFile, KeyError, ValueError, EOFError):
        return None


def _result(
    arrays: np.lib.npyio.NpzFile, members: range, outputs: Outputs
) -> BlockResult:
    books = {name: arrays[name] for name in BOOKS}
    kept = [arrays[f"outputs/{name}"] for name in Outputs._fields]
    for own, array in zip(outputs, kept, strict=True):
        own[...] = array
    return BlockResult(
        members,
        outputs,
        books.pop("losses").view(np.recarray),
        books.pop("log_rows").view(np.recarray),
        int(books.pop("lead_cuts")),
        **books,
    )
