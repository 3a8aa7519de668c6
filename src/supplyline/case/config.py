"""What case.toml says: the country, the period, the products."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from supplyline.case.fields import forms, text_fault
from supplyline.errors import CaseError, Problem, nearest, shown
from supplyline.tables.row import Identifier, Text

FILE: Final = "case.toml"
MAX_PAST_DAYS: Final = 3_660
"""Longest past part of a case, start to cut-off [days]."""

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2100, 12, 31)
"""Earliest and latest first day of a case."""

_UNSAID: Final[dict[str, Any]] = {
    "title": "",
    "summary": "",
    "capital": "",
    "forecast_days": 0,
    "currency": "",
    "language": "",
    "licence": "",
    "products": (),
}
"""What only a run needs, and how it stands in a case that does not say it yet."""
_LINE_OF_ERROR: Final = re.compile(r"at line (\d+), column \d+")
_CUTOFF: Final = re.compile(
    r"""^(\s*["']?cutoff["']?\s*=\s*)\d{4}-\d{2}-\d{2}""", re.MULTILINE
)
_NAME: Final = re.compile(
    r"""^(\s*["']?name["']?\s*=\s*)(?:"[^"\n]*"|'[^'\n]*')""", re.MULTILINE
)


class CaseConfig(BaseModel):
    """The frame of a case: which country, which period, which products."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    """Version of the format of the case folder."""
    name: Identifier
    """Short name, used in the names of runs."""
    title: Text
    """Name as printed."""
    summary: Text
    """One sentence on what the case is about; a remark."""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """ISO 3166 code of the country."""
    capital: Identifier
    """Row of places.csv."""
    start: date
    """First day simulated."""
    cutoff: date
    """Last day of the past; the forecast starts the day after."""
    forecast_days: Annotated[int, Field(ge=1, le=3_660)]
    """Length of the forecast, unless another is asked for [days]."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    """ISO 4217 code of the currency of prices."""
    language: Literal["en"]
    """Language of the brief; there is no other yet."""
    licence: Text
    """Terms under which the data may be used; a remark."""
    products: Annotated[
        tuple[Identifier, ...], Field(strict=False, min_length=1, max_length=20)
    ]
    """Products moved and stored."""
    leader: Text | None = None
    """Name of the leader, where the brief speaks of one."""

    @property
    def end(self) -> date:
        """Last day of a run of the default length."""
        return self.cutoff + timedelta(days=self.forecast_days)


def read_toml(text: str, file: str) -> tuple[dict[str, Any], list[Problem]]:
    """Read a TOML text."""
    try:
        content = tomllib.loads(text)
        str(content)  # fails on numbers too long to be told
    except tomllib.TOMLDecodeError as error:
        found = _LINE_OF_ERROR.search(str(error))
        line = int(found.group(1)) if found else max(text.count("\n"), 1)
        reason = str(error).split(" (at ", maxsplit=1)[0]
        return {}, [Problem(file, line, None, f"is not TOML: {reason}")]
    except (RecursionError, ValueError):
        message = "holds brackets too deep or a number too long to read"
        return {}, [Problem(file, None, None, message)]
    return content, []


def key_line(text: str, key: str) -> int | None:
    """Find the line on which a top-level key stands."""
    start = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
    lines = text.split("\n")
    return next((i for i, line in enumerate(lines, 1) if start.match(line)), None)


def move_cutoff(text: str, cutoff: date) -> str:
    """Write another cut-off into the text of case.toml; all else stays as it is.

    Examples
    --------
    >>> from datetime import date
    >>> move_cutoff("cutoff = 2024-02-29 # made up", date(2024, 3, 31))
    'cutoff = 2024-03-31 # made up'
    """
    return _replace(text, _CUTOFF, f"{cutoff:%Y-%m-%d}", "cutoff = DAY")


def rename(text: str, name: str) -> str:
    """Write another name into the text of case.toml; all else stays as it is.

    Examples
    --------
    >>> rename('name = "toy" # made up', "toy-2024-03-31")
    'name = "toy-2024-03-31" # made up'
    """
    return _replace(text, _NAME, f'"{name}"', 'name = "NAME"')


def _replace(text: str, line: re.Pattern[str], value: str, form: str) -> str:
    """Write another value into the one line of a form."""
    replaced, count = line.subn(lambda match: match.group(1) + value, text)
    if count != 1:
        fault = f"has {count} lines '{form}'"
        field = form.partition(" ")[0]
        raise CaseError(FILE, [Problem(FILE, None, field, fault, "one")])
    return replaced


@dataclass(frozen=True, slots=True)
class ConfigReading:
    """What was read of case.toml: its faults, and what it does not say yet."""

    config: CaseConfig | None
    faults: tuple[Problem, ...] = ()
    gaps: tuple[Problem, ...] = ()


def read_config(text: str) -> ConfigReading:
    """Read case.toml and gather everything that is wrong with it or missing."""
    content, problems = read_toml(text, FILE)
    if problems:
        return ConfigReading(None, tuple(problems))
    unsaid = [key for key in _UNSAID if content.get(key, "") in ("", [])]
    expected = _expected(content)
    faults = [
        _problem(text, key, content, expected[key])
        for key in expected
        if key not in unsaid
    ]
    gaps = tuple(_problem(text, key, content, expected[key]) for key in unsaid)
    if faults:
        return ConfigReading(None, tuple(faults), gaps)
    if gaps:
        said = {**content, "products": tuple(content.get("products", ()))}
        left_out = {key: _UNSAID[key] for key in unsaid}
        config = CaseConfig.model_construct(**{**said, **left_out})
    else:
        config = CaseConfig.model_validate(content)
    faults = _period_problems(text, config)
    return ConfigReading(None if faults else config, tuple(faults), gaps)


def _expected(content: dict[str, Any]) -> dict[str, str]:
    """Say what was expected of each key that cannot be used."""
    fields = forms(CaseConfig)
    expected = {
        key: fault
        for key, value in content.items()
        if isinstance(value, str) and value and (fault := text_fault(value)) is not None
    }
    try:
        CaseConfig.model_validate(content)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            key = str(detail["loc"][0])
            expected.setdefault(key, fields[key].expected if key in fields else "")
    return expected


def _problem(text: str, key: str, content: dict[str, Any], expected: str) -> Problem:
    """Tell of one key that cannot be used."""
    fields = forms(CaseConfig)
    if key not in fields:
        known = ", ".join(fields)
        return Problem.unknown(
            FILE, key_line(text, key), "key", key, fields, f"one of {known}"
        )
    if key not in content:
        return Problem(FILE, None, None, f"has no key '{key}'", expected)
    line, found = key_line(text, key), shown(content[key])
    near = nearest(str(content[key]), fields[key].choices)
    return Problem(FILE, line, key, found, expected, near)


def _period_problems(text: str, config: CaseConfig) -> list[Problem]:
    """Find faults between the keys of case.toml."""
    problems = []
    if not EARLIEST <= config.start <= LATEST:
        expected = f"a day from {EARLIEST} to {LATEST}"
        line = key_line(text, "start")
        problems.append(Problem(FILE, line, "start", shown(config.start), expected))
    past = (config.cutoff - config.start).days
    if not 0 <= past <= MAX_PAST_DAYS:
        expected = f"a day from {config.start} to {MAX_PAST_DAYS:,} days later"
        line = key_line(text, "cutoff")
        problems.append(Problem(FILE, line, "cutoff", shown(config.cutoff), expected))
    twice = sorted({p for p in config.products if config.products.count(p) > 1})
    problems.extend(
        Problem(FILE, key_line(text, "products"), "products", shown(p), "each once")
        for p in twice
    )
    return problems
