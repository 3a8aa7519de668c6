"""A published forecast: what was said, when, and what it rests on, as one JSON file.

The file is written in one way only, and the SHA-256 of its bytes stands in its name.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from supplyline.case.fields import text_fault
from supplyline.case.read import decode, digest, read_bytes
from supplyline.errors import ForecastError, Problem, shown
from supplyline.tables.row import Identifier, Share, Text

if TYPE_CHECKING:
    from pathlib import Path

LEVELS: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Levels of the quantiles published: the ends of 90, 80 and 50 %, and the middle."""
SCHEMA: Final = 1
SUFFIX: Final = ".json"
IN_NAME: Final = 12
"""Digits of the SHA-256 of a file that its name holds."""

_CASE_IN_NAME: Final = 40
"""Characters of the name of a case that the name of a file holds."""

Words = Annotated[str, Field(min_length=1, max_length=5000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Said(BaseModel):
    """A part of what is published."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Value(Said):
    """What is said of one series, label and date: a chance, or quantiles."""

    label: str = Field(max_length=80)
    title: str = Field(max_length=2000)
    start: date
    end: date
    chance: Share | None = None
    never_share: Share | None = None
    """Share of members in which it never happens; quantiles are of the others."""
    quantiles: tuple[float, ...] | None = Field(None, max_length=len(LEVELS))

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.end < self.start:
            message = "end is before start"
            raise ValueError(message)
        if (self.chance is None) == (self.never_share is None):
            message = "has chance and never_share, or neither; expected one of them"
            raise ValueError(message)
        is_empty = self.chance is not None or self.never_share == 1
        if (self.quantiles is None) != is_empty:
            message = "quantiles go with a never_share below 1, and with nothing else"
            raise ValueError(message)
        if self.quantiles is not None and (
            len(self.quantiles) != len(LEVELS)
            or any(low > high for low, high in pairwise(self.quantiles))
        ):
            message = f"quantiles are not {len(LEVELS)} rising numbers"
            raise ValueError(message)
        return self


class Series(Said):
    """A series with what would count for it, and what is said of it."""

    name: Identifier
    title: Text
    unit: Text
    axis: str = Field(max_length=80)
    definition: Words
    span: Literal["week", "month", "until", "end"]
    said: tuple[Value, ...] = Field(max_length=100_000)


class Basis(Said):
    """What a forecast rests on."""

    is_prior: bool
    """Whether it rests on the prior alone, and on no fact of the past."""
    text: Words
    """The same in words."""
    record: dict[str, Any] = {}
    """Record of the conditioning: hashes, facts, seeds and gate."""


class Forecast(Said):
    """A published forecast."""

    schema_version: Literal[1] = SCHEMA
    case: Identifier
    title: Text
    origin: date
    """Last day of which anything is known."""
    horizon: date
    """Last day that anything is said of."""
    weeks: int = Field(ge=1, le=600)
    published_on: date
    run: str = Field(max_length=80)
    """Name of the request of the run."""
    request: dict[str, Any]
    """All that decides the run: software, hashes of the case, scenario, lineage."""
    engine_sha256: Sha256
    """Hash of the source of the engine."""
    basis: Basis
    levels: tuple[float, ...]
    series: tuple[Series, ...] = Field(max_length=1000)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.levels != LEVELS:
            message = f"levels are not {', '.join(map(str, LEVELS))}"
            raise ValueError(message)
        if not self.origin < self.horizon:
            message = "horizon is not after the origin"
            raise ValueError(message)
        return self

    def to_bytes(self) -> bytes:
        """Write it in the one way that it is written in."""
        content = self.model_dump(mode="json", exclude_none=True)
        text = json.dumps(
            content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False
        )
        return f"{text}\n".encode()

    @property
    def file(self) -> str:
        """Give the name of its file, with the first digits of its SHA-256."""
        sha256 = digest(self.to_bytes())
        return f"{self.case[:_CASE_IN_NAME]}-{self.origin}-{sha256[:IN_NAME]}{SUFFIX}"


def read_forecast(path: Path) -> tuple[Forecast, str]:
    """Read a published forecast and the SHA-256 of its bytes, if its name tells it."""
    content, problems = read_bytes(path.parent, path.name)
    text, broken = decode(content, path.name)
    if problems := [*problems, *broken]:
        raise ForecastError(path.name, problems)
    try:
        forecast = Forecast.model_validate(json.loads(text, parse_constant=_refuse))
    except (ValueError, RecursionError) as error:
        raise ForecastError(path.name, _faults(path.name, error)) from error
    if unfit := _unfit_texts(path.name, forecast):
        raise ForecastError(path.name, unfit)
    sha256 = digest(content)
    if not path.stem.endswith(f"-{sha256[:IN_NAME]}"):
        found = f"has the SHA-256 {sha256}, which its name does not tell"
        expected = f"a name that ends in -{sha256[:IN_NAME]}{SUFFIX}: it was changed"
        raise ForecastError(
            path.name, [Problem(path.name, None, None, found, expected)]
        )
    return forecast, sha256


def _refuse(constant: str) -> float:
    """Refuse what JSON has no number for."""
    message = f"holds {constant}; expected a number"
    raise ValueError(message)


def _faults(file: str, error: Exception) -> list[Problem]:
    """Tell what is wrong with the content of a file."""
    if not isinstance(error, ValidationError):
        what = "nested too deep" if isinstance(error, RecursionError) else str(error)
        return [Problem(file, None, None, f"is no published forecast: {what}")]
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        Problem(
            file,
            None,
            ".".join(shown(part).strip("'") for part in fault["loc"]) or None,
            f"wrong: {fault['msg']}",
        )
        for fault in faults
    ]


def _unfit_texts(file: str, forecast: Forecast) -> list[Problem]:
    """Find texts that may do harm where they are printed."""
    texts = {"title": forecast.title, "basis.text": forecast.basis.text}
    for series in forecast.series:
        for field in ("title", "unit", "definition"):
            texts[f"{series.name}.{field}"] = getattr(series, field)
        for value in series.said:
            texts[f"{series.name}.label"] = value.label or "none"
            texts[f"{series.name}.{value.label}.title"] = value.title or "none"
    return [
        Problem(file, None, shown(field).strip("'"), shown(text), fault)
        for field, text in texts.items()
        if (fault := text_fault(text)) is not None
    ]
