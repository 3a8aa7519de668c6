"""When and where a sentence stands: what headings and earlier sentences leave to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.areas import area_named, label_of
from supplyline.evidence.reading.home_country import (
    abroad_of,
    areas_in,
    home_of,
    is_in_quote,
)
from supplyline.evidence.reading.periods import (
    is_event_time,
    main_time,
    runs_on,
    tells_act,
    tells_back,
)
from supplyline.evidence.reading.reporting_days import is_telling
from supplyline.evidence.reading.times import Time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.context import Context
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Anchor

_HEAD_LINES: Final = 10
_HEAD_WORDS: Final = 18
_LARGE: Final = 100
_EVENT_DAYS: Final = 8
_EVENT_LINES: Final = 8
_LEAD_LINES: Final = 3
_FRAME: Final = re.compile(
    r"\b(?:weeks?|weekly|semaines?|hebdomadaire|mensuel\w*|monthly|periods?|periode|"
    r"situation|sitrep|bulletin|reporting|rapport de|report for|update|note|donnees|"
    r"data|figures|as (?:of|at)|cover(?:ed|ing|s)|mois d[eu']|month of|edition|"
    r"couverte?|au cours|quarter\w*|trimestr\w*|snapshot|apercu|prices?|prix|releves?|"
    r"monitor\w*|review|digest|tracker|brief|watch|veille|hebdo|barometre|observatoire|"
    r"tableau de bord|newsletter|dashboard|overview|issue|numero|livraison)\b"
)
_COVERS: Final = re.compile(
    r"^(?:\W*\w+){0,2}\W*\b(?:period\w*|periode\w*|covering|situation|data|donnees|"
    r"reporting|as of|week|semaine|figures|chiffres)\b|"
    r"\b(?:data|donnees|figures|chiffres|numbers|prices|prix|releves|informations?)\b"
    r"[^.;]{0,30}\b(?:portent|concernent|couvrent|refer\w*|relate\w*|covers?|are for|"
    r"are those|sont ceux|sont celles|valent pour|datent)\b"
)
"""The same in a line that ends with a full stop."""
_AS_OF: Final = re.compile(
    r"\b(?:as (?:of|at|on)|(?:situation|donnees|chiffres|point|etat|bilan|prix|data|"
    r"figures|prices|stocks?)\b[^.;]{0,30}?\b(?:au|du|on|at|of|le)|a la date du|"
    r"date de reference\s*:|arrete\w* au)\s+(?:the\s+|le\s+)?$"
)
_ISSUED: Final = re.compile(
    r"\b(?:publi\w*|issued|released|posted|printed|updated|mis a jour|"
    r"mis en ligne|put online|dated|date du|prochain\w*|next)\b[^.;]{0,20}$"
)
_DATELINE: Final = re.compile(
    r"^[^.!?\n]{0,60}?(?P<day>\d{1,2}[^.!?\n()\u2014]{0,25}?)\s*"
    r"(?:\([^()\n]{2,30}\)\s*)?(?:[-\u2013\u2014]|\u2014)\s+(?=\S)"
)
_THE_SAME_ACT: Final = re.compile(
    r"\W*(?:they|he|she|the (?:attackers|assailants|gunmen|victims|attack|ambush|raid|"
    r"convoy|dead|wounded|survivors)|ils|elles|il a|les (?:assaillants|victimes|"
    r"attaquants|blesses|morts)|l'attaque|l'embuscade|le convoi|c'est|soit|this (?:is|"
    r"was)|that (?:is|was)|it (?:is|was) (?:\w+ )?\d|among (?:them|the (?:dead|victims|"
    r"wounded|injured|killed|missing))|of (?:these|them)|parmi (?:eux|elles|les "
    r"(?:victimes|morts|blesses|tues|disparus|rescapes))|dont|s'y ajoutent?|"
    r"en (?:volume|valeur|tout)|au total|in (?:all|total|volume|value)|altogether|"
    r"gross|net|that makes|of which|"
    r"a (?:cela|ce bilan)|(?:le |un |ce )?(?:\w+ )?(?:bilan|decompte)\b|"
    r"(?:the|an?|that) (?:\w+ )?(?:death )?(?:toll|count)|toll|casualties)\b"
)
"""Beginnings of a sentence that goes on about the very act of the one before."""
_USUAL: Final = re.compile(
    r"\b(?:before the (?:crisis|blockade|embargo|war|siege)|"
    r"avant (?:la crise|l'embargo|le blocus|la guerre|le siege)|"
    r"in normal times|en temps (?:normal|ordinaire)|"
    r"d'ordinaire|d'habitude|normally|usually|habituellement|en annee normale|"
    r"in a normal (?:year|month|week))\b"
)
"""What is usual, or was before all this, is no part of the act that is told."""
_LOSS: Final = re.compile(
    r"\b(?:killed|dead|deaths|wounded|injured|hurt|missing|burned|burnt|torched|destroyed|"
    r"charred|captured|morts?|tues?|tuees?|blesse\w*|disparus?|calcine\w*|incendie\w*|"
    r"brule\w*|detruit\w*|carcasses?|wrecks?|depouilles|bodies|corps|assaillants|"
    r"attackers|gunmen|survivors?|rescapes?|condamne\w*|relaxe\w*|acquitt\w*|prevenus?|"
    r"accuses?|peines?|ecope\w*|sursis|convicted|sentenced|defendants?|jailed|suspended)\b"
)
"""Words of what an act has cost: they go on about it in whatever tense they stand."""
_AGENCY: Final = re.compile(
    r"^[A-Z\u00c0-\u00dd][\w' -]{2,30}(?:, [^.!?\n()]{0,30})?\s*\([A-Z]{2,}\)\s*"
    r"[-\u2013\u2014]+\s*"
)
_NATIONAL: Final = re.compile(
    r"\b(?:countr(?:y|y's|ies|ywide)|nation\w*|le pays|du pays|government\w*|"
    r"ministr\w*|gouvernement|etat|state|customs|douanes|imports?|importations?)\b"
)
_CLOCK: Final = re.compile(
    r"[\W_]*(?:at |a |update |vers )?\d{1,2}(?: ?[h:.] ?\d{2}| ?h)(?!\d)|"
    r"[\W_]*\d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b"
)
_ENTRIES: Final = 3
"""So many lines begin with the time of day in a text that is told as it happens."""
_HEADING_END: Final = (".", "!", "?", ";", ",", "\u2026", "\u00bb", "\u201d", '"')
_QUOTE: Final = ("\u00ab", "\u201c", '"')
_BULLET: Final = ("-", "\u2022", "*", "\u2013", "\u2014")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence takes from those before it."""

    event: Time | None = None
    frame: Time | None = None
    columns: tuple[Time, ...] = ()
    area: str | None = None
    is_headline: bool = False
    known: Time | None = None


