"""The article's own paragraphs among the furniture and other stories of a page.

A page is parted into sections at headlines and at furniture: credits of pictures, marks
to read on, calls to subscribe, menus. The longest stretch of prose is the article. Each
other section is kept unless the evidence against it is strong: it has a headline of its
own, few and cut paragraphs, a mark to read on, stands after the end, and shares few
words and names with the article.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from supplyline.evidence.articles import page_cues
from supplyline.evidence.articles.paragraphs import (
    Line,
    ends_sentence,
    is_cut_short,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_CONTENT_LETTERS: Final = 6
_TOPIC_LETTERS: Final = 5
_NAME_WEIGHT: Final = 2
_TITLE_LENGTH: Final = (15, 250)
_TITLE_WORDS: Final = 4
_STANDFIRST_WORDS: Final = 8
_MIN_PROSE: Final = 200
_MIN_TERMS: Final = 8
_MIN_KNOWN: Final = 80
_DROPPED: Final = 4
_DROPPED_INSIDE: Final = 6
_FEW_PARAGRAPHS: Final = 3
_STRANGENESS: Final = ((0.15, 3), (0.25, 2), (0.35, 1), (0.42, 0), (0.5, -2), (2, -3))


@dataclass(frozen=True, slots=True)
class Own:
    """What of a page belongs to its article."""

    title: str | None
    paragraphs: tuple[str, ...]
    around: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Section:
    """Headlines and the prose below them, up to the next headline or furniture."""

    first: int
    stretch: int
    before: str | None = None
    after: str | None = None
    ends: int = 0
    is_after_end: bool = False
    headings: list[int] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    prose: list[int] = field(default_factory=list)
    size: int = 0
    terms: frozenset[str] = frozenset()


def find_own(lines: Sequence[Line], title: str | None = None) -> Own:
    """Find the paragraphs of the article among the lines of a page."""
    sections = _sections(lines)
    main = _main_stretch(sections)
    if main is None:
        return _whole(lines, title)
    kept = _kept(lines, sections, main, title)
    if not _is_enough(lines, kept):
        return _whole(lines, title)
    words = _long_words(lines[index].text for part in kept for index in part.prose)
    headline = _headline(lines[: kept[0].prose[0]], words)
    if title is None and headline is not None:
        title = lines[headline].text
    return Own(
        title,
        tuple(_joined(_texts(lines, kept, headline, title))),
        tuple(line.text for line in lines[: kept[-1].prose[-1] + 4] if _is_brief(line)),
    )


def _sections(lines: Sequence[Line]) -> list[_Section]:
    """Part the lines of a page at headlines and at furniture."""
    sections: list[_Section] = []
    stretch, current, ends, before = 0, None, 0, None
    for index, line in enumerate(lines):
        if line.role in {"prose", "short"}:
            if current is None or (line.role == "short" and current.prose):
                current = _Section(index, stretch, before, ends=ends)
                sections.append(current)
                before = None
            (current.prose if line.role == "prose" else current.headings).append(index)
            continue
        if current is not None:
            current.after = line.role
            stretch += 1
        ends += line.role == "end" and _has_prose(sections)
        current, before = None, _stronger(before, line.role)
    for above, section in zip([None, *sections], sections, strict=False):
        if above is not None and not above.prose and section.prose:
            # a headline may be parted from its story by a label or a date
            section.above = above.headings
        section.size = sum(len(lines[index].text) for index in section.prose)
        texts = [lines[i].text for i in (*section.headings, *section.prose)]
        section.terms = _terms(texts)
    return sections


def _has_prose(sections: Iterable[_Section]) -> bool:
    """Tell whether an article's worth of prose was seen."""
    return sum(len(section.prose) for section in sections) > 1


def _stronger(one: str | None, other: str) -> str:
    """Remember a credit or an end among other furniture."""
    return one if one in {"aside", "end", "credit", "more"} else other


def _main_stretch(sections: Sequence[_Section]) -> int | None:
    """Choose the stretch between furniture that holds the most prose."""
    sizes: Counter[int] = Counter()
    for section in sections:
        # what ends in a mark to read on is a teaser, be it ever so long
        sizes[section.stretch] += section.size // (4 if section.after == "more" else 1)
    best = max(sizes, key=lambda stretch: (sizes[stretch], -stretch), default=None)
    return best if best is not None and sizes[best] else None


def _headline(lines: Sequence[Line], known: frozenset[str]) -> int | None:
    """Find the headline: the first that shares a word with the body, or the longest."""
    likely = [
        index
        for index, line in enumerate(lines)
        if line.role == "short"
        and _TITLE_LENGTH[0] <= len(line.text) <= _TITLE_LENGTH[1]
        and len(line.text.split()) >= _TITLE_WORDS
    ]
    for index in likely:
        if _long_words([lines[index].text]) & known:
            return index
    return max(likely, key=lambda index: len(lines[index].text), default=None)


