"""Who says so, where it is not the publisher: quotes and attributions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import fold, speech
from supplyline.evidence.reading.settings import headings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.sentence import Sentence

_LONGEST: Final = 90
_TITLE: Final = (
    r"(?:[A-Z\u00c0-\u00dc][\w\u2019'.&-]*|(?:of|de|du|des|for|the|la|le|and|et|ag|al|"
    r"el|bin|ben|ould|d'|l')(?=\s))"
)
_NAME: Final = re.compile(
    rf"(?:[Tt]he\s+|[Aa]n?\s+|[Uu]ne?\s+|[Ll]es?\s+|[Ll]a\s+|[Ll][\u2019'])?"
    rf"(?:[a-z\u00e0-\u00ff-]+\s+){{0,4}}?"
    rf"[A-Z\u00c0-\u00dc][\w\u2019'.&-]*(?:\s+{_TITLE})*"
)
_PLAIN: Final = re.compile(
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Uu]ne?|[Ll]es?|[Ll]a|[Ll]['\u2019]|[Ss]everal|[Dd]es|"
    r"[Ll]ocal|[Tt]wo|[Ii]ts?|[Hh]is|[Hh]er|[Tt]heir|[Ss]on|[Ss]a|[Ll]eurs?|[Oo]ur|"
    r"[Nn]otre|[Nn]os|[Cc]et(?:te)?|[Tt]his|[Dd]eux|[Tt]rois|[Tt]hree|[Ss]ome|[Pp]lusieurs|[Cc]ertains|"
    r"[Rr]esidents|[Oo]fficials|[Ww]itnesses|[Aa]uthorities|[Dd]rivers|[Tt]raders|"
    r"[Aa]nalysts)(?:\b|(?<=['\u2019]))[\w\s\u2019'-]{0,80}"
)
_PLAIN_WORDS: Final = 8
_REFLEXIVE: Final = re.compile(
    r"\s(?:se|s['\u2019]|ne|n['\u2019]|a|ont|had|has|have|avait|lui|leur|nous|vous|also|"
    r"then|later|encore|aussi)$"
)
_NOT_OF_NAME: Final = re.compile(
    r"^(?:by|par) (?:phone|telephone|t\u00e9l\u00e9phone|email|courriel|message)\s+"
)
_DAY: Final = re.compile(
    r"^(?:[Oo]n |[Ll]e |[Cc]e )?(?:[Yy]esterday|[Hh]ier|[Mm]onday|[Tt]uesday|"
    r"[Ww]ednesday|[Tt]hursday|[Ff]riday|[Ss]aturday|[Ss]unday|[Ll]undi|[Mm]ardi|"
    r"[Mm]ercredi|[Jj]eudi|[Vv]endredi|[Ss]amedi|[Dd]imanche)\s+"
)
_PARTICLE: Final = re.compile(r"\s(?:off|up|out|on|in|down|into)\b")
_VERBAL: Final = re.compile(
    r"\b(?:etait|etaient|est|sont|was|were|is|are|pas|not|avait|had|ont)\b"
)
_CAPITAL: Final = r"[A-Z\u00c0-\u00dc]"
_DIALOGUE: Final = re.compile(r"^\s*(?:[\u2014\u2013-]\s|[AR]\s?\d{0,2}\s?[.:]\s)")
_LABEL: Final = re.compile(
    rf"^(?P<name>{_CAPITAL}[\w'\u2019-]+(?: {_CAPITAL}[\w.'\u2019-]*){{0,3}})"
    r"(?:\s?:|\.)\s"
)
_CALLED: Final = re.compile(
    r"(?:appelle\w*|appeler|nomme\w*|prenomme\w*|called|call (?:him|her|them)|named|"
    r"goes by|pr\u00e9nomm\u00e9e?)\s+"
)
_PRONOUN_SAYS: Final = re.compile(
    r"-t?-?(?:il|elle|ils|elles)\b|\b(?:he|she|they|it|il|elle|ils|elles)\s+"
    r"(?:(?:also|then|has|have|had|a|ont|avait|avaient|s'est|aussi)\s+)*$"
)
_HEADED_QUOTE: Final = re.compile(
    r"(?P<name>[^.,:;!?\u201c\u00ab\"]{3,60}?)\s?: ?[\u201c\u00ab\"]"
)
_PERSON: Final = re.compile(
    rf"(?P<name>{_CAPITAL}[\w'\u2019-]+(?: {_CAPITAL}[\w'\u2019-]*\.?){{1,3}})"
    r"(?=,? (?:\d{2} ans|\d{2},|who |qui |est |is |a |has |was |dirige|heads|runs)|, )"
)
_MEETING: Final = re.compile(
    r"\b(?:interview (?:with|of)|conversation with|questions (?:to|for)|entretien avec|"
    r"interview de|questions a|rencontre avec|propos de)\s+"
)
_FIRST_PERSON: Final = re.compile(
    r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|[Jj]e|[Mm]on|[Mm]a|[Mm]es|[Mm]oi|[Nn]ous|[Nn]otre|"
    r"[Nn]os)\b|\b[JjMm]['\u2019]"
)
_SPOKEN: Final = re.compile(r"^\s*(?:[\u2014\u2013]\s|[AR]\s?\d{0,2}\s?[.:]\s)")
_QUESTIONS: Final = 2
_INTRO_LINES: Final = 6
_END: Final = re.compile(
    r"[,;:\u2014\u2013()\u201c\u201d\"\u00ab\u00bb\n]|\s-\s|$|"
    r"(?<!\bDr)(?<!\bM)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bProf)(?<!\bGen)(?<!\bCol)\.\s"
)
_VERB_END: Final = re.compile(r"\s(?:that|que|qu)\b")
_PRONOUNS: Final = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "who",
        "which",
        "that",
        "this",
        "il",
        "elle",
        "ils",
        "elles",
        "qui",
        "on",
        "ce",
    ]
)
_QUOTES: Final = re.compile(
    r"\u201c[^\u201d]*\u201d?|\u00ab[^\u00bb]*\u00bb?|\"[^\"]*\"?"
)
_PARTICIPLE: Final = re.compile(r"(?:^|\s)(?:a|ont|avait|avaient|has|have|had|est)\s+$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody who speaks in a stretch of a text."""

    start: int
    end: int
    speaker: str