def settings_of(
    sentences: Sequence[Sentence],
    context: Context,
    anchor: Anchor,
    title: tuple[str, Sequence[Hit]] = ("", ()),
) -> list[Setting]:
    """Find when and where each sentence of a text stands."""
    scene = _Scene(context, anchor, headings_of(sentences))
    scene.story, scene.site = _news(sentences, scene)
    scene.home = home_of(title, context)
    scene.abroad = abroad_of(
        [*title[1], *(h for s in sentences for h in s.hits)], context
    )
    scene.is_bulletin = any(
        scene.frame(index, one) for index, one in enumerate(sentences[:_HEAD_LINES])
    )
    if not scene.is_bulletin and is_live(sentences):
        scene.whole = _today(anchor)
        scene.is_bulletin = scene.whole is not None
    if scene.is_bulletin:
        scene.story = scene.site = None
    return [scene.enter(index, one) for index, one in enumerate(sentences)]


@dataclass(slots=True)
class _Scene:
    """What is known of time and place while a text is read."""

    context: Context
    anchor: Anchor
    headings: frozenset[int]
    story: Time | None = None
    site: str | None = None
    running: Time | None = None
    before: Time | None = None
    area: str | None = None
    is_bulletin: bool = False
    whole: Time | None = None
    part: Time | None = None
    stand: Time | None = None
    last: Time | None = None
    columns: tuple[Time, ...] = ()
    home: str | None = None
    abroad: str | None = None
    region: str | None = None
    paragraph: int = -1
    labelled: bool = False

    def enter(self, index: int, sentence: Sentence) -> Setting:
        """Give the setting of the next sentence and take note of it."""
        is_heading = index in self.headings
        if is_heading and (sentence.times or not _is_table_head(sentence)):
            self._part(sentence)
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            self.running, self.area = self.story, None
            self.before, self.labelled = None, False
            self.stand = self.last = None
        is_news = is_heading and index < _LEAD_LINES
        event = self._event(sentence, is_news=is_news)
        self.last = event
        is_told = all(is_telling(sentence, time) for time in sentence.times)
        is_story = event is not None and event is self.story and is_told
        setting = Setting(
            event=event,
            frame=self.stand or self.part or self.whole,
            columns=self.columns,
            area=self.area or (self.site if is_story else None) or self._home(sentence),
            is_headline=is_news,
            known=self.running,
        )
        if not is_heading:
            self._remember(sentence)
        return setting

    def _event(self, sentence: Sentence, *, is_news: bool) -> Time | None:
        """Give the time of the act that a sentence goes on about."""
        words = sentence.folded[sentence.span.start : sentence.span.end]
        is_same = _THE_SAME_ACT.match(words) is not None
        if self.is_bulletin and not is_same:
            return None  # its figures hold for its own period
        if _USUAL.search(words):
            return None
        if self.before is not None and tells_back(sentence):
            return self.before
        goes_on = _LOSS.search(words) is not None or (
            # a witness goes on about what the sentence before tells
            self.last is not None and words.startswith(_QUOTE)
        )
        if self.story is not None and not sentence.times and goes_on:
            return self.running
        return self.running if is_news or is_same or runs_on(sentence) else None

    def _goes_on(self, sentence: Sentence) -> bool:
        """Whether a sentence may go on about the place of the one before it."""
        return self.labelled or not any(t.is_since for t in sentence.times)

    def _home(self, sentence: Sentence) -> str | None:
        """Give the place of the section or of the whole text, for what is local."""
        words = sentence.folded[sentence.span.start : sentence.span.end]
        own = any(hit.row("country") for hit in sentence.hits)
        is_national = own or _NATIONAL.search(words) is not None
        return self.region or self.abroad or (None if is_national else self.home)

    def _part(self, sentence: Sentence) -> None:
        """Begin a part of the text with its heading."""
        times = [t for t in sentence.times if not _ISSUED.search(_lead(sentence, t))]
        self.columns = tuple(times) if len(times) > 1 else ()
        self.part = (
            times[0] if len(times) == 1 and _is_stretch(sentence, times[0]) else None
        )
        places = areas_in(sentence, self.context)
        is_dateline = any(t.first == t.last and t.precision == "day" for t in times)
        is_aside = is_dateline or any(
            _is_quoted(sentence, hit.start) for hit in sentence.hits
        )
        self.region = places[0] if len(places) == 1 and not is_aside else None

    def frame(self, index: int, sentence: Sentence) -> bool:
        """Take the period of a bulletin from one of the lines at its head."""
        words = sentence.folded[sentence.span.start : sentence.span.end]
        cue = _FRAME if index in self.headings else _COVERS
        if len(words.split()) > _HEAD_WORDS or not cue.search(words):
            return False
        if [m for m in sentence.mentions if m.unit not in ("count", None)]:
            return False
        times = [time for time in sentence.times if _is_stretch(sentence, time)]
        if not times:
            return False
        self.whole = times[0]
        return True

    def _remember(self, sentence: Sentence) -> None:
        """Take note of what the next sentence may go on about."""
        time = main_time(sentence)
        day = self.anchor.published
        if time is not None:
            is_now = time.is_relative and time.first == time.last == day
            if self.running is not None and is_telling(sentence, time):
                pass  # it goes on about what is spoken of
            elif is_event_time(sentence, time):
                self.running = None if is_now else time
            else:
                self.before = time
        elif not runs_on(sentence):
            self.running = self.story
        places = areas_in(sentence, self.context)
        moved = time is None or is_event_time(sentence, time)
        label = label_of(sentence)
        named = None if label is None else area_named(sentence, label, self.context)
        if named is not None:
            self.area = named
        elif len(places) == 1 and moved and label_of(sentence) is None:
            self.area = self.area if self.labelled else places[0]
        self.labelled = self.labelled or named is not None


