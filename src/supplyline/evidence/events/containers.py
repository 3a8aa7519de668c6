"""Open a file of event data safely, whatever it is packed in.

A file is a table of text, JSON, a workbook or Parquet, plain or in one .gz or .zip with
one file of data. Which of them it is follows from its first bytes. What it expands to
is bounded, and an archive inside an archive is refused.
"""

from __future__ import annotations

import gzip
import io
import stat
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Final, Literal, cast

from supplyline.errors import EvidenceError, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Form = Literal["text", "json", "workbook", "parquet"]
Packing = Literal["plain", "gzip", "zip"]

MAX_BYTES: Final = 8 * 1024**3
"""Most that a file may expand to [bytes]."""
MAX_SEEKABLE_BYTES: Final = 1024**3
"""Most that a packed workbook or Parquet file may expand to [bytes]."""
MAX_RATIO: Final = 200
"""Most that a packed file may expand by, once it has given FREE_BYTES [1]."""
FREE_BYTES: Final = 64 * 1024**2
"""What a packed file may expand to in any case [bytes]."""

_CHUNK: Final = 1024**2
_ZIP: Final = b"PK\x03\x04"
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"
_OTHER_FORMATS: Final = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls); save it as .xlsx or CSV",
    b"%PDF": "a PDF",
    b"BZh": "packed with bzip2; unpack it first",
    b"\xfd7zXZ": "packed with xz; unpack it first",
    b"7z\xbc\xaf": "packed with 7-Zip; unpack it first",
    b"Rar!": "packed with RAR; unpack it first",
    b"\x28\xb5\x2f\xfd": "packed with Zstandard; unpack it first",
    b"SQLite format 3": "a database",
    b"PK\x05\x06": "an empty archive",
}
_DAMAGE_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_IGNORED: Final = (".txt", ".md", ".pdf", ".html", ".docx", ".xml", ".rtf")
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing a part of an archive that are read."""


def refuse(file: str, fault: str, expected: str | None = None) -> EvidenceError:
    """Make the error that tells why a whole file cannot be taken in."""
    return EvidenceError(file, [Problem(file, None, None, fault, expected)])


class _Bounded(io.RawIOBase):
    """A stream that tells broken packing, and stops where it expands too far."""

    def __init__(self, stream: IO[bytes], file: str, packed: int | None) -> None:
        self._stream, self._file = stream, file
        self._most = MAX_BYTES
        if packed is not None:
            self._most = min(MAX_BYTES, max(FREE_BYTES, packed * MAX_RATIO))
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer)).cast("B")
        try:
            part = self._stream.read(min(len(view), _CHUNK))
        except _DAMAGE_ERRORS as error:
            reason = f"is damaged and ends too early ({type(error).__name__})"
            raise refuse(self._file, reason, "a whole file") from error
        self._given += len(part)
        if self._given > self._most:
            size = f"expands to more than {self._most / 1024**2:,.0f} MiB"
            raise refuse(self._file, size, "a file of data of an ordinary size")
        view[: len(part)] = part
        return len(part)


@dataclass(frozen=True, slots=True)
class Content:
    """A file of event data, ready to be opened as often as needed."""

    path: Path
    member: str | None
    packing: Packing
    form: Form

    @property
    def file(self) -> str:
        """Name the file in messages."""
        return self.path.name

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names that may hint at a release or country."""
        inner = PurePosixPath(self.member or "").name
        return (inner, self.path.name) if inner else (self.path.name,)

    @contextmanager
    def stream(self) -> Iterator[io.BufferedReader]:
        """Open the bytes, unpacked as they are read."""
        with _unpacked(self.path, self.packing, self.member) as raw:
            packed = None if self.packing == "plain" else self.path.stat().st_size
            yield io.BufferedReader(_Bounded(raw, self.file, packed), _CHUNK)

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """Open the bytes so that a reader can jump in them."""
        if self.packing == "plain":
            with self.path.open("rb") as plain:
                yield plain
            return
        with tempfile.TemporaryFile() as copy, self.stream() as stream:
            while part := stream.read(_CHUNK):
                copy.write(part)
                if copy.tell() > MAX_SEEKABLE_BYTES:
                    size = f"expands to more than {MAX_SEEKABLE_BYTES >> 20:,} MiB"
                    raise refuse(self.file, size, "a smaller file, or one unpacked")
            copy.seek(0)
            yield copy