def attributions(
    text: str, sentences: Sequence[Sentence], title: str | None = None
) -> list[Attribution]:
    """Find who speaks where in a text.

    A quote that goes on over several sentences belongs to the speaker named in or next
    to any of them.
    """
    attributed = [*_headed(sentences), *_answers(sentences, title or "")]
    last: tuple[str, int] | None = None
    for sentence in sentences:
        speaker = speaker_of(sentence) or _heading_a_quote(sentence)
        if speaker is None and last is not None and _is_by_pronoun(sentence):
            is_near = sentence.paragraph - last[1] <= _NEAR_BY
            speaker = last[0] if is_near else None
        if speaker:
            attributed.append(Attribution(*sentence.span, speaker))
            last = speaker, sentence.paragraph
    told = [one for one in attributed if one.start < one.end]
    return [*attributed, *_quoted(text, told)]


_NEAR_BY: Final = 2


def _is_by_pronoun(sentence: Sentence) -> bool:
    """Whether somebody named before speaks: he said, détaille-t-il, dit-elle."""
    for form in ("verb", "weak"):
        for verb in speech(form).finditer(sentence.folded, *sentence.span):
            after = sentence.folded[verb.end() : verb.end() + 10]
            if re.match(r"-t?-?(?:il|elle|ils|elles)\b|\s(?:he|she|they)\b", after):
                return True
            lead = sentence.folded[max(sentence.span.start, verb.start() - 24) :]
            lead = lead[: verb.start() - max(sentence.span.start, verb.start() - 24)]
            if _PRONOUN_SAYS.search(lead):
                return True
    return False


def _heading_a_quote(sentence: Sentence) -> str | None:
    """Give who is named before a colon and a quote, as in: Governor's office: "..."."""
    match = _HEADED_QUOTE.match(sentence.text, *sentence.span)
    if match is None or not _is_source(match["name"]):
        return None
    return _name_in(match["name"].strip())


def _headed(sentences: Sequence[Sentence]) -> list[Attribution]:
    """Let a witness named in a heading answer for what stands below it."""
    headings = headings_of(sentences)
    attributed = []
    name = None
    for index, sentence in enumerate(sentences):
        if index in headings:
            words = sentence.text[sentence.span.start : sentence.span.end]
            title = speech("title").match(sentence.folded, sentence.span.start)
            is_named = _WITNESS.match(words) is not None and index >= _QUESTIONS
            name = re.split(r"[,(]", words)[0].strip() if title or is_named else None
        elif name is not None:
            attributed.append(Attribution(*sentence.span, name))
    return attributed