def without_dateline(sentence: Sentence) -> Sentence:
    """Take the day and place of an agency's dateline out of a sentence."""
    words = sentence.text[sentence.span.start : sentence.span.end]
    line = _DATELINE.match(words) or _AGENCY.match(words)
    if line is None:
        return sentence
    end = sentence.span.start + line.end()
    hits = [hit for hit in sentence.hits if hit.start >= end]
    times = [time for time in sentence.times if time.start >= end]
    return replace(sentence, hits=hits, times=times or sentence.times)


def _lead(sentence: Sentence, time: Time) -> str:
    """Give the words of a sentence before a time."""
    return sentence.folded[sentence.span.start : time.start]


def _is_table_head(sentence: Sentence) -> bool:
    """Whether a line is the head of a table: names of columns parted by semicolons."""
    return " ; " in sentence.text[sentence.span.start : sentence.span.end]


def is_live(sentences: Sequence[Sentence]) -> bool:
    """Tell whether a text is told entry by entry, each headed by the time of day."""
    starts = {one.paragraph: one.span.start for one in reversed(sentences)}
    clocks = [s for s in starts.values() if _CLOCK.match(sentences[0].folded, s)]
    return len(clocks) >= _ENTRIES


def _today(anchor: Anchor) -> Time | None:
    """Give the day of the text as the time of a whole text."""
    day = anchor.published
    if day is None or anchor.precision != "day":
        return None
    return Time(
        start=0,
        end=0,
        first=day,
        last=day,
        precision="day",
        is_since=False,
        is_until=False,
        is_relative=True,
    )