def open_content(path: Path) -> Content:
    """Find out what a file is."""
    _check_plain(path)
    with path.open("rb") as file:
        head = file.read(_CHUNK // 16)
    if head.startswith(_ZIP) and not _is_workbook(path):
        return _of_archive(path)
    if head.startswith(_GZIP):
        inner = _head(path, "gzip", None)
        return Content(path, None, "gzip", _form(inner, path, is_packed=True))
    return Content(path, None, "plain", _form(head, path, is_packed=False))


def digest(path: Path) -> str:
    """Name a file by the SHA-256 of its bytes as they lie on the disk."""
    _check_plain(path)
    sha = sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            sha.update(part)
    return sha.hexdigest()


def _check_plain(path: Path) -> None:
    """Refuse what is no plain file that can be read."""
    file = path.name or str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refuse(file, "is a folder", "a file")
        if not stat.S_ISREG(status.st_mode):
            raise refuse(file, "is no plain file", "a file")
        if status.st_size == 0:
            raise refuse(file, "is empty", "a table with a header")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name is possible"
        raise refuse(file, f"cannot be read: {reason}") from error


@contextmanager
def _unpacked(path: Path, packing: Packing, member: str | None) -> Iterator[IO[bytes]]:
    """Open the inner bytes, not yet bounded."""
    if packing == "gzip":
        with gzip.open(path, "rb") as inner:
            yield cast("IO[bytes]", inner)
    elif packing == "zip":
        with _archive(path) as archive:
            try:
                opened = archive.open(member or "")
            except _DAMAGE_ERRORS as error:
                reason = f"holds a file that cannot be unpacked: {shown(error)}"
                raise refuse(path.name, reason, "a file without password") from error
            with opened:
                yield opened
    else:
        with path.open("rb") as plain:
            yield plain


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a .zip."""
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE_ERRORS as error:
        raise refuse(path.name, "is a damaged .zip", "a whole file") from error
    with archive:
        yield archive


def _head(path: Path, packing: Packing, member: str | None) -> bytes:
    """Read the beginning of what is packed."""
    return _peek(Content(path, member, packing, "text"))


def _peek(content: Content) -> bytes:
    """Read the beginning of a content."""
    with content.stream() as stream:
        head = stream.read(_CHUNK // 16)
    if not head:
        raise refuse(content.file, "holds an empty file", "a table with a header")
    return head


def _is_workbook(path: Path) -> bool:
    """Tell a workbook from another .zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _DAMAGE_ERRORS:
        return False


def _of_archive(path: Path) -> Content:
    """Find the one file of data in a .zip."""
    with _archive(path) as archive:
        members = [
            member
            for member in archive.infolist()
            if not member.is_dir()
            and not member.filename.startswith("__MACOSX/")
            and not member.filename.lower().endswith(_IGNORED)
        ]
    if len(members) != 1:
        names = ", ".join(shown(member.filename) for member in members[:5])
        fault = f"holds {len(members)} files of data{': ' if names else ''}{names}"
        raise refuse(path.name, fault, "one file of data in a .zip")
    member = members[0]
    if member.flag_bits & 1:
        raise refuse(path.name, "holds a file with a password", "one without")
    if member.compress_type not in METHODS:
        raise refuse(path.name, "is packed in a rare way", "a .zip with deflate")
    packed = max(member.compress_size, 1)
    most = max(FREE_BYTES, packed * MAX_RATIO)
    if member.file_size > min(most, MAX_BYTES):
        fault = f"holds a file that says it expands to {member.file_size:,} bytes"
        raise refuse(path.name, fault, "a file of data of an ordinary size")
    head = _head(path, "zip", member.filename)
    form = _form(head, path, is_packed=True)
    return Content(path, member.filename, "zip", form)


def _form(head: bytes, path: Path, *, is_packed: bool) -> Form:
    """Tell what a file is from its first bytes."""
    file = path.name
    for magic, name in _OTHER_FORMATS.items():
        if head.startswith(magic):
            raise refuse(file, f"is {name}", "CSV, TSV, XLSX, JSON or Parquet")
    if head.startswith(_UTF16_MARKS) or b"\0" in head[:4]:
        raise refuse(file, "is UTF-16 or binary, no UTF-8 text", "UTF-8 text")
    if head.startswith(_ZIP):
        if is_packed and b"[Content_Types].xml" not in head[:_CHUNK]:
            raise refuse(file, "holds an archive in an archive", "one file of data")
        return "workbook"
    if head.startswith(_GZIP):
        raise refuse(file, "holds an archive in an archive", "one file of data")
    if head.startswith(_PARQUET):
        return "parquet"
    start = head.removeprefix(_BOM).lstrip()[:1]
    return "json" if start in (b"{", b"[") else "text"
