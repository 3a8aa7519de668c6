"""The files and addresses that a user names, and what of them cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from supplyline.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_EXPECTED: Final = "a file, a folder, or an address that begins with https://"


def is_address(text: str) -> bool:
    """Tell whether an input is the address of a page."""
    return text.lower().startswith(("http://", "https://"))


def listed(inputs: str | Path | Iterable[str | Path]) -> list[str]:
    """List the names of inputs; one alone, which may be a string, is a list of one."""
    every = [inputs] if isinstance(inputs, str | Path) else inputs
    return [str(one) for one in every]


def find_inputs(
    inputs: Iterable[str], pattern: str, suffixes: Collection[str]
) -> tuple[list[str], list[Problem]]:
    """List addresses, files, and the files of folders; and what is none of them."""
    names: list[str] = []
    problems: list[Problem] = []
    for text in inputs:
        if is_address(text):
            names.append(text)
            continue
        try:
            entries = list(_entries(text, pattern, suffixes))
        except (OSError, ValueError) as error:  # a name that no file can have
            reason = getattr(error, "strerror", None) or str(error)
            entries = [Problem(shown(text), None, None, reason, _EXPECTED)]
        names += [entry for entry in entries if isinstance(entry, str)]
        problems += [entry for entry in entries if isinstance(entry, Problem)]
    return names, problems


def _entries(
    text: str, pattern: str, suffixes: Collection[str]
) -> Iterator[str | Problem]:
    """Give the files that one name stands for, or its faults."""
    path = Path(text)
    if not text.strip():
        # an empty name would be the present folder
        expected = f"{_EXPECTED}; . is the present folder"
        yield Problem("FILE", None, None, "is empty", expected)
    elif path.is_dir():
        inside = list(_inside(path, pattern, suffixes))
        expected = f"files that end in {', '.join(suffixes)}"
        yield from inside or [
            Problem(text, None, None, "holds nothing to read", expected)
        ]
    elif path.is_file():
        yield text
    else:
        reason = "is no file" if path.exists() else "does not exist"
        yield Problem(text, None, None, reason, _EXPECTED)


def _inside(
    folder: Path, pattern: str, suffixes: Collection[str]
) -> Iterator[str | Problem]:
    """Give the files of a folder; a link that leads out of it is not followed."""
    home = folder.resolve()
    for entry in sorted(folder.glob(pattern)):
        is_wanted = entry.suffix.lower() in suffixes
        if not (is_wanted or entry.is_dir()):
            continue
        if entry.is_symlink() and not entry.resolve().is_relative_to(home):
            expected = "what it leads to, named by itself"
            reason = "is a link out of the folder"
            yield Problem(str(entry), None, None, reason, expected)
        elif is_wanted and entry.is_symlink() and not entry.exists():
            yield Problem(str(entry), None, None, "is a link that leads nowhere")
        elif is_wanted and entry.is_file():
            yield str(entry)
