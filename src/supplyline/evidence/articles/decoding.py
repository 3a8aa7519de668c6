"""Bytes to clean text: form of a document, encoding, line ends, control characters."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from charset_normalizer import from_bytes

from supplyline.errors import EvidenceError, Problem, shown

if TYPE_CHECKING:
    from supplyline.evidence.articles.article import Media

MAX_BYTES: Final = 50 * 1024 * 1024
"""Largest document that is read [bytes]."""

EXPECTED: Final = "a saved page (HTML), plain text, Markdown or PDF"
"""What may be read, for messages."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMS: Final = (
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a sound, film or picture (RIFF)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"PAR1", "a table (Parquet)"),
    (b"{\\rtf", "a rich text document (RTF)"),
)
_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})"""
    rb"""|<\?xml[^>]{0,100}?encoding\s{0,5}=\s{0,5}["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# codecs that a page can name; others, such as idna or unicode_escape, are no charsets
_CHARSETS: Final = re.compile(
    r"utf-(8|16|32)|iso8859|cp125|cp(437|85\d|86\d|1140)|latin|ascii|koi8|gb|big5|euc"
    r"|shift_jis|mac-"
)
# as browsers read them
_WIDENED: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "utf-16": "utf-16-le"}
_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TAG: Final = re.compile(
    r"<(?:p|div|span|article|section|h[1-6]|br|table|ul|a|script|meta|title)[\s>/]",
    re.IGNORECASE,
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS: Final = re.compile(
    # control characters, and marks that cannot be seen or turn the direction of text
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb]"
)
_WIDE_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# a space that does not break stays where it groups digits: there it is no space
_GROUPING: Final = re.compile("(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9])")
_SPACES: Final = re.compile(r"[ \t]+")
# one charset per script: those of one script are seldom told apart rightly
_GUESSED: Final = (
    "cp1252",
    "cp1251",
    "cp1253",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
)
_SAMPLE: Final = 64 * 1024
_MAX_STRANGE_SHARE: Final = 0.05


def find_media(content: bytes, name: str) -> Media:
    """Tell the form of a document by its first bytes, then by its name."""
    if not content.strip(b"\x00 \t\r\n"):
        raise refused(name, "empty", EXPECTED)
    if len(content) > MAX_BYTES:
        raise refused(
            name, f"{len(content):,} bytes long", f"at most {MAX_BYTES:,} bytes"
        )
    if b"%PDF-" in content[:1024]:
        return "pdf"
    for magic, form in _OTHER_FORMS:
        if content.startswith(magic):
            raise refused(name, form, EXPECTED)
    suffix = name.lower().rpartition(".")[2]
    return "markdown" if suffix in {"md", "markdown", "mdown", "mkd"} else "text"


def is_html(text: str, name: str) -> bool:
    """Tell whether a text is a page: it has a head or body, or several tags."""
    start = text[:_SAMPLE]
    if _HTML.search(start):
        return True
    suffix = name.lower().rpartition(".")[2]
    needed = 1 if suffix in {"html", "htm", "xhtml"} else 5
    # each tag is looked for once: a page of many megabytes is no slower
    return sum(1 for _ in zip(range(needed), _TAG.finditer(start), strict=False)) == (
        needed
    )


def decode(content: bytes, name: str) -> tuple[str, list[str]]:
    """Read bytes as text: by its mark, its declared charset, UTF-8, or a guess."""
    text, warnings = _decode_raw(content)
    sample = text[:_SAMPLE]
    strange = len(_CONTROLS.findall(sample)) + sample.count("\N{REPLACEMENT CHARACTER}")
    if strange > max(4, _MAX_STRANGE_SHARE * len(sample)):
        raise refused(name, "no text: it is binary, or damaged", EXPECTED)
    lost = text.count("\N{REPLACEMENT CHARACTER}")
    if lost:
        warnings.append(f"{lost:,} characters could not be read")
    return clean(text), warnings


def clean(text: str) -> str:
    """Unify line ends and spaces, drop what cannot be seen, and compose accents."""
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    text = _GROUPING.sub("\x00", text)
    text = _ROW.sub(_with_columns, text)
    text = _WIDE_SPACES.sub(" ", text).replace("\x00", "\N{NO-BREAK SPACE}")
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text))


_GAP: Final = re.compile(r"(?<=[^\s;|])(?:[ ]{2,}|[ ]?\t+[ ]?)(?=[^\s;|])")
_ROW: Final = re.compile(r"^[^\n<>]{1,300}$", re.MULTILINE)
_COLUMNS: Final = 3
_UNIT: Final = re.compile(
    r"\((?:[^()]*/[^()]*|F ?CFA|FCFA|XOF|USD|kg|litres?|tonnes?|t)\)"
)


def _with_columns(row: re.Match[str]) -> str:
    """Part the columns of a row of figures, which white space sets apart, by marks."""
    line = row.group()
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) >= _COLUMNS and not line.startswith("|"):
        is_head = _UNIT.search(line) is not None
        counted = sum(any(c.isdigit() for c in cell) for cell in cells)
        return " ; ".join(cells) if is_head or counted > 1 else line
    if "  " not in line.strip() and "\t" not in line.strip():
        return line
    cells = _GAP.split(line)
    counted = sum(any(c.isdigit() for c in cell) for cell in cells)
    return " ; ".join(cells) if len(cells) >= _COLUMNS and counted > 1 else line


def refused(name: str, fault: str, expected: str | None = None) -> EvidenceError:
    """Tell that a document is not taken in."""
    file = shown(name).strip("'")
    return EvidenceError(file, [Problem(file, None, None, fault, expected)])


def _decode_raw(content: bytes) -> tuple[str, list[str]]:
    """Decode by the surest sign there is."""
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(charset, "replace"), []
    warnings: list[str] = []
    for likely in (_wide(content), _declared(content), "utf-8"):
        if likely is None:
            continue
        try:
            return content.decode(likely), warnings
        except (UnicodeDecodeError, LookupError):
            if likely != "utf-8":
                warnings.append(f"the page declares {likely}, which it is not")
    return _decode_by_guess(content, warnings)


def _decode_by_guess(content: bytes, warnings: list[str]) -> tuple[str, list[str]]:
    """Decode in the charset that fits best, and say so."""
    # almost UTF-8, such as a page cut inside a letter, is read as such
    text = content.decode("utf-8", "replace")
    letters = sum(1 for byte in content[:_SAMPLE] if byte >= 0x80)
    if text[:_SAMPLE].count("\N{REPLACEMENT CHARACTER}") <= letters // 20:
        return text, [*warnings, "not quite UTF-8: read as UTF-8 all the same"]
    best = from_bytes(content[:_SAMPLE], cp_isolation=[*_GUESSED]).best()
    charset = "cp1252" if best is None else best.encoding
    warnings.append(f"encoding guessed: {charset}")
    return content.decode(charset, "replace"), warnings


def _declared(content: bytes) -> str | None:
    """Find the charset that a page declares, if it is one."""
    match = _DECLARED.search(content[:4096])
    if match is None:
        return None
    try:
        name = (match[1] or match[2]).decode("ascii")
        codec = codecs.lookup(name).name
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
    return _widened(codec) if _CHARSETS.match(codec) else None


def _widened(charset: str) -> str:
    """Name the charset that holds more letters under the same name in browsers."""
    try:
        return _WIDENED.get(codecs.lookup(charset).name, charset)
    except LookupError:
        return "cp1252"


def _wide(content: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte is zero."""
    sample = content[:2000]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half > 0.2 * half > even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half > 0.2 * half > odd else None