def _long_words(texts: Iterable[str]) -> frozenset[str]:
    """Gather the words of texts that say something of their subject."""
    return frozenset(
        page_cues.fold(match[0])
        for text in texts
        for match in _WORD.finditer(text)
        if len(match[0]) >= _TOPIC_LETTERS
    )


def _kept(
    lines: Sequence[Line], sections: Sequence[_Section], main: int, title: str | None
) -> list[_Section]:
    """Choose the sections that belong to the article, from its body outwards."""
    bodies = [section for section in sections if section.prose]
    body = [section for section in bodies if section.stretch == main]
    known = Counter(term for section in body for term in section.terms)
    known.update(_terms([title or ""]))
    repeated = _repeated(lines, title)
    kept = _without_strange_tail(lines, body, known, repeated)
    is_over = len(kept) < len(body)
    for outside in (
        [section for section in bodies if section.stretch > main],
        [section for section in reversed(bodies) if section.stretch < main],
    ):
        passed = 0
        for section in outside:
            section.is_after_end = section.ends > passed
            against = _against(lines, section, known, repeated)
            is_likely = is_over or (section.is_after_end and _is_titled(lines, section))
            if against < (_DROPPED if is_likely else _DROPPED_INSIDE):
                kept.append(section)
                known.update(section.terms)
                # it was no end if the article goes on below it
                passed = passed if _is_titled(lines, section) else section.ends
            else:
                # once another story has begun, the article seldom comes back
                is_over = True
        is_over = False
    return sorted(kept, key=lambda section: section.first)


def _without_strange_tail(
    lines: Sequence[Line],
    body: Sequence[_Section],
    known: Counter[str],
    repeated: Collection[str],
) -> list[_Section]:
    """Drop sections of other stories at the end of the body itself."""
    kept = list(body)
    while len(kept) > 1:
        last = kept[-1]
        known.subtract(last.terms)
        if _against(lines, last, +known, repeated) < _DROPPED_INSIDE:
            known.update(last.terms)
            break
        kept.pop()
    return kept


def _against(
    lines: Sequence[Line],
    section: _Section,
    known: Counter[str],
    repeated: Collection[str],
) -> int:
    """Weigh the evidence that a section belongs to another story."""
    headings = [lines[index].text for index in (*section.above, *section.headings)]
    is_titled = _is_titled(lines, section)
    strangeness = _strangeness(section.terms, known)
    if section.is_after_end and is_titled:
        strangeness = max(strangeness, -1)  # a teaser of a story on the same subject
    prose = [lines[index].text for index in section.prose]
    return (
        3 * (section.after == "more")
        + (section.before == "credit")
        + 4 * (section.before == "aside")
        + 2 * section.is_after_end
        + 2 * is_titled
        + any(page_cues.fold(text) in repeated for text in headings)
        + (len(prose) <= _FEW_PARAGRAPHS)
        + 2 * any(is_cut_short(text) for text in prose)
        + strangeness
    )


def _is_titled(lines: Sequence[Line], section: _Section) -> bool:
    """Tell whether a section has a headline, not just a heading of a word or two."""
    headings = (*section.above, *section.headings)
    return any(
        len(lines[index].text.split()) >= _TITLE_WORDS
        and not lines[index].text.endswith("?")  # a question is one of an interview
        for index in headings
    )


def _strangeness(terms: frozenset[str], known: Counter[str]) -> int:
    """Weigh how few of the words and names of a section the article knows."""
    if not terms:
        return 1
    weights = {term: _NAME_WEIGHT if term[:1].isupper() else 1 for term in terms}
    shared = sum(weight for term, weight in weights.items() if known[term])
    share = shared / sum(weights.values())
    weight = next(weight for bound, weight in _STRANGENESS if share < bound)
    # few words tell little, and so does a short article of another's words
    is_telling = len(terms) >= _MIN_TERMS and len(known) >= _MIN_KNOWN
    return weight if is_telling else min(weight, 1)


def _terms(texts: Iterable[str]) -> frozenset[str]:
    """Gather the names and the longer words of paragraphs, endings cut."""
    terms: set[str] = set()
    for text in texts:
        for match in _WORD.finditer(text):
            word = match[0]
            before = text[max(0, match.start() - 2) : match.start()].strip(
                " \"“«(\u2018'"
            )
            starts = match.start() == 0 or before in {".", "!", "?", ":", "…"}
            if word[0].isupper() and (not starts or word.isupper()):
                terms.add(f"N{page_cues.fold(word).rstrip('s')}")
            elif len(word) >= _CONTENT_LETTERS:
                terms.add(page_cues.fold(word)[:_CONTENT_LETTERS])
    return frozenset(terms)


def _repeated(lines: Sequence[Line], title: str | None) -> frozenset[str]:
    """List the headlines that stand twice, save the title."""
    counts = Counter(
        page_cues.fold(line.text) for line in lines if line.role == "short"
    )
    own = page_cues.fold(title or "")
    return frozenset(text for text, count in counts.items() if count > 1) - {own}