def _is_stretch(sentence: Sentence, time: Time) -> bool:
    """Whether a time dates what stands below: days, a week, a month, or "as of"."""
    if _ISSUED.search(_lead(sentence, time)):
        return False
    if time.first != time.last:
        return time.precision != "inferred"
    return _AS_OF.search(_lead(sentence, time)) is not None


def headings_of(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Find the sentences that are headings: short lines without a full stop."""
    lines: dict[int, list[int]] = {}
    for index, sentence in enumerate(sentences):
        lines.setdefault(sentence.paragraph, []).append(index)
    return frozenset(
        group[0]
        for group in lines.values()
        if len(group) == 1 and _is_heading(sentences[group[0]])
    )


def _is_heading(sentence: Sentence) -> bool:
    """Whether a line is a heading."""
    words = sentence.text[sentence.span.start : sentence.span.end]
    if words.endswith(_HEADING_END) or words.startswith(_BULLET):
        return False
    return len(words.split()) <= _HEAD_WORDS and not _is_row(sentence)


def _is_row(sentence: Sentence) -> bool:
    """Whether a line is a row of figures."""
    return len(sentence.mentions) > 1 or any(
        m.noun_start is None and (m.value or 0) >= _LARGE for m in sentence.mentions
    )


def _is_quoted(sentence: Sentence, start: int) -> bool:
    """Whether a character stands in a quote: what a witness tells is not the news."""
    first = sentence.span.start
    return is_in_quote(sentence.text[first : sentence.span.end], start - first)


def _news(
    sentences: Sequence[Sentence], scene: _Scene
) -> tuple[Time | None, str | None]:
    """Find the day and place of the news: of the first act that the text dates."""
    bodies = [s for i, s in enumerate(sentences) if i not in scene.headings]
    for sentence in bodies[:_EVENT_LINES]:
        time = main_time(sentence)
        if time is None or not is_event_time(sentence, time) or time.is_since:
            continue
        if not tells_act(sentence, time) or _is_quoted(sentence, time.start):
            continue
        if _ISSUED.search(_lead(sentence, time)):
            continue
        if (time.last - time.first).days >= _EVENT_DAYS or not runs_on(sentence):
            continue
        places = areas_in(sentence, scene.context)
        near = [p for p in places if not p.startswith(("country:", "area:"))]
        head = next(
            (hit for hit in sentence.hits if hit.start == sentence.span.start), None
        )
        if (
            head is not None
            and len(near) > 1
            and area_named(sentence, head, scene.context) == near[0]
        ):
            near = near[1:]  # a dateline: Highcourt - On Monday ...
        return time, near[0] if near else None
    return None, None
