"""Made-up articles and candidates for tests of the store."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

from supplyline.evidence.articles.article import Article
from supplyline.evidence.reading.candidate import Candidate
from supplyline.evidence.store.documents import SourceDraft, put_document

SOURCE = SourceDraft("herald", "Made-up report", "The Herald", "2024-02", None, "C")


def made_article(name="one", sentences=("The town of Alba got 12 trucks.",), **told):
    """Give an article and its bytes."""
    text = "\n\n".join(sentences)
    original = f"{name}\n{text}".encode(errors="replace")
    article = Article(
        sha256=sha256(original).hexdigest(),
        name=f"{name}.txt",
        media="text",
        title=f"Title of {name}",
        publisher="The Herald",
        published=date(2024, 2, 3),
        published_precision="day",
        language="en",
        address=None,
        text=text,
    )
    return replace(article, **told), original


def made_candidates(article, **told):
    """Give one candidate for each number in digits."""
    found = []
    start = 0
    for sentence in article.text.split("\n\n"):
        for word in sentence.split():
            digits = word.strip(".,")
            if digits.isdigit():
                at = article.text.index(digits, start)
                read = Candidate(
                    candidate=f"{article.sha256[:12]}-{at}",
                    span_start=at,
                    span_end=at + len(digits),
                    sentence_start=start,
                    sentence_end=start + len(sentence),
                    kind="amount",
                    value=float(digits),
                    low=None,
                    high=None,
                    unit="count",
                    counted="trucks",
                    subject="convoy",
                    quantity="trucks_arrived",
                    area="country:XX",
                    actor=None,
                    start=date(2024, 1, 1),
                    end=date(2024, 1, 31),
                    precision="month",
                    hedge=None,
                    speaker=None,
                    base=None,
                    is_understood=True,
                    reason=None,
                )
                found.append(replace(read, **told))
        start += len(sentence) + 2
    return found


def put(store, name="one", sentences=None, *, doubts=(), relay_of=None, **told):
    """Put a made-up document in; give it and its candidates."""
    sentences = sentences or (f"{name}: 12 trucks came, then 30 more.",)
    article, original = made_article(name, sentences)
    read = made_candidates(article, **told)
    put_document(
        store,
        article,
        original,
        read,
        doubts,
        source=SOURCE,
        relay_of=relay_of,
        sketch=article.text.encode()[:8],
    )
    return article, read