def _texts(
    lines: Sequence[Line],
    kept: Sequence[_Section],
    headline: int | None,
    title: str | None,
) -> list[str]:
    """Gather the text of the sections kept, headings with them."""
    own = page_cues.fold(title or "")
    first = kept[0]
    texts = _standfirst(lines, first, headline)
    texts = [*(t for t in _heads(lines[: first.prose[0]]) if t not in texts), *texts]
    for section in kept:
        chosen = list(section.prose)
        if section is not first or headline is None:
            chosen += _inner_headings(lines, section)
        chosen = [i for i in sorted(chosen) if page_cues.fold(lines[i].text) != own]
        texts += [lines[index].text for index in chosen]
    return _with_title(title, texts)


def _standfirst(
    lines: Sequence[Line], first: _Section, headline: int | None
) -> list[str]:
    """Take the lines between headline and body that say something."""
    if headline is None:
        return []
    between = lines[headline + 1 : first.prose[0]]
    return [
        line.text
        for line in between
        if line.role == "short" and len(line.text.split()) >= _STANDFIRST_WORDS
    ]


_PERIOD_HEAD: Final = re.compile(
    r"\b(?:week|semaine|period|periode|situation (?:au|as)|data as|donnees au|"
    r"as (?:of|at)|du (?:\w+di |dimanche )?\d{1,2}(?:er)?(?: \w+)? au (?:\w+ )?\d|"
    r"\d{1,2} ?[-\u2013] ?\d{1,2} \w{3,}|\d{1,2} (?:\w+ )?to (?:\w+ )?\d{1,2} \w{3,}|"
    r"(?:reporting|reference) month|month of|mois (?:de|d'|couvert|sous revue))\b"
)
_UNIT_HEAD: Final = re.compile(
    r"[(,:] ?[^()]*\b(?:f ?cfa|fcfa|cfa|usd|francs?|dollars?|euros?|litres?|kg|tonnes?|"
    r"tons?|m3)\b"
)


def _heads(lines: Sequence[Line]) -> list[str]:
    """Take the lines above the body that say for when or in what its figures are."""
    heads = []
    for line in lines:
        folded = page_cues.fold(line.text)
        is_period = _PERIOD_HEAD.search(folded) and _is_counted(line)
        is_head = line.role in {"short", "furniture"} and len(line.text) <= _HEAD_LENGTH
        if is_head and (is_period or _UNIT_HEAD.search(folded)):
            heads.append(line.text)
    return heads


_HEAD_LENGTH: Final = 120


def _inner_headings(lines: Sequence[Line], section: _Section) -> list[int]:
    """Take the headings above the prose of a section; a run of them is a menu."""
    headings = [i for i in section.headings if _WORD.search(lines[i].text)]
    if len(headings) <= 2:
        return headings
    if section.before in {"end", "more"}:
        return []  # headlines of other stories, inside the article
    told = [i for i in headings[:-1] if _is_counted(lines[i]) or _is_row(lines[i])]
    return [*told, headings[-1]]


def _is_row(line: Line) -> bool:
    """Tell whether a line is the head of a table."""
    return " ; " in line.text


def _is_counted(line: Line) -> bool:
    """Tell whether a line states a number."""
    return any(c.isdigit() for c in line.text)


def _with_title(title: str | None, texts: list[str]) -> list[str]:
    """Put the title first if it holds a number that the text does not."""
    numbers = set(re.findall(r"\d+", title or ""))
    if title and numbers - set(re.findall(r"\d+", " ".join(texts))):
        return [title, *texts]
    return texts


def _joined(texts: Sequence[str]) -> list[str]:
    """Join a sentence that an empty line parts in two."""
    joined: list[str] = []
    for text in texts:
        if joined and _goes_on(joined[-1], text):
            joined[-1] = f"{joined[-1]} {text}"
        else:
            joined.append(text)
    return joined


def _goes_on(one: str, other: str) -> bool:
    """Tell whether a paragraph stops inside a sentence that the next one ends."""
    if len(one) < _MIN_PROSE // 2 or ends_sentence(one) or one.endswith((":", ";")):
        return False
    last = page_cues.fold(one[-30:]).rpartition(" ")[2]
    is_open = last in page_cues.phrases("joining", "last") or last.endswith(",")
    return is_open or (last[-1:].isalpha() and other[:1].islower())


def _is_brief(line: Line) -> bool:
    """Tell whether a line may hold the date of the article."""
    return line.role in {"furniture", "short"}


def _is_enough(lines: Sequence[Line], kept: Sequence[_Section]) -> bool:
    """Tell whether what is kept is the better part of the prose, or long by itself."""
    size = sum(section.size for section in kept)
    short = sum(len(line.text) for line in lines if line.role == "short")
    return size >= _MIN_PROSE or size >= short


def _whole(lines: Sequence[Line], title: str | None) -> Own:
    """Keep every line but plain furniture, where no article stands out."""
    texts = [line.text for line in lines if line.role in {"prose", "short"}]
    warnings = ("no article stands out: all lines but furniture were kept",)
    return Own(title, tuple(texts), tuple(line.text for line in lines), warnings)
