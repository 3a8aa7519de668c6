"""What can go wrong, and how it is told.

A fault in the input is a `Problem`: where it stands, what was found, what was expected.
Problems are gathered and raised together, so that a file is mended in one pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import process

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

SHOWN_LINES = 200
"""Lines in the message of one error."""

SHOWN_OF_A_KIND = 3
"""Texts of one kind that are written out; the others are counted."""
_FEW = 10
"""Problems of one kind that are all written out."""
_SHOWN_LENGTH = 60
_OF_ONE_ROW = re.compile(r" \(did you mean '.*'\?\)$|'.*?'(?=\W|$)|\d+(?:[.,:-]\d+)*")
"""What of a text speaks of one row alone: numbers, quoted values, a name near by."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input, told so that it can be mended."""

    file: str
    line: int | None
    field: str | None
    found: str
    expected: str | None = None
    nearest: str | None = None

    @classmethod
    def unknown(
        cls,
        file: str,
        line: int | None,
        field: str | None,
        value: str,
        known: Iterable[str],
        expected: str,
    ) -> Problem:
        """Tell of a name that does not exist, and offer the nearest that does."""
        return cls(file, line, field, shown(value), expected, nearest(value, known))

    def __str__(self) -> str:
        """Write the problem in one line."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = self.found if self.field is None else f"{self.field} is {self.found}"
        expected = "" if self.expected is None else f"; expected {self.expected}"
        # a name near by may come from the input too
        near = "" if self.nearest is None else f" (did you mean {shown(self.nearest)}?)"
        return f"{where}: {what}{expected}{near}"


def shown(value: object) -> str:
    """Quote a value found in the input: short, on one line, no control characters."""
    if value is None or (isinstance(value, str) and not value):
        return "empty"
    text = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)
    )
    if len(text) > _SHOWN_LENGTH:
        text = f"{text[:_SHOWN_LENGTH]}… ({len(text):,} characters)"
    return f"'{text}'"


def nearest(value: str, known: Iterable[str]) -> str | None:
    """Find the allowed name most like a value, if one is near enough to be meant."""
    match = process.extractOne(
        value[:200], list(known), processor=str.casefold, score_cutoff=70
    )
    return None if match is None else str(match[0])


def unknown_text(
    field: str, value: object, known: Iterable[str], expected: str | None = None
) -> str:
    """Tell of a name that does not exist, those that do, and the nearest."""
    names = list(known)
    expected = expected or f"one of {', '.join(names) or 'none'}"
    near = nearest(str(value), names)
    hint = "" if near is None else f" (did you mean {shown(near)}?)"
    return f"{field} is {shown(value)}; expected {expected}{hint}"


def by_kind(texts: Iterable[str], few: int = SHOWN_OF_A_KIND) -> list[str]:
    """Put texts of one kind together; show three of many, and count the rest.

    Texts are of one kind if they differ in numbers and quoted values alone.
    """
    kinds: dict[str, list[str]] = {}
    for text in texts:
        kinds.setdefault(_OF_ONE_ROW.sub("", text), []).append(text)
    lines: list[str] = []
    for alike in kinds.values():
        shown_count = len(alike) if len(alike) <= few else SHOWN_OF_A_KIND
        lines.extend(alike[:shown_count])
        if rest := len(alike) - shown_count:
            lines.append(f"and {rest:,} more like this")
    return lines


def told_range(members: range) -> str:
    """Tell a range of members, both ends with it."""
    if len(members) == 1:
        return f"{members.start:,}"
    return f"{members.start:,} to {members.stop - 1:,}"


def told_ranges(parts: Iterable[range]) -> str:
    """Tell ranges of members in their order, those that touch as one."""
    stretches: list[range] = []
    for part in sorted(parts, key=lambda each: each.start):
        if stretches and stretches[-1].stop == part.start:
            stretches[-1] = range(stretches[-1].start, part.stop)
        else:
            stretches.append(part)
    return ", ".join(map(told_range, stretches))


def refuse_other(argument: str, value: object, noun: str, reader: str) -> None:
    """Refuse what is not the noun that is asked for: a name, a folder, another noun."""
    # nouns are told by name, so that this rests on none of them
    article = "an" if noun[0] in "AEIOU" else "a"
    if noun not in {kind.__name__ for kind in type(value).__mro__}:
        given, expected = shown(value), f"{article} {noun}, as {reader} gives"
        message = f"{argument} is {given}; expected {expected}"
        raise TypeError(message)


class SupplylineError(Exception):
    """An expected error: told without a traceback by the command line."""


class ProblemsError(SupplylineError):
    """Several problems of one input."""

    def __init__(self, subject: str, problems: Sequence[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count:,} problem{'' if count == 1 else 's'} in {subject}"
        texts = by_kind(map(str, self.problems), _FEW)
        lines = [f"  {text}" for text in texts[:SHOWN_LINES]]
        if len(texts) > SHOWN_LINES:
            lines.append(f"  and {len(texts) - SHOWN_LINES:,} more lines")
        super().__init__("\n".join([head, *lines]))


class CaseError(ProblemsError):
    """A case cannot be used; every problem is listed."""


class ScenarioError(ProblemsError):
    """A scenario cannot be applied to a case; every problem is listed."""


class ForecastError(ProblemsError):
    """A forecast cannot be published, read or scored; every problem is listed."""


class EvidenceError(ProblemsError):
    """A document or event file cannot be taken in; every problem is listed."""


class StoreError(SupplylineError):
    """An evidence store cannot be opened, or a decision cannot be kept."""


class DownloadError(SupplylineError):
    """A page or data set could not be fetched."""


class RunError(SupplylineError):
    """A run folder is altered, incomplete or of another version, or a run too short."""


class MemoryLimitError(SupplylineError):
    """An ensemble needs more memory than there is; told before it is simulated."""


class ConditioningError(SupplylineError):
    """A case has nothing to be conditioned on, or what was kept of it is altered."""


class OutputError(SupplylineError):
    """A file or folder cannot be written; told before the work for it is done."""


class EngineError(SupplylineError):
    """A simulation reached a state that cannot be, or its results do not come back.

    Member, day and entity are named, or the members whose results are missing.
    """

    def __init__(self, reason: str, missing: Collection[range] = ()) -> None:
        super().__init__(reason)
        self.missing = missing

    def __str__(self) -> str:
        """Tell the reason, and whose results are missing."""
        reason = super().__str__()
        if not self.missing:
            return reason
        return f"{reason}; results are missing of members {told_ranges(self.missing)}"


class ClusterError(EngineError):
    """A cluster is not to be reached, has other software, or lost what it was sent."""


class MissingExtraError(SupplylineError):
    """Packages that one part needs are not installed; the message adds them."""

    def __init__(self, missing: Sequence[str], extra: str) -> None:
        super().__init__(
            f"{', '.join(missing)} not installed; this adds what is missing: "
            f"pip install 'supplyline[{extra}]' (in a clone: "
            f"pip install -c constraints.txt '.[{extra}]')"
        )


class MissingLibraryError(SupplylineError):
    """A library of the system that one part needs cannot be loaded."""


class SupplylineWarning(UserWarning):
    """Input that is suspect but usable."""


class CodeCacheWarning(SupplylineWarning):
    """Compiled code cannot be kept on disk: each run compiles it anew."""


class WaitWarning(SupplylineWarning):
    """Another process works on the same: this one waits for it."""
