"""From the text of an article to candidate claims.

Sentence by sentence: its numbers, days and names are found, each number gets the sense
of the lexicon that fits its words, its actor, place, period and speaker. A number that
no sense fits is a candidate too, marked as not understood: nothing is dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from supplyline.evidence.articles.decoding import refused
from supplyline.evidence.reading.actors import Cast
from supplyline.evidence.reading.areas import area_named, area_of
from supplyline.evidence.reading.candidate import Candidate
from supplyline.evidence.reading.change_windows import window_of
from supplyline.evidence.reading.cues import fold
from supplyline.evidence.reading.dated import Dated, find_dated
from supplyline.evidence.reading.elided import with_elided_units
from supplyline.evidence.reading.judging import Judge, doubt_of_date
from supplyline.evidence.reading.listed import Listed, find_lists
from supplyline.evidence.reading.mentions import Mention, find_mentions
from supplyline.evidence.reading.naming import Gazetteer
from supplyline.evidence.reading.periods import (
    Period,
    inferred,
    main_time,
    period_of,
    time_of,
)
from supplyline.evidence.reading.reporting_days import is_telling
from supplyline.evidence.reading.sentence import Sentence
from supplyline.evidence.reading.sentences import split_sentences
from supplyline.evidence.reading.series import (
    is_left_behind,
    is_verb,
    number_of,
    paired_place,
    time_ago,
    whole_of,
    with_rate,
    with_ratio,
    with_unit,
)
from supplyline.evidence.reading.settings import (
    Setting,
    settings_of,
    without_dateline,
)
from supplyline.evidence.reading.speakers import Attribution, attributions
from supplyline.evidence.reading.subjects import Meaning
from supplyline.evidence.reading.tense import (
    is_before_all,
    is_of_another,
    is_of_now,
    is_since_then,
    is_when,
)
from supplyline.evidence.reading.times import Anchor, Time, find_times
from supplyline.evidence.reading.units import is_money

if TYPE_CHECKING:
    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.reading.candidate import Kind
    from supplyline.evidence.reading.context import Context

_PARAGRAPH: Final = re.compile(r"\n\s*\n|\n")
_DIGITS: Final = re.compile(r"\d[\d.,]*")
_ID_BYTES: Final = 6
MOST_NUMBERS: Final = 5_000
"""Most numbers of an article; more make a table, which takes too long to read."""
MOST_WEIGHED: Final = 100_000
"""Most characters looked through for the numbers of an article: the length of its
sentence for each; the longest of 80 real and made-up texts takes 5,300 [characters]."""
_NEWS_DAYS: Final = 14
"""Acts are spoken of for so many days as news."""


def read_candidates(article: Article, context: Context) -> tuple[Candidate, ...]:
    """Read the candidate claims of an article."""
    _check_count(article, sum(1 for _ in _DIGITS.finditer(article.text)))
    anchor = Anchor(article.published, article.published_precision, context.cutoff)
    language = article.language or "en"
    gazetteer = Gazetteer(context)
    sentences = _sentences(article.text, language, anchor, gazetteer)
    _check_count(article, sum(len(one.mentions) for one in sentences))
    sentences = with_elided_units(sentences, language, context.currency)
    cast = Cast.of(context, [hit for one in sentences for hit in one.hits])
    reader = _Reader(article, context, anchor, language, cast)
    reader.attributions = attributions(article.text, sentences, article.title)
    candidates: dict[str, Candidate] = {}
    title = article.title or ""
    named = (title, gazetteer.find(title, 0, len(title)))
    settings = settings_of(sentences, context, anchor, named)
    for sentence, setting in zip(sentences, settings, strict=True):
        for candidate in reader.read(sentence, setting):
            candidates.setdefault(candidate.candidate, candidate)
    return tuple(
        sorted(candidates.values(), key=lambda one: (one.span_start, one.span_end))
    )


def _check_count(article: Article, numbers: int) -> None:
    """Refuse a table that is given as an article."""
    if numbers > MOST_NUMBERS:
        expected = f"at most {MOST_NUMBERS:,}; an article, not a table"
        raise refused(article.name, f"holds {numbers:,} numbers", expected)


def _sentences(
    text: str, language: str, anchor: Anchor, gazetteer: Gazetteer
) -> list[Sentence]:
    """Find the sentences of a text and what stands in each."""
    folded = fold(text)
    ends = [match.start() for match in _PARAGRAPH.finditer(text)]
    sentences: list[Sentence] = []
    known: Time | None = None
    act: Time | None = None
    paragraph = 0
    for span in split_sentences(text):
        if bisect_left(ends, span.start) != paragraph:
            # "two days later" is counted from the news, if not from the line before
            paragraph, known = bisect_left(ends, span.start), act
        sentence = Sentence(
            text=text,
            folded=folded,
            span=span,
            paragraph=bisect_left(ends, span.start),
            hits=gazetteer.find(text, *span),
            times=find_times(text, span, language, anchor, known),
            mentions=find_mentions(text, span, language, anchor),
        )
        sentence = without_dateline(_without_verbs(sentence, language))
        time = main_time(sentence)
        known = known if time is None or time.is_since else time
        is_near = known is not None and known.precision in ("day", "week", "span")
        act = act or (known if is_near else None)
        sentences.append(sentence)
    return sentences


def _without_verbs(sentence: Sentence, language: str) -> Sentence:
    """Take what lasts so many days for a number, not for a time."""
    verbs = [time for time in sentence.times if is_verb(sentence, time)]
    if not verbs:
        return sentence
    more = [one for time in verbs for one in number_of(sentence.text, time, language)]
    mentions = sorted([*sentence.mentions, *more], key=lambda one: one.start)
    times = [time for time in sentence.times if time not in verbs]
    return replace(sentence, mentions=mentions, times=times)


@dataclass
class _Reader:
    """Reads sentence after sentence and remembers what was spoken of."""

    article: Article
    context: Context
    anchor: Anchor
    language: str
    cast: Cast
    attributions: list[Attribution] = field(default_factory=list)
    paragraph: int = -1
    weighed: int = 0
    setting: Setting = field(default_factory=Setting)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        """Let the judge know who acts."""
        self.judge = Judge(self.cast)

    def read(self, sentence: Sentence, setting: Setting) -> list[Candidate]:
        """Read the candidates of one sentence."""
        self.setting = setting
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            self.judge.turn()
        candidates = [self._number(sentence, mention) for mention in sentence.mentions]
        candidates += [
            self._date(sentence, dated) for dated in find_dated(sentence, self.cast)
        ]
        candidates += [self._list(sentence, listed) for listed in find_lists(sentence)]
        for time in sentence.times:
            ago = time_ago(sentence, time, self.language)
            candidate = None if ago is None else self._number(sentence, ago)
            if candidate is not None and candidate.is_understood:
                candidates.append(candidate)
        self.cast.remember(sentence)
        self.judge.remember(sentence)
        return candidates

    def _number(self, sentence: Sentence, mention: Mention) -> Candidate:
        """Read one number, unless those before it took all the time there is."""
        self.weighed += sentence.span.end - sentence.span.start
        if self.weighed > MOST_WEIGHED:
            return self._unread(sentence, mention)
        mention = with_ratio(sentence, with_unit(sentence, mention))
        period = self._period_told(sentence, mention)
        days = None
        if period.start is not None and period.end is not None:
            days = (period.end - period.start).days + 1
        mention = with_rate(sentence, mention, days)
        whole = whole_of(sentence, mention)
        meaning, reason = self.judge.meaning(sentence, mention, whole)
        base = mention.base
        if whole is not None:
            base = sentence.text[whole.start : whole.noun_end or whole.end]
        unit = _unit(sentence, mention, meaning)
        return self._candidate(
            sentence,
            (mention.start, mention.end),
            kind="unknown" if reason else mention.kind,
            numbers=(mention.value, mention.low, mention.high),
            unit=unit,
            counted=_counted(sentence, mention),
            meaning=meaning,
            area=self._area(sentence, mention),
            period=period,
            hedge=mention.hedge,
            base=base,
            reason=reason,
        )

    def _unread(self, sentence: Sentence, mention: Mention) -> Candidate:
        """Leave a number to a person."""
        return self._candidate(
            sentence,
            (mention.start, mention.end),
            kind="unknown",
            numbers=(mention.value, mention.low, mention.high),
            unit=mention.unit,
            counted=None,
            meaning=None,
            area=self._area(sentence, mention),
            period=inferred(self.anchor),
            hedge=mention.hedge,
            base=None,
            reason="not read: too many numbers in sentences without an end before it",
        )

    def _period_told(self, sentence: Sentence, mention: Mention) -> Period:
        """Find when a number holds, a change over its own stretch of time."""
        span = (mention.start, mention.noun_end or mention.end)
        is_comparison = mention.kind in ("ratio", "change")
        is_base = is_left_behind(sentence, mention)
        if is_comparison or is_base or mention.kind == "rank":
            frame = self.setting.frame
            last = frame.last if frame is not None else None
            last = last or self.anchor.published or self.anchor.latest
            window = window_of(sentence, *span, last, is_base=is_base)
            if window is not None:
                return window
        return self._period(sentence, *span, is_comparison=is_comparison)

    def _period(
        self, sentence: Sentence, start: int, end: int, *, is_comparison: bool = False
    ) -> Period:
        """Find when a number holds."""
        if is_before_all(sentence, start, end):
            return inferred(self.anchor)
        day = self.anchor.published
        known = self.setting.known
        if known is not None and day and is_since_then(sentence, start, end):
            return Period(known.first, max(known.first, day), "span")
        time = time_of(
            sentence,
            start,
            end,
            is_comparison=is_comparison,
            day=day,
        )
        if time is not None and is_of_now(sentence, time, start, end):
            return self._of_frame()
        if time is None or self._is_of_news(sentence, time):
            return self._carried(sentence, start)
        return self._named(sentence, time, start, end)

    def _named(self, sentence: Sentence, time: Time, start: int, end: int) -> Period:
        """Give the period of a number that a time of its sentence names."""
        period = period_of(time, self.anchor)
        if is_when(sentence, time, start):
            return _point_of(time)
        if time.start <= start and end <= time.end:
            # so long ago: the time from then to the day of the text
            last = self.anchor.published or self.anchor.latest
            return Period(period.start, last, period.precision)
        if is_of_another(sentence, time, start, end):
            return Period(period.start, period.end, "inferred")
        return period

    def _is_of_news(self, sentence: Sentence, time: Time) -> bool:
        """Whether a time is only that of the telling: on Sunday, of a Friday."""
        act = self.setting.event
        if act is None or act.last >= time.first or not is_telling(sentence, time):
            return False
        return (time.first - act.last).days <= _NEWS_DAYS

    def _carried(self, sentence: Sentence, start: int) -> Period:
        """Give the period that a heading or an earlier sentence leaves to a number."""
        setting = self.setting
        row = [mention.start for mention in sentence.mentions]
        if start in row and len(row) == len(setting.columns) and _is_row(sentence):
            period = period_of(setting.columns[row.index(start)], self.anchor)
            return Period(period.start, period.end, period.precision)
        if setting.event is None:
            return self._of_frame()
        period = period_of(setting.event, self.anchor)
        return Period(period.start, period.end, "inferred")

    def _of_frame(self) -> Period:
        """Give the period of the heading or bulletin, else the year up to the text."""
        time = self.setting.frame
        if time is None:
            return inferred(self.anchor)
        period = period_of(time, self.anchor)
        return Period(period.start, period.end, "inferred")

    def _area(self, sentence: Sentence, mention: Mention) -> str:
        """Find where a number holds."""
        paired = paired_place(sentence, mention)
        if paired is not None:
            area = area_named(sentence, paired, self.context)
            if area is not None:
                return area
        span = (mention.start, mention.noun_end or mention.end)
        return area_of(sentence, *span, self.context, self.setting.area)

    def _date(self, sentence: Sentence, dated: Dated) -> Candidate:
        """Make a candidate of a date that is a statement."""
        time = dated.time
        reason = doubt_of_date(sentence, dated)
        return self._candidate(
            sentence,
            (time.start, time.end),
            kind="unknown" if reason else "date",
            numbers=(dated.value, None, None),
            unit=dated.unit,
            counted=None,
            meaning=Meaning(dated.subject, dated.quantity, dated.actor),
            area=area_of(sentence, time.start, time.end, self.context, None),
            period=_date_period(dated),
            hedge=None,
            base=None,
            reason=reason,
        )

    def _list(self, sentence: Sentence, listed: Listed) -> Candidate:
        """Make a candidate of a list whose members are counted."""
        span = (listed.start, listed.end)
        return self._candidate(
            sentence,
            span,
            kind="amount",
            numbers=(float(listed.count), None, None),
            unit="count",
            counted=sentence.text[listed.start : listed.end],
            meaning=Meaning("blockade", "countries_of_origin_banned", None),
            area=f"country:{self.context.country}",
            period=self._period(sentence, *span),
            hedge=None,
            base=None,
            reason=None,
        )

    def _speaker(self, start: int, end: int) -> str | None:
        """Give who says a number, the one in whose quote it stands first."""
        speakers = [
            one.speaker
            for one in self.attributions
            if one.start <= start and end <= one.end
        ]
        return speakers[-1] if speakers else None

    def _candidate(  # noqa: PLR0913 - the fields of a candidate, by name
        self,
        sentence: Sentence,
        span: tuple[int, int],
        *,
        kind: Kind,
        numbers: tuple[float | None, float | None, float | None],
        unit: str | None,
        counted: str | None,
        meaning: Meaning | None,
        area: str,
        period: Period,
        hedge: str | None,
        base: str | None,
        reason: str | None,
    ) -> Candidate:
        """Put a candidate together."""
        subject = None if meaning is None else meaning.subject
        quantity = None if meaning is None else meaning.quantity or None
        name = (self.article.sha256, *span, kind, numbers[0], unit, subject, quantity)
        digest = blake2b(repr(name).encode(), digest_size=_ID_BYTES).hexdigest()
        return Candidate(
            candidate=f"C{digest}",
            span_start=span[0],
            span_end=span[1],
            sentence_start=sentence.span.start,
            sentence_end=sentence.span.end,
            kind=kind,
            value=numbers[0],
            low=numbers[1],
            high=numbers[2],
            unit=unit,
            counted=counted,
            subject=subject,
            quantity=quantity,
            area=area,
            actor=None if meaning is None else meaning.actor,
            start=period.start,
            end=period.end,
            precision=period.precision,
            hedge=hedge,
            speaker=self._speaker(*span),
            base=base,
            is_understood=reason is None,
            reason=reason,
        )


def _is_row(sentence: Sentence) -> bool:
    """Whether a line may be a row of a table, and not a sentence."""
    return not sentence.text[: sentence.span.end].rstrip().endswith((".", "!", "?"))


def _date_period(dated: Dated) -> Period:
    """Give the days of a date; since a day means that day, unless it tells how long."""
    time = dated.time
    if not time.is_since or dated.quantity.endswith("_since"):
        return Period(time.first, time.last, time.precision)
    return _point_of(time)


def _point_of(time: Time) -> Period:
    """Give the day, month or year that a stretch begins with."""
    first = time.first
    ends = {"day": first, "year": date(first.year, 12, 31)}
    if time.precision in ends:
        return Period(first, ends[time.precision], time.precision)
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    if time.precision == "span" and first.day < 21:
        last = date(first.year, first.month, first.day + 9)  # early, or mid
    return Period(first, last, time.precision)


_MAX_LITRE_PRICE: Final = 10_000
_LITRE: Final = re.compile(
    r"\b(?:(?:a|per|the|one|each|le|un|par|du|au|1)\s+lit(?:re|er)|pump price|"
    r"prix a la pompe|a la pompe|at the pump)\b"
)
_OTHER_VESSEL: Final = re.compile(
    r"\b(?:gallon|barrel|baril|jerr[yi]can|bidon|bottle|bouteille|drum|fut)s?\b"
)


def _unit(sentence: Sentence, mention: Mention, meaning: Meaning | None) -> str | None:
    """Give the unit, with what a price is paid for and a population counts."""
    unit = mention.unit
    if meaning is None or unit is None:
        return unit
    if meaning.subject == "population" and unit == "count":
        return "persons"
    is_price = meaning.quantity == "price_money" and is_money(unit)
    if is_price and (mention.value or mention.high or 0) < _MAX_LITRE_PRICE:
        words = sentence.folded[sentence.span.start : sentence.span.end]
        if _LITRE.search(words) and not _OTHER_VESSEL.search(words):
            return f"{unit}_per_litre"
    return unit


def _counted(sentence: Sentence, mention: Mention) -> str | None:
    """Give the counted words as written."""
    if mention.noun_start is None or mention.noun_end is None:
        return None
    return sentence.text[mention.noun_start : mention.noun_end]
