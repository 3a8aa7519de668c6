"""Trace a number of a run: the brief names the run, the run names its case and luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplyline.cli.speech import counted

if TYPE_CHECKING:
    from pathlib import Path

    from supplyline.runs.manifest import Manifest


def find_run(runs: Path, identifier: str) -> tuple[Path, Manifest] | None:
    """Find a run by its id or name."""
    from supplyline.runs.manifest import MANIFEST, read_manifest

    for file in sorted(runs.glob(f"*/{MANIFEST}")):
        folder = file.parent
        if identifier in {folder.name, folder.name.rsplit("-", 1)[-1]}:
            return folder, read_manifest(folder)
    return None


def run_lines(folder: Path, manifest: Manifest) -> list[str]:
    """Say where a run comes from."""
    arguments, request = manifest.arguments, manifest.request
    size = counted(arguments.members, "member"), counted(arguments.days, "day")
    steps = {
        "case": f"{request.case}, data until {manifest.cutoff}",
        "scenario": manifest.scenario,
        "made by": f"{', '.join(size)}, seed {arguments.seed}",
        **({"lineage": arguments.lineage} if arguments.lineage else {}),
        "made of": f"{folder / 'case'} (its tables, hashed in manifest.json)",
        "again": f"supplyline verify {folder} --rerun",
    }
    return [
        f"{manifest.run}   {folder}",
        *(f"{name:<11}{text}" for name, text in steps.items()),
    ]


def run_result(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """Give the same for a program."""
    found = manifest.model_dump(mode="json")
    return {"run": manifest.run, "folder": folder, "manifest": found}
