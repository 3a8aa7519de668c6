"""Options and fixtures that all tests share."""

import pytest
from hypothesis import settings

from supplyline.case.case import load_case


# the first call of a kernel compiles it
settings.register_profile("supplyline", deadline=None)
settings.load_profile("supplyline")


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


@pytest.fixture(scope="session")
def toy():
    return load_case("toy")
