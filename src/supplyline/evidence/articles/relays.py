"""Relays: the same agency text under another title, with other cuts or another lead."""

from __future__ import annotations

import re
import struct
from hashlib import blake2b
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from supplyline.evidence.articles.page_cues import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHINGLE_WORDS: Final = 5
"""Words in a row that make one shingle."""
SKETCH_SIZE: Final = 400
"""Hashes kept of a text, the smallest ones."""
MIN_CONTAINMENT: Final = 0.45
"""Share of the smaller text's shingles in the other from which it is a relay [1]."""

_MIN_SHARED: Final = 12
_WORD: Final = re.compile(r"\w+")
_HASH_BYTES: Final = 8
_HEAD: Final = struct.Struct("<I")


def sketch(text: str) -> bytes:
    """Make the fingerprint of a text: the smallest hashes of its runs of words."""
    hashes = set(_hashes(text))
    kept = nsmallest(SKETCH_SIZE, hashes)
    return _HEAD.pack(len(hashes)) + struct.pack(f"<{len(kept)}Q", *kept)


def resemblance(mine: bytes, other: bytes) -> float:
    """Estimate which share of the runs of words of two texts both have [1]."""
    return _compare(mine, other)[0]


def containment(mine: bytes, other: bytes) -> float:
    """Estimate which share of the smaller text's runs of words the larger one has."""
    return _compare(mine, other)[1]


def find_original(mine: bytes, others: Mapping[str, bytes]) -> str | None:
    """Find the document whose text another one repeats."""
    best: tuple[float, str] | None = None
    for name in sorted(others):
        _, contained, shared = _compare(mine, others[name])
        is_relay = contained >= MIN_CONTAINMENT and shared >= _MIN_SHARED
        if is_relay and (best is None or contained > best[0]):
            best = contained, name
    return None if best is None else best[1]


def _hashes(text: str) -> Iterator[int]:
    """Hash every run of words of a text; a short text is one run."""
    words = _WORD.findall(fold(text))
    last = max(len(words) - SHINGLE_WORDS + 1, 1) if words else 0
    for first in range(last):
        run = " ".join(words[first : first + SHINGLE_WORDS])
        digest = blake2b(run.encode("utf-8", "replace"), digest_size=_HASH_BYTES)
        yield int.from_bytes(digest.digest(), "little")


def _unpack(packed: bytes) -> tuple[int, tuple[int, ...]]:
    """Read a fingerprint: how many runs the text has, and its smallest hashes."""
    if len(packed) < _HEAD.size:
        return 0, ()
    (count,) = _HEAD.unpack_from(packed)
    number = (len(packed) - _HEAD.size) // _HASH_BYTES
    return count, struct.unpack_from(f"<{number}Q", packed, _HEAD.size)


def _compare(mine: bytes, other: bytes) -> tuple[float, float, int]:
    """Estimate resemblance and containment, and count the hashes both sketches hold."""
    (count, hashes), (other_count, other_hashes) = _unpack(mine), _unpack(other)
    if not hashes or not other_hashes:
        return 0.0, 0.0, 0
    # below the lower of both upper ends, each sketch holds every hash of its text
    whole = len(hashes) == count, len(other_hashes) == other_count
    tops = [h[-1] for h, w in zip((hashes, other_hashes), whole, strict=True) if not w]
    top = min(tops, default=max(hashes[-1], other_hashes[-1]))
    one = {value for value in hashes if value <= top}
    two = {value for value in other_hashes if value <= top}
    shared = len(one & two)
    smaller = min(len(one), len(two))
    if not smaller:
        return 0.0, 0.0, 0
    return shared / len(one | two), shared / smaller, shared
