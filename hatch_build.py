"""Compile the day loop into a wheel, so that a new install need not.

SUPPLYLINE_WHEEL_CODE=0 leaves the code out: a pure wheel, which compiles at its first
run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = ("llvmlite", "numba", "numpy", "rapidfuzz")
"""Packages that the kernels import."""


COMPILE = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module('supplyline.engine.kernels', run_name='__main__')"
)
"""Compiles what stands in a folder, whatever pip leaves of the paths that are set."""


class CompiledCode(BuildHookInterface):
    """Machine code for the Python, numba and kind of processor of this build."""

    def dependencies(self) -> list[str]:
        """Ask for the compiler in the version of the pins: code is bound to it."""
        if not is_wanted():
            return []
        pins = (Path(self.root) / "constraints.txt").read_text(encoding="utf-8")
        names = "|".join(NEEDED)
        return re.findall(rf"(?im)^(?:{names})==\S+", pins)

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and add the code to the wheel; an editable install has none."""
        if version == "editable" or not is_wanted():
            return
        self.folder = tempfile.TemporaryDirectory()
        self.app.display_waiting("Compiling the day loop, about 20 s")
        source = str(Path(self.root) / "src")
        subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-c", COMPILE, source, self.folder.name], check=True
        )
        place = "supplyline/engine/kernels/compiled"
        build_data["force_include"][self.folder.name] = place
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, _version: str, build_data: dict[str, Any], _path: str) -> None:
        """Remove what the wheel now holds."""
        if build_data.get("infer_tag"):
            self.folder.cleanup()


def is_wanted() -> bool:
    """Whether the wheel is to hold code."""
    return os.environ.get("SUPPLYLINE_WHEEL_CODE") != "0"