_WITNESS: Final = re.compile(
    r"[A-Z\u00c0-\u00dc][\w'\u2019-]+(?: [A-Z\u00c0-\u00dc][\w'\u2019-]*\.?){1,3}, "
    r"[a-z\u00e0-\u00ff]"
)


def _answers(sentences: Sequence[Sentence], title: str) -> list[Attribution]:
    """Let the guest of an interview answer for the answers, a label for its lines."""
    lines: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        lines.setdefault(sentence.paragraph, []).append(sentence)
    asked = [group for group in lines.values() if _words(group[-1]).endswith("?")]
    labels = _labels(list(lines.values()), title) if len(asked) >= _QUESTIONS else {}
    is_met = len(asked) >= _QUESTIONS and _is_interview(sentences, title)
    guest = _guest(sentences, title) if is_met else None
    guest = guest or next(iter(labels.values()), None)
    attributed: list[Attribution] = []
    is_answer = False
    for group in lines.values():
        words = _words(group[0])
        if len(group) == 1 and words.endswith("?"):
            is_answer = True
            continue
        speaker = guest if is_answer or _DIALOGUE.match(words) else None
        speaker = labels.get(group[0].span.start, speaker)
        if speaker is not None:
            attributed.extend(Attribution(*one.span, speaker) for one in group)
    return attributed


def _is_interview(sentences: Sequence[Sentence], title: str) -> bool:
    """Whether questions are put to somebody; headings may be questions too."""
    intro = "\n".join([fold(title), *map(_words, sentences[:_INTRO_LINES])])
    if _MEETING.search(fold(intro)) is not None:
        return True
    return any(
        _SPOKEN.match(one) or _FIRST_PERSON.search(_QUOTES.sub("", one))
        for one in map(_words, sentences)
        if not one.endswith("?")
    )


def _labels(groups: Sequence[Sequence[Sentence]], title: str) -> dict[int, str]:
    """Give the names that head answers, by where these begin: Name: well, ...

    One word is a name if it heads several answers, or if the title names it.
    """
    labels = {}
    for group in groups:
        text = group[0].text[group[0].span.start : group[-1].span.end]
        label = _LABEL.match(text)
        if label is not None and not text.endswith("?"):
            labels[group[0].span.start] = label["name"]
    names = list(labels.values())
    known = fold(title)
    return {
        start: name
        for start, name in labels.items()
        if " " in name or names.count(name) >= _QUESTIONS or fold(name) in known
    }


def _words(sentence: Sentence) -> str:
    """Give the words of a sentence."""
    return sentence.text[sentence.span.start : sentence.span.end]


def _guest(sentences: Sequence[Sentence], title: str) -> str | None:
    """Find who is interviewed: a person named above the first answers."""
    meeting = _MEETING.search(fold(title))
    if meeting is not None and (name := _NAME.match(title, meeting.end())) is not None:
        return name.group()
    for sentence in sentences[:_INTRO_LINES]:
        called = _CALLED.search(sentence.folded, *sentence.span)
        name = None if called is None else _NAME.match(sentence.text, called.end())
        if name is not None and name.group()[0].isupper():
            return name.group()
        meeting = _MEETING.search(sentence.folded, *sentence.span)
        first = sentence.span.start if meeting is None else meeting.end()
        if meeting is not None:
            name = _NAME.match(sentence.text, first, sentence.span.end)
            if name is not None:
                return name.group()
        for match in _PERSON.finditer(sentence.text, first, sentence.span.end):
            named = [
                h
                for h in sentence.hits
                if h.start < match.end() and match.start() < h.end
            ]
            if not any(h.row("place", "region", "country") for h in named):
                return match["name"]
    return None


def _quoted(text: str, attributed: Sequence[Attribution]) -> list[Attribution]:
    """Let the speakers of sentences answer for the whole of a quote."""
    spoken = []
    for quote in _QUOTES.finditer(text):
        if "\n\n" in quote.group() or len(quote.group()) < _LONGEST // 4:
            continue
        touching = [
            one
            for one in attributed
            if one.start < quote.end() + 2 and quote.start() - 2 < one.end
        ]
        # a sentence that holds part of the quote tells better than one next to it
        touching.sort(key=lambda one: -_shared(one, quote))
        if touching:
            spoken.append(Attribution(*quote.span(), touching[0].speaker))
    return spoken


