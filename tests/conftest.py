"""Options and fixtures that all tests share."""

import os
import sys
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from supplyline.case.case import load_case
from supplyline.engine import kernels
from supplyline.evidence.extra import PACKAGES

# the first call of a kernel compiles it
settings.register_profile("supplyline", deadline=None)
settings.load_profile("supplyline")


MISSING = [name for name in PACKAGES if find_spec(name) is None]


class SkipEvidence:
    """Asked first for each module: skip who imports evidence without its packages."""

    @staticmethod
    def find_spec(name, *_):
        inside = name.startswith("supplyline.evidence.") and not name.endswith(".extra")
        if inside or name in MISSING:
            reason = f"the extra evidence is not installed ({', '.join(MISSING)})"
            pytest.skip(reason, allow_module_level=True)


if MISSING:
    sys.meta_path.insert(0, SkipEvidence)


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the golden file; say why in a changelog fragment",
    )


def pytest_configure(config):
    # a case that is suspect but usable is no failure of the tests
    config.addinivalue_line(
        "filterwarnings", "default::supplyline.errors.SupplylineWarning"
    )
    # numba does not see that a kernel which another calls has changed
    files = sorted(Path(kernels.__path__[0]).glob("*.py"))
    sources = [path.read_bytes() for path in files]
    version = blake2b(b"".join(sources), digest_size=8).hexdigest()
    folder = config.rootpath / ".pytest_cache/d" / f"numba-{version}"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))


@pytest.fixture(scope="session")
def toy():
    return load_case("toy")
