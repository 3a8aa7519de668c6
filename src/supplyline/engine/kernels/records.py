"""Records with named fields: what crosses into the kernels, in arrays.

A record is one thing (a corridor, a depot, a day) and reaches a kernel as one pointer.
Arrays of records carry their axes in the order written beside them. A record is a class
whose annotations name its fields; one made of several parts has the fields of all.
"""

from __future__ import annotations

import sys
from inspect import get_annotations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Chances = Floats
    Word = np.uint64
    Records = np.recarray[Any, np.dtype[np.void]]

MOST_CHANCES = 150
"""Most losses of a group whose chances are worked out beforehand."""


class Key:
    """Key of the luck of one (seed, stream, entity)."""

    low: Word
    high: Word


_KINDS: dict[str, Any] = {
    "float": np.float64,
    "int": np.int64,
    "Word": np.uint64,
    "Kept": np.float32,
    "Chances": (np.float64, (MOST_CHANCES,)),
}
_SHARED = {"Key": Key}


def record_type(kind: type) -> np.dtype[np.void]:
    """Return the record of a class, aligned as the compiler expects it.

    The fields are the annotations of the class and of the parts it is made of.
    """
    fields: dict[str, Any] = {}
    for part in reversed(kind.__mro__):
        for name, text in get_annotations(part).items():
            fields[name] = _field(str(text), part)
    return np.dtype((np.record, np.dtype(list(fields.items()), align=True)))


def _field(text: str, owner: type) -> Any:  # noqa: ANN401 - whatever numpy takes
    """Return the type of a field: a number, or a record of its owner's module."""
    if text in _KINDS:
        return _KINDS[text]
    return record_type(_SHARED.get(text) or vars(sys.modules[owner.__module__])[text])


def records(kind: type, *shape: int) -> Records:
    """Make an array of records of a class, all zero."""
    return np.zeros(shape, record_type(kind)).view(np.recarray)


def as_bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Show an array as bytes: numpy copies records field by field, which is slow."""
    return np.asarray(array).view(np.uint8)


def copied(array: NDArray[Any]) -> NDArray[Any]:
    """Copy an array, of records or of numbers."""
    return as_bytes(array).copy().view(array.dtype).view(type(array))


def fill(record: np.void, **values: Any) -> None:  # noqa: ANN401 - one for each field
    """Write every field of a record by its name; none may be forgotten."""
    if set(values) != set(record.dtype.names or ()):
        message = f"a record of {record.dtype.names} was given {tuple(values)}"
        raise TypeError(message)
    for name, value in values.items():
        record[name] = value
