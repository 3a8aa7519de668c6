"""However a text is written, the work that its numbers take is bounded, and told."""

import pytest

from supplyline.case.case import load_case
from supplyline.evidence.articles.page import read_article
from supplyline.evidence.desk.case_names import context_of
from supplyline.evidence.reading import read as reading
from supplyline.evidence.reading.judging import Judge

PHRASES = {
    "arabic": "الوقود يصل إلى باماكو 12 شاحنة ",
    "french": "les camions de carburant arrivent 12 ",
    "cyrillic": "топливо прибыло в город 12 ",
    "chinese": "燃料卡车到达12辆",
}


def read(text, monkeypatch):
    """Read a text; give its candidates and the characters that were weighed."""
    weighed = []
    meaning = Judge.meaning

    def counted(self, sentence, *rest):
        weighed.append(sentence.span.end - sentence.span.start)
        return meaning(self, sentence, *rest)

    context = context_of(load_case("toy"))
    article = read_article(text.encode(), "text.txt")
    with monkeypatch.context() as patch:
        patch.setattr(Judge, "meaning", counted)
        return reading.read_candidates(article, context), sum(weighed)


@pytest.mark.parametrize("language", PHRASES)
def test_a_text_without_sentence_ends_takes_bounded_work(language, monkeypatch):
    phrase = PHRASES[language]
    text = phrase * (4_000 // len(phrase))
    everything, unbounded = read(text, monkeypatch)
    monkeypatch.setattr(reading, "MOST_WEIGHED", 10_000)
    candidates, weighed = read(text, monkeypatch)
    left = [one for one in candidates if (one.reason or "").startswith("not read")]
    assert weighed <= 10_000 < unbounded
    assert left
    spans = [(one.span_start, one.span_end) for one in candidates]
    assert spans == [(one.span_start, one.span_end) for one in everything]
    assert not any(one.is_understood for one in left)


def test_an_ordinary_text_is_read_to_its_end(monkeypatch):
    text = "On Monday 12 trucks of fuel came to Alba, and 9 left it. " * 40
    candidates, weighed = read(text, monkeypatch)
    assert weighed < reading.MOST_WEIGHED / 10
    assert not any((one.reason or "").startswith("not read") for one in candidates)
