"""Money and goods in one breath: the price they imply, and the product they make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.statement import format_number
from supplyline.evidence.doubts.word_lists import fold, rows

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    import pandas as pd

    from supplyline.evidence.doubts.scene import Passage, Scene
    from supplyline.evidence.reading.candidate import Candidate

MARKET_FACTOR: Final = 1.5
"""Factor beyond the yearly mean prices of the market that is doubted [1]."""
PRODUCT_FACTOR: Final = 1.15
"""Factor between amount times price and the total stated that is doubted [1]."""
_GOODS: Final = ("mass", "volume")


def implied_price(scene: Scene) -> Iterator[Doubt]:
    """Hold the price that an amount and its value imply against the market's."""
    for passage in scene.passages:
        for money in passage.candidates:
            if not _what(money).startswith("money:"):
                continue
            goods = _nearest_goods(scene, passage, money)
            if goods is not None:
                yield from _against_market(scene, passage, goods, money)


def product_differs(scene: Scene) -> Iterator[Doubt]:
    """Hold amount times unit price against the total in the same sentence."""
    for passage in scene.passages:
        goods = [c for c in passage.candidates if _what(c) in _GOODS]
        money = [c for c in passage.candidates if _is_money(c)]
        prices = [c for c in passage.candidates if "/" in _bare(c)]
        if not len(goods) == len(money) == len(prices) == 1:
            continue
        (amount,), (total,), (price,) = goods, money, prices
        if _bare(price) != f"{_bare(total)}/{_bare(amount)}":
            continue
        made = _size(amount) * _size(price)
        if _apart(made, _size(total)) > PRODUCT_FACTOR:
            text = (
                f"{_format_amount(amount)} at {_format_amount(price)} make "
                f"{format_number(made)}, not {_format_amount(total)}"
            )
            against = (amount.candidate, price.candidate)
            yield Doubt(total.candidate, "product_differs", text, against)


def _nearest_goods(
    scene: Scene, passage: Passage, money: Candidate
) -> Candidate | None:
    """Find the amount of goods that money is the value of."""
    near = [c for c in passage.candidates if _what(c) in _GOODS]
    before = scene.before(passage)
    if not near and before is not None and passage.says("worth"):
        near = [c for c in before.candidates if _what(c) in _GOODS]
    if not near:
        return None
    return min(near, key=lambda c: abs(c.span_start - money.span_start))


def _against_market(
    scene: Scene, passage: Passage, goods: Candidate, money: Candidate
) -> Iterator[Doubt]:
    """Compare an implied price with the prices of its good in the year spoken of."""
    good = _good(scene, passage, goods)
    if good is None or goods.value is None or money.value is None or not goods.value:
        return
    market = scene.known.market
    market = market[market["good"] == good]
    unit = f"{_bare(money)}/{_bare(goods)}"
    fits = [measure_of(str(row)).what == unit for row in market["unit"]]
    market = market[fits]
    price = _size(money) / _size(goods)
    year = _year(scene, money)
    row = _row_of(market, year)
    if row is None:
        return
    size = measure_of(str(row["unit"])).size
    low, high = float(row["low"]), float(row["high"])
    asked = price / size
    if low / MARKET_FACTOR <= asked <= high * MARKET_FACTOR:
        return
    like = [
        int(other["year"])
        for other in market.to_dict("records")
        if float(other["low"]) <= asked <= float(other["high"])
    ]
    hint = f"; it was so in {', '.join(map(str, like))}" if like else ""
    text = (
        f"{_format_amount(money)} for {_format_amount(goods)} is "
        f"{format_number(asked)} {row['unit']}, but {good} cost {format_number(low)} "
        f"to {format_number(high)} in {row['year']}{hint}"
    )
    against = (f"market.csv {good}/{row['year']}", goods.candidate)
    yield Doubt(money.candidate, "implied_price", text, against)


def _good(scene: Scene, passage: Passage, goods: Candidate) -> str | None:
    """Find which good of the market an amount is of."""
    traded = {str(good) for good in scene.known.market["good"]}
    language = scene.article.language or "en"
    asked = fold(f"{(goods.quantity or '').replace('_', ' ')} {goods.counted or ''}")
    for text in (asked, passage.folded):
        near_goods = [
            (at.start(), row["good"])
            for row in _words(language, traded)
            for at in re.finditer(rf"(?<!\w){re.escape(row['word'])}(?!\w)", text)
        ]
        if near_goods:
            return min(near_goods)[1]
    return None


def _words(language: str, traded: set[str]) -> list[dict[str, str]]:
    """Give the words of a language for the goods of the market."""
    plain = [{"word": good.replace("_", " "), "good": good} for good in sorted(traded)]
    listed = [
        {"word": row["word"], "good": row["good"]}
        for row in rows("goods")
        if row["good"] in traded and language.startswith(row["language"])
    ]
    return listed + (plain if language.startswith("en") else [])


def _year(scene: Scene, money: Candidate) -> int:
    """Give the year of which a value speaks: the last of its period."""
    if money.end is not None:
        return money.end.year
    return (scene.article.published or scene.known.cutoff).year


def _row_of(market: pd.DataFrame, year: int) -> Mapping[Hashable, Any] | None:
    """Find the prices of a year, or of the year before or after it."""
    rows_by_year = sorted(
        market.to_dict("records"), key=lambda row: abs(int(row["year"]) - year)
    )
    if not rows_by_year or abs(int(rows_by_year[0]["year"]) - year) > 1:
        return None
    return rows_by_year[0]


def _what(candidate: Candidate) -> str:
    """Give what the unit of an amount measures, without its time; else nothing."""
    if candidate.value is None or candidate.kind not in {"amount", "unknown"}:
        return ""
    return _bare(candidate)


def _bare(candidate: Candidate) -> str:
    """Give what a unit measures, without its time."""
    what = measure_of(candidate.unit or "").what
    return what.removesuffix("/time")


def _is_money(candidate: Candidate) -> bool:
    """Tell whether a candidate is an amount of money, not a price."""
    what = _what(candidate)
    return what.startswith("money:") and "/" not in what


def _size(candidate: Candidate) -> float:
    """Give the number in the smallest unit of its kind."""
    return (candidate.value or 0.0) * measure_of(candidate.unit or "").size


def _apart(one: float, other: float) -> float:
    """Give the factor between two numbers."""
    low, high = sorted((abs(one), abs(other)))
    return high / low if low else float("inf")


def _format_amount(candidate: Candidate) -> str:
    """Write a number with its unit."""
    return f"{format_number(candidate.value or 0.0)} {candidate.unit}"
