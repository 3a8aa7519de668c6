"""Compile the day loop for a wheel: `python -m supplyline.engine.kernels FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from supplyline.engine.kernels.processor import PLAIN

# numba reads its settings when it is imported
os.environ |= {"NUMBA_CPU_NAME": PLAIN, "NUMBA_CPU_FEATURES": ""}

from supplyline.engine.kernels.ahead import write_code

write_code(Path(sys.argv[1]))