def _shared(one: Attribution, quote: re.Match[str]) -> bool:
    """Whether the sentence of a speaker holds part of a quote."""
    return one.start < quote.end() and quote.start() < one.end


def speaker_of(sentence: Sentence) -> str | None:
    """Find the speaker named in a sentence."""
    for lead in speech("lead").finditer(sentence.folded, *sentence.span):
        name = _stretch(sentence, lead.end())
        if name and not _is_number(name) and _is_source(name):
            return name
    for form in ("verb", "weak"):
        for verb in speech(form).finditer(sentence.folded, *sentence.span):
            if not sentence.text[verb.start()].islower():
                continue  # the United States state nothing
            name = _after(sentence, verb.end())
            if name is None and not _is_object(sentence, verb.end()):
                name = _before(sentence, verb.start())
                is_plain = form == "weak" and name is not None
                name = None if is_plain and not _has_source(name or "") else name
            if name:
                return name
    return None


def _is_object(sentence: Sentence, end: int) -> bool:
    """Whether a verb goes on as another one, as in: put off, put up, dit-on."""
    return (
        re.match(r"\s(?:off|up|out|on|in|down|into)\b", sentence.folded[end:])
        is not None
    )


def _has_source(name: str) -> bool:
    """Whether words name somebody who tells, such as a ministry or a driver."""
    return speech("source").search(fold(name)) is not None


def _is_source(name: str) -> bool:
    """Whether the words after "according to" can tell: a name, or such a noun."""
    has_name = any(word[:1].isupper() for word in name.split())
    return has_name or _has_source(name)


def _stretch(sentence: Sentence, start: int) -> str | None:
    """Give the words after a lead, up to the next mark."""
    end = _END.search(sentence.text, start, sentence.span.end)
    stop = sentence.span.end if end is None else end.start()
    words = sentence.text[start : min(stop, start + _LONGEST)].strip(" .,\u2019'")
    verb = _VERB_END.search(words)
    return (words if verb is None else words[: verb.start()]) or None


def _is_number(name: str) -> bool:
    """Whether a stretch begins with a number rather than with a name."""
    return name[:1].isdigit()


def _before(sentence: Sentence, start: int) -> str | None:
    """Give the name that ends just before a verb of saying."""
    first = max(sentence.span.start, start - 2 * _LONGEST)
    lead = sentence.text[first:start].rstrip()
    auxiliary = _PARTICIPLE.search(sentence.folded[first:start])
    if auxiliary is not None:
        lead = lead[: auxiliary.start()].rstrip()
    while (extra := _REFLEXIVE.search(lead)) is not None:
        lead = lead[: extra.start()].rstrip()
    if lead.endswith(","):
        # an apposition stands between: said Name, a researcher, told ...
        parts = lead[:-1].rsplit(",", 1)
        lead = parts[0] if len(parts) > 1 else lead[:-1]
    end = "." if re.search(r"\b[A-Z]\.$", lead) else ""
    lead = lead.removesuffix(".")
    piece = re.split(r"[,;:\u2014\u201c\u201d\"\u00ab\u00bb.]\s?", lead)[-1].strip()
    return _name_in(_DAY.sub("", piece) + end)


def _after(sentence: Sentence, end: int) -> str | None:
    """Give the name that begins just after a verb of saying, as in: said Name."""
    close = sentence.text[max(sentence.span.start, end - 32) : end]
    if not re.search(
        r"[,\u201d\"\u00bb]\s*(?:a-t-il\s+|a\s+|ont\s+|avait\s+|s'\s?|s\u2019|se\s+)?"
        r"[\w-]+(?: \w+)?$",
        close,
    ):
        return None
    piece = _stretch(sentence, end)
    if piece is None:
        return None
    piece = re.sub(
        r"^(?:mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche)\s+", "", piece
    )
    return _name_in(_NOT_OF_NAME.sub("", piece))


def _name_in(piece: str) -> str | None:
    """Give a stretch as a speaker's name, if it looks like one."""
    if not piece or piece.lower() in _PRONOUNS or len(piece) > _LONGEST:
        return None
    if _VERBAL.search(fold(piece)) is not None:
        return None
    for pattern, words in ((_NAME, _LONGEST), (_PLAIN, _PLAIN_WORDS)):
        match = pattern.fullmatch(piece)
        if (
            match
            and len(piece.split()) <= words
            and not any(character.isdigit() for character in piece)
        ):
            return piece
    return None
