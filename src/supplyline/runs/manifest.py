"""How a run was made: request, manifest, and the check of a manifest that is read."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from supplyline.errors import RunError
from supplyline.runs.files import FILE, kind_of
from supplyline.runs.memory import peak_memory_mb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario

SCHEMA: Final = 3
READS: Final = (1, 2, SCHEMA)
"""Versions that are read: before 3 a table is one file, and 1 has none of groups."""
MANIFEST: Final = "manifest.json"
CASE: Final = "case"
ID_LENGTH: Final = 12
SHORT_BELOW: Final = 0.5
"""Share of what its public wants below which a place is short, where none is told [1].
"""

version_of = cache(version)
"""Version of an installed package, read once: the options of a brief are many runs."""


class Frozen(BaseModel):
    """A value that cannot be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Arguments(Frozen):
    """What the caller chose."""

    days: int
    """Days after the cut-off [days]."""
    members: int
    """Members of the ensemble."""
    seed: int
    """Seed of all luck."""
    first: int = 0
    """First member; not written where it is 0."""
    lineage: str | None = None
    """SHA-256 of the lineage; not written where there is none."""
    short_below: float = SHORT_BELOW
    """Share of what its public wants below which a place is short on a day; not written
    where it is 0.5 [1]."""

    @property
    def range(self) -> range:
        """Members: the first, and one past the last."""
        return range(self.first, self.first + self.members)

    @model_serializer(mode="wrap")
    def _write(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is as in a plain run, so that runs keep the names they had."""
        written: dict[str, Any] = write(self)
        return {name: value for name, value in written.items() if self._is_told(name)}

    def _is_told(self, name: str) -> bool:
        """Whether a field is written."""
        plain = {"first": 0, "lineage": None, "short_below": SHORT_BELOW}
        return name not in plain or getattr(self, name) != plain[name]


class Request(Frozen):
    """All that decides a run; the same request has the same name on every machine."""

    software: str
    """Version of supplyline."""
    case: str
    """Name of the case."""
    case_sha256: dict[str, str]
    """SHA-256 of each file of the case."""
    scenario: dict[str, Any] | None
    """The scenario, resolved; None for the baseline."""
    arguments: Arguments
    """What the caller chose."""

    @property
    def label(self) -> str:
        """Name of the scenario, or ``baseline``."""
        return "baseline" if self.scenario is None else str(self.scenario["name"])

    @property
    def name(self) -> str:
        """Name of the run folder."""
        return f"{self.case}-{self.label}-{self.run}"

    @property
    def run(self) -> str:
        """First hex digits of the SHA-256 of the request's canonical JSON."""
        text = json.dumps(
            self.model_dump(mode="json"),
            sort_keys=True,
            separators=(",", ":"),
            allow_nan=False,
        )
        return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


class Output(Frozen):
    """One file of a run folder."""

    sha256: str
    """SHA-256 of its bytes."""
    rows: int = Field(ge=0)
    """Rows of the table."""


class Manifest(Frozen):
    """How a run was made; ``manifest.schema.json`` says the same for other tools."""

    schema_version: Literal[1, 2, 3] = SCHEMA
    """Version of the format of the run folder."""
    run: str
    """Name of the request."""
    request: Request
    """All that decides the run."""
    start: str
    """First day."""
    cutoff: str
    """Last day of the past part."""
    environment: dict[str, str]
    """Versions and platform; not part of the name."""
    resources: dict[str, float]
    """Time and memory taken; not part of the name."""
    warnings: tuple[str, ...]
    """What was cut or is suspect."""
    outputs: dict[str, Output] = {}
    """Files of the tables; empty for a run that was not saved."""
    case_files: dict[str, str] = {}
    """SHA-256 of each file of the folder's copy of the case."""

    def of_members(self, members: range) -> Manifest:
        """Say how these members alone would be asked for."""
        chosen = {"first": members.start, "members": len(members)}
        arguments = self.arguments.model_copy(update=chosen)
        request = self.request.model_copy(update={"arguments": arguments})
        unsaved = {"run": request.run, "request": request, "outputs": {}}
        return self.model_copy(update=unsaved | {"case_files": {}})

    @property
    def arguments(self) -> Arguments:
        """What the caller chose."""
        return self.request.arguments

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return self.request.arguments.seed

    @property
    def scenario(self) -> str:
        """Name of the scenario, or ``baseline``."""
        return self.request.label

    @property
    def name(self) -> str:
        """Name of the run folder."""
        return self.request.name


def request_of(case: Case, scenario: Scenario | None, arguments: Arguments) -> Request:
    """Say what decides a run."""
    return Request(
        software=version_of("supplyline"),
        case=case.name,
        case_sha256=dict(case.hashes),
        scenario=None if scenario is None else scenario.resolve(),
        arguments=arguments,
    )


def manifest_of(
    request: Request, case: Case, elapsed_s: float, warnings: Sequence[str], code: str
) -> Manifest:
    """Write down how a run was made, and whence the compiled code was."""
    libraries = ("numpy", "numba", "pandas", "xarray", "pyarrow")
    environment = {name: version_of(name) for name in libraries}
    environment["python"] = platform.python_version()
    environment["platform"] = f"{sys.platform}-{platform.machine()}"
    environment["processor"] = processor_name()
    # Not those of the system's library, which differ between processors.
    environment["elementary_functions"] = "supplyline"
    environment["kernels"] = code
    resources = {"elapsed_s": round(elapsed_s, 3)}
    if (peak_mb := peak_memory_mb()) is not None:
        resources["peak_memory_mb"] = round(peak_mb)
    return Manifest(
        run=request.run,
        request=request,
        start=str(case.config.start),
        cutoff=str(case.config.cutoff),
        environment=environment,
        resources=resources,
        warnings=tuple(warnings),
    )


@cache
def processor_name() -> str:
    """Name the processor as its maker does, or by its family where that is not told."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        told = ""
    model = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return model[1] if model else platform.processor() or platform.machine()


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of a run folder."""
    path = folder / MANIFEST
    try:
        if (kind := kind_of(path)) != FILE:
            message = f"{path} is {kind}; expected {FILE}"
            raise RunError(message)
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{folder} is not a run folder: it has no {MANIFEST}"
        raise RunError(message) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not a manifest: {error}"
        raise RunError(message) from error
    found = content.get("schema_version") if isinstance(content, dict) else None
    if found not in READS or isinstance(found, bool):
        known = f"{', '.join(map(str, READS[:-1]))} and {READS[-1]}"
        message = f"{path}: schema_version is {found!r}; this version reads {known}"
        raise RunError(message)
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {where}: {first['msg']}"
        raise RunError(message) from error
    if manifest.request.run != manifest.run:
        said = f"run is {manifest.run}; its request says otherwise"
        message = f"{folder} is altered\n  {MANIFEST}: {said}"
        raise RunError(message)
    return manifest
