"""Numbers of made-up sentences, English and French: read, whole, and in linear time."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.evidence.reading.mentions import find_mentions
from supplyline.evidence.reading.number_words import read_cardinal, word_values
from supplyline.evidence.reading.sentences import LONGEST, Span, split_sentences
from supplyline.evidence.reading.times import Anchor, find_times, taken_spans
from supplyline.evidence.reading.words import table, tokens

ANCHOR = Anchor(date(2025, 10, 29), "day", date(2025, 12, 31))


def mentions(text, language="en"):
    return find_mentions(text, Span(0, len(text)), language)


def short(text, language):
    """Tell value, or range, and unit of every number."""
    return [
        (f.value if f.value is not None else (f.low, f.high), f.unit)
        for f in mentions(text, language)
    ]


ENGLISH = {
    "a quarter of an hour": [(0.25, "hour")],
    "down by a third compared with May": [(33.3, "percent")],
    "every second house is empty": [(50, "percent")],
    "every second day": [],
    "fed once a week": [(1, "count_per_week")],
    "it asked twice, and left": [(2, "count")],
    "twice the price": [(2, "ratio")],
    "a litre and a half": [(1.5, "litre")],
    "rates ranged from 4 to 5.5 per cent": [((4, 5.5), "percent")],
    "$24m to $30m": [((24e6, 30e6), "USD")],
    "$65m-$70m": [((65e6, 70e6), "USD")],
    "45 basis points": [(0.45, "percent")],
    "1,500 men": [(1500, "count")],
    "1 500 men": [(1500, "count")],
    "1\u2019500 men": [(1500, "count")],
    "3.5 km": [(3.5, "km")],
    "1,234,567.8 litres": [(1234567.8, "litre")],
    "about1,500 men": [(1500, "count")],
    "1,500² men": [(1500, "count")],
    "on May 1 500 men": [(500, "count")],
    "over$90,000": [(90000, "USD")],
    "€50million": [(50e6, "EUR")],
    "50m litres": [(50e6, "litre")],
    "$34M": [(34e6, "USD")],
    "$1.5bn": [(1.5e9, "USD")],
    "US$20": [(20, "USD")],
    "20 US dollars": [(20, "USD")],
    "FCFA 775": [(775, "XOF")],
    "775 F CFA": [(775, "XOF")],
    "CFA775/l": [(775, "XOF_per_litre")],
    "775 francs a litre": [(775, "XOF_per_litre")],
    "$8.45 per liter": [(8.45, "USD_per_litre")],
    "32 dollars a gallon": [(32, "USD_per_gallon")],
    "the price of a litre rose from 700 to 900 francs": [
        (700, "XOF_per_litre"),
        (900, "XOF_per_litre"),
    ],
    "1,500 francs ($2.65) per liter": [
        (1500, "XOF_per_litre"),
        (2.65, "USD_per_litre"),
    ],
    "775 francs a litre and raised 2 million francs": [
        (775, "XOF_per_litre"),
        (2e6, "XOF"),
    ],
    "5 tonnes of tin each year, output worth $3 million": [
        (5, "tonne_per_year"),
        (3e6, "USD_per_year"),
    ],
    "in one instance": [],
    "6,000 a month": [(6000, "count_per_month")],
    "200 trucks a day": [(200, "count_per_day")],
    "three convoys every week": [(3, "count_per_week")],
    "40 kilograms of gold each year": [(40, "kg_per_year")],
    "65,000 litres per day": [(65000, "litre_per_day")],
    "six hours a day": [(6, "hour")],
    "twenty-five": [(25, "count")],
    "two hundred and forty": [(240, "count")],
    "three thousand and one": [(3001, "count")],
    "a hundred": [(100, "count")],
    "a dozen men": [(12, "count")],
    "two dozen": [(24, "count")],
    "dozens of trucks": [((24, None), "count")],
    "several dozen trucks": [((24, None), "count")],
    "hundreds": [((200, None), "count")],
    "tens of thousands of people": [((20000, None), "count")],
    "hundreds of millions of dollars": [((2e8, None), "USD")],
    "a few hundred fighters": [((200, None), "count")],
    "half a million people": [(500000, "count")],
    "two and a half years": [(2.5, "years")],
    "second-largest": [(2, "rank")],
    "the third coup": [(3, "rank")],
    "its 7th attack": [(7, "rank")],
    "two thirds of the land": [(66.7, "percent")],
    "two-thirds": [(66.7, "percent")],
    "more than half": [(50, "percent")],
    "a quarter of farmers": [(25, "percent")],
    "⅔ of the land": [(66.7, "percent")],
    "1/3 of the land": [(33.3, "percent")],
    "one in five": [(20, "percent")],
    "three out of four": [(75, "percent")],
    "3 out of 4 stations": [(75, "percent")],
    "double": [(2, "ratio")],
    "prices tripled": [(3, "ratio")],
    "a twofold rise": [(2, "ratio")],
    "10 times more": [(10, "ratio")],
    "ten times the usual": [(10, "ratio")],
    "half as many trucks": [(0.5, "ratio")],
    "a 3.5-fold rise": [(3.5, "ratio")],
    "5x more": [(5, "ratio")],
    "20%": [(20, "percent")],
    "20 percent": [(20, "percent")],
    "8 per cent": [(8, "percent")],
    "5 percentage points": [(5, "percent")],
    "between 6 and 9 men": [((6, 9), "count")],
    "2,000-2,500 men": [((2000, 2500), "count")],
    "18 to 20": [((18, 20), "count")],
    "10\u201315 trucks": [((10, 15), "count")],
    "$2-3 million": [((2e6, 3e6), "USD")],
    "two or three trucks": [((2, 3), "count")],
    "3 to 5 days": [((3, 5), "days")],
    "rose from 142 to 750": [(142, "count"), (750, "count")],
    "rose from 10 to 15 percent": [(10, "percent"), (15, "percent")],
    "a whole truck": [(1, "count")],
    "a single shot": [(1, "count")],
    "it took a year to rebuild": [(1, "years")],
    "for a month": [(1, "months")],
    "a year passed": [],
    "one trader said": [(1, "count")],
    "one of them": [],
    "no one came": [],
    "both sides": [(2, "count")],
    "both Aland and Beland": [],
    "the two traditional partners": [(2, "count")],
    "nearly 4 years": [(4, "years")],
    "8-year-long": [(8, "years")],
    "13-year insurgency": [(13, "years")],
    "four years ago": [(4, "years")],
    "Ann Person, 43, sits": [(43, "years")],
    "a woman aged 19": [(19, "years")],
    "a 43-year-old man": [(43, "years")],
    "G5 Sahel, RN16, T-55, AK-47, F-16, Covid-19": [],
    "Resolution 2640 and Article 12": [],
    "the 7th Region": [],
    "the Second World War": [],
    "[3] a note": [],
    "(2) a note": [],
    "at 14:30 and 6 p.m.": [],
    "4x4 cars": [],
    "380 miles": [(380, "mile")],
    "30km away": [(30, "km")],
    "20,000 square kilometres": [(20000, "km2")],
    "5,000 km² of land": [(5000, "km2")],
    "2 million gallons": [(2e6, "gallon")],
    "40,000 barrels": [(40000, "barrel")],
    "a 46,000-litre tanker": [(46000, "litre")],
    "3 tons of rice": [(3, "tonne")],
    "500 metres": [(0.5, "km")],
    "200 head of cattle": [(200, "head")],
    "100 MW": [(100, "MW")],
    "two decades": [(20, "years")],
    "-5 percent": [(-5, "percent")],
    "1,2,3": [(1, "count"), (2, "count"), (3, "count")],
    "+223 20 22 33 44": [((None, None), None)],
    "10.20.30.40": [((None, None), None)],
    "on 05/01/2025": [((None, None), None)],
    "the million people": [(1e6, "count")],
    "killed 2000 people": [(2000, "count")],
    "in 2024": [],
}
FRENCH = {
    "un quart d'heure": [(0.25, "hour")],
    "trois heures et quart": [(3.25, "hour")],
    "une tonne et demie": [(1.5, "tonne")],
    "le litre cède un cinquième depuis mai": [(20, "percent")],
    "26 milliards 700 millions de francs": [(26.7e9, "XOF")],
    "sept usines sur dix-huit": [(7, "count"), (18, "count")],
    "quatre fois autant": [(4, "ratio")],
    "le prix oscille de 400 à 600 francs": [((400, 600), "XOF")],
    "1 500 hommes": [(1500, "count")],
    "1.500 hommes": [(1500, "count")],
    "1\u202f500 hommes": [(1500, "count")],
    "1,5 km": [(1.5, "km")],
    "3.5 km": [(3.5, "km")],
    "12 345,6 litres": [(12345.6, "litre")],
    "34 milliards": [(34e9, "count")],
    "1,5 Md FCFA": [(1.5e9, "XOF")],
    "34 milliards de francs CFA": [(34e9, "XOF")],
    "50 millions de dollars": [(50e6, "USD")],
    "775 F CFA": [(775, "XOF")],
    "775F le litre": [(775, "XOF_per_litre")],
    "2 000 FCFA/l": [(2000, "XOF_per_litre")],
    "le litre à 775 FCFA": [(775, "XOF_per_litre")],
    "1 500 litres par jour": [(1500, "litre_per_day")],
    "200 camions par jour": [(200, "count_per_day")],
    "six convois par semaine": [(6, "count_per_week")],
    "40 kg d'or par an": [(40, "kg_per_year")],
    "une vingtaine de camions": [(20, "count")],
    "une douzaine": [(12, "count")],
    "des dizaines de camions": [((20, None), "count")],
    "plusieurs centaines": [((200, None), "count")],
    "des dizaines de milliers de gens": [((20000, None), "count")],
    "des milliers": [((2000, None), "count")],
    "un millier de camions": [(1000, "count")],
    "quatre-vingt-dix-sept": [(97, "count")],
    "soixante et onze": [(71, "count")],
    "vingt et un": [(21, "count")],
    "mille": [(1000, "count")],
    "deux millions cinq cent mille litres": [(2.5e6, "litre")],
    "deuxième ville": [(2, "rank")],
    "le 3e convoi": [(3, "rank")],
    "un tiers des terres": [(33.3, "percent")],
    "deux tiers": [(66.7, "percent")],
    "trois quarts": [(75, "percent")],
    "la moitié des camions": [(50, "percent")],
    "un sur cinq": [(20, "percent")],
    "le double": [(2, "ratio")],
    "les prix ont triplé": [(3, "ratio")],
    "trois fois plus": [(3, "ratio")],
    "20 %": [(20, "percent")],
    "20 pour cent": [(20, "percent")],
    "5 points de pourcentage": [(5, "percent")],
    "entre 6 et 9 camions": [((6, 9), "count")],
    "de 6 à 9 camions": [((6, 9), "count")],
    "15 à 20 blessés": [((15, 20), "count")],
    "deux ou trois camions": [((2, 3), "count")],
    "passé de 142 à 750 attaques": [(142, "count"), (750, "count")],
    "un seul camion": [(1, "count")],
    "un camion entier": [(1, "count")],
    "pendant un an": [(1, "years")],
    "un homme est venu": [],
    "l'un des chefs": [],
    "depuis 10 ans": [(10, "years")],
    "il a 43 ans": [(43, "years")],
    "G5 Sahel, RN16, AK-47": [],
    "19 h par jour": [(19, "hour")],
    "à 14h30": [],
    "un camion neuf": [],
    "un groupe de sept.": [(7, "count")],
    "neuf camions": [(9, "count")],
    "20 000 km²": [(20000, "km2")],
    "3 tonnes de riz": [(3, "tonne")],
    "deux ans et demi": [(2.5, "years")],
    "en 2024": [],
}


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_english_numbers(text, expected):
    assert short(text, "en") == expected


@pytest.mark.parametrize(("text", "expected"), FRENCH.items())
def test_french_numbers(text, expected):
    assert short(text, "fr") == expected


def test_of_other_languages_only_digits_are_read():
    assert short("tausend 20 zwei, 1.500", "de") == [
        (20, "count"),
        ((None, None), None),
    ]


HEDGES = [
    ("en", "more than 50 men", 50, 50, None, "more than"),
    ("en", "over 50 men", 50, 50, None, "over"),
    ("en", "at least 50 men", 50, 50, None, "at least"),
    ("en", "up to 50 men", 50, None, 50, "up to"),
    ("en", "at most 50 men", 50, None, 50, "at most"),
    ("en", "nearly 50 men", 50, None, 50, "nearly"),
    ("en", "close to 50 men", 50, None, 50, "close to"),
    ("en", "almost 50 men", 50, None, 50, "almost"),
    ("en", "under 50 men", 50, None, 50, "under"),
    ("en", "fewer than 50 men", 50, None, 50, "fewer than"),
    ("en", "no more than 50 men", 50, None, 50, "no more than"),
    ("en", "about 50 men", 50, None, None, "about"),
    ("en", "around 50 men", 50, None, None, "around"),
    ("en", "some 50 men", 50, None, None, "some"),
    ("en", "an estimated 50 men", 50, None, None, "an estimated"),
    ("en", "reportedly more than 50", 50, 50, None, "reportedly more than"),
    ("en", "50 men were reportedly killed", 50, None, None, "reportedly"),
    ("en", "50 or more", 50, 50, None, "or more"),
    ("en", "over $50", 50, 50, None, "over"),
    ("en", "more than a dozen", 12, 12, None, "more than"),
    ("fr", "plus de 50 hommes", 50, 50, None, "plus de"),
    ("fr", "au moins 50 hommes", 50, 50, None, "au moins"),
    ("fr", "près de 50 hommes", 50, None, 50, "près de"),
    ("fr", "environ 50 hommes", 50, None, None, "environ"),
    ("fr", "quelque 50 hommes", 50, None, None, "quelque"),
    ("fr", "jusqu'à 50 hommes", 50, None, 50, "jusqu'à"),
    ("fr", "moins de 50 hommes", 50, None, 50, "moins de"),
    ("fr", "presque 50 hommes", 50, None, 50, "presque"),
    ("fr", "plus d'une vingtaine", 20, 20, None, "plus d'"),
    ("fr", "50 hommes au moins", 50, 50, None, "au moins"),
    ("fr", "une vingtaine d'hommes", 20, None, None, "une vingtaine"),
    ("fr", "le total avoisine 50 hommes", 50, None, 50, "avoisine"),
    ("fr", "50 hommes, tout au plus", 50, None, 50, "tout au plus"),
    ("en", "fifty-odd men", 50, None, None, "-odd"),
    ("en", "barely 50 men", 50, None, 50, "barely"),
    ("en", "50 men on average", 50, None, None, "on average"),
]


@pytest.mark.parametrize(("language", "text", "value", "low", "high", "hedge"), HEDGES)
def test_a_hedge_leaves_a_range_open(language, text, value, low, high, hedge):
    (found,) = mentions(text, language)
    assert (found.value, found.low, found.high) == (value, low, high)
    assert found.hedge == hedge


KINDS = [
    ("en", "prices increased by 400%", "change", None, None),
    ("en", "up 30 % on the week before", "change", None, "the week before"),
    ("en", "a 30% increase", "change", None, None),
    ("en", "a rise of 30 percent", "change", None, None),
    ("en", "fell to 20 % of normal", "share", "normal", "normal"),
    (
        "en",
        "8 percent of rebel violence occurring there",
        "share",
        "rebel violence",
        "",
    ),
    ("en", "more than 50% of the world's wars", "share", "world's wars", ""),
    ("en", "double the number of attacks", "ratio", "attacks", None),
    ("en", "the second-largest city", "rank", "largest city", None),
    ("en", "25 tanker trucks burned", "amount", "tanker trucks", None),
    ("en", "3 of the drivers", "amount", "drivers", None),
    ("en", "five preexisting armed groups of the north", "amount", "", None),
    ("en", "40 kg of gold a year", "amount", "gold", None),
    ("fr", "une hausse de 30 % par rapport à mai", "change", None, "mai"),
    ("fr", "30 % de plus", "change", None, None),
    ("fr", "20 % du territoire", "share", "territoire", "territoire"),
    ("fr", "45 militaires tués", "amount", "militaires tués", None),
    ("fr", "82 camions-citernes", "amount", "camions-citernes", None),
    ("fr", "4 millions d'habitants", "amount", "habitants", None),
]


@pytest.mark.parametrize(("language", "text", "kind", "noun", "base"), KINDS)
def test_kind_noun_and_base(language, text, kind, noun, base):
    (found,) = mentions(text, language)
    assert found.kind == kind
    if noun:
        assert text[found.noun_start : found.noun_end] == noun
    if base:
        assert found.base == base


# Laws


def spelled_english(number):
    ones = {int(v["unit"]): w for w, v in word_values("en").items() if "unit" in v}
    tens = {int(v["ten"]): w for w, v in word_values("en").items() if "ten" in v}
    tens[40] = "forty"
    if number < 20:
        return ones[number]
    if number < 100:
        rest = number % 10
        return tens[number - rest] + (f"-{ones[rest]}" if rest else "")
    if number < 1000:
        rest = number % 100
        tail = f" and {spelled_english(rest)}" if rest else ""
        return f"{ones[number // 100]} hundred{tail}"
    rest = number % 1000
    joint = " and " if 0 < rest < 100 else " "
    tail = f"{joint}{spelled_english(rest)}" if rest else ""
    return f"{spelled_english(number // 1000)} thousand{tail}"


FRENCH_ONES = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"}


def french_below_hundred(number):
    if number < 20:
        return FRENCH_ONES[number]
    if number >= 80:
        rest = number - 80
        return f"quatre-vingt-{FRENCH_ONES[rest]}" if rest else "quatre-vingts"
    ten = 60 if number >= 60 else number - number % 10
    word = "soixante" if ten == 60 else FRENCH_TENS[ten]
    rest = number - ten
    if rest == 0:
        return word
    return (
        f"{word} et {FRENCH_ONES[rest]}"
        if rest in (1, 11)
        else (f"{word}-{FRENCH_ONES[rest]}")
    )


def spelled_french(number):
    if number < 100:
        return french_below_hundred(number)
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{FRENCH_ONES[hundreds]} cent"
        return f"{head} {french_below_hundred(rest)}" if rest else head
    thousands, rest = divmod(number, 1000)
    head = "mille" if thousands == 1 else f"{spelled_french(thousands)} mille"
    return f"{head} {spelled_french(rest)}" if rest else head


@given(st.integers(0, 999_999))
def test_spelled_numbers_are_read_back(number):
    for language, spell in (("en", spelled_english), ("fr", spelled_french)):
        text = spell(number)
        parted = tokens(text, 0, len(text))
        assert read_cardinal(parted, 0, language) == (number, len(parted)), text


def test_every_spelled_number_below_two_thousand_is_read_back():
    for language, spell in (("en", spelled_english), ("fr", spelled_french)):
        for number in range(2000):
            text = spell(number)
            parted = tokens(text, 0, len(text))
            assert read_cardinal(parted, 0, language) == (number, len(parted)), text


def grouped(number, mark):
    return f"{number:,}".replace(",", mark)


STYLES = {
    "en": [(",", "."), (" ", "."), ("\u202f", "."), ("\u2019", ".")],
    "fr": [(" ", ","), (".", ","), ("\u00a0", ","), ("\u202f", ","), ("'", ",")],
}
AROUND = {
    "en": [("{}", "count"), ("${}", "USD"), ("{} litres", "litre"), ("€ {}", "EUR")],
    "fr": [
        ("{}", "count"),
        ("{} €", "EUR"),
        ("{} litres", "litre"),
        ("{} FCFA", "XOF"),
    ],
}


@given(
    st.sampled_from(["en", "fr"]),
    st.integers(0, 10**12),
    st.integers(0, 99),
    st.data(),
)
def test_numbers_in_every_style_are_read_back(language, whole, cents, data):
    thousands, point = data.draw(st.sampled_from(STYLES[language]))
    frame, unit = data.draw(st.sampled_from(AROUND[language]))
    decimals = f"{point}{cents:02d}" if cents else ""
    text = frame.format(grouped(whole, thousands) + decimals)
    (found,) = mentions(f"sold {text} today", language)
    assert found.value == pytest.approx(whole + cents / 100, rel=1e-12)
    assert found.unit == unit


@given(st.sampled_from(["en", "fr"]), st.integers(1, 999), st.data())
def test_scales_multiply(language, number, data):
    words = {
        "en": {"thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9},
        "fr": {"mille": 1e3, "millions": 1e6, "milliards": 1e9, "Md": 1e9},
    }[language]
    word = data.draw(st.sampled_from(sorted(words)))
    space = "" if word in ("m", "bn") else " "
    (found,) = mentions(f"{number}{space}{word} €", language)
    assert found.value == number * words[word]


PIECES = st.sampled_from(
    [
        "12", "1,500", "1 500", "3.5", "2024", "in 2024", "the 2020s", "$", "€", "%",
        "million", "two", "twenty-five", "dozen", "hundreds of", "half", "a third of",
        "double", "between", "and", "to", "-", "from", "per day", "a litre", "trucks",
        "men", ",", ".", "(", ")", "/", "AK-47", "T-55", "12h30", "September", "5 May",
        "last year", "4 years ago", "over", "about", "the", "of", "by", "more", "'",
        "05/01/2025", "10.20.30", "1er", "7th", "deux", "mille", "cent", "quatre",
        "vingt", "milliards", "tiers", "ans", "FCFA", "le litre", "plus de", "à", "et",
        "une vingtaine de", "depuis", "mai", "x", "²", "½", "٣", "0", "00", "…", "[3]",
    ]
)  # fmt: skip
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " "])), max_size=12).map(
    lambda parts: "".join(word + space for word, space in parts)
)
LANGUAGES = st.sampled_from(["en", "fr", "de"])


@given(TEXTS, LANGUAGES)
def test_spans_are_ordered_disjoint_and_inside(text, language):
    for span in split_sentences(text):
        for found in (
            find_mentions(text, span, language),
            find_times(text, span, language, ANCHOR),
        ):
            place = span.start
            for item in found:
                assert place <= item.start < item.end <= span.end
                place = item.end
        for item in find_mentions(text, span, language):
            if item.noun_start is not None:
                assert span.start <= item.noun_start < item.noun_end <= span.end
            if item.kind != "unknown":
                assert item.unit is not None
                assert (item.value, item.low, item.high) != (None, None, None)


def in_a_name(text, start, end):
    """Tell whether digits are part of a name, a list mark or a footnote mark."""
    before = text[max(0, start - 1) : start]
    after = text[end : end + 1]
    return (
        before.isalpha()
        or after.isalpha()
        or before in "-\u2013_[(#°/"
        or after in ")]."
    )


@given(TEXTS, LANGUAGES)
def test_no_digits_outside_names_are_left_out(text, language):
    for span in split_sentences(text):
        spans = taken_spans(text, span, language, ANCHOR)
        spans += [(m.start, m.end) for m in find_mentions(text, span, language)]
        for run in re.compile(r"\d+").finditer(text, *span):
            if any(first < run.end() and run.start() < last for first, last in spans):
                continue
            assert in_a_name(text, *run.span()), (text, run)


NUMBER_WORDS = sorted(
    (row["language"], row["written"])
    for row in table("number_words")
    if row["class"] in ("unit", "ten", "hundred", "thousand", "vague")
    and row["written"] not in ("un", "une", "one", "neuf", "zéro", "zero")
)


@given(
    st.sampled_from(NUMBER_WORDS),
    st.sampled_from(["", "the ", "les ", "about ", "and ", "with ", "de "]),
    st.sampled_from(["", " trucks", " camions", ".", ", so", " and more"]),
)
def test_no_number_word_is_left_out(word, before, after):
    language, written = word
    text = f"{before}{written}{after}"
    place = len(before)
    assert any(m.start <= place < m.end for m in mentions(text, language)), text


@given(st.text(max_size=200), LANGUAGES)
def test_any_text_is_read_without_a_fault(text, language):
    for span in split_sentences(text):
        find_mentions(text, span, language)
        find_mentions(text, span, language, Anchor(None, None, ANCHOR.latest))
        find_times(text, span, language, ANCHOR)


# Sentences

SENTENCES = {
    "One. Two.": ["One.", "Two."],
    "Dr. A met Gen. B. He left.": ["Dr. A met Gen. B.", "He left."],
    "The U.S. envoy came. It rained.": ["The U.S. envoy came.", "It rained."],
    "It cost 1.500 francs. Then 3.5 more.": ["It cost 1.500 francs.", "Then 3.5 more."],
    "He left.She stayed.": ["He left.", "She stayed."],
    "“Stop.” He left.": ["“Stop.”", "He left."],
    "« Non. » Il part.": ["« Non. »", "Il part."],
    "Le M. X, p.ex. hier, part. Bien.": ["Le M. X, p.ex. hier, part.", "Bien."],
    "approx. 5 men came. No. 7 left.": ["approx. 5 men came.", "No. 7 left."],
    "Heading\n\n- one. Two\n1. Three": ["Heading", "- one.", "Two", "1. Three"],
    "Why? Because! Yes…": ["Why?", "Because!", "Yes…"],
    "See www.site.Org now. End.": ["See www.site.Org now.", "End."],
    "In St. X, at 6 a.m. on Monday, it rained.": [
        "In St. X, at 6 a.m. on Monday, it rained."
    ],
    "It ended on Sept. 14. Then rain.": ["It ended on Sept. 14.", "Then rain."],
    "He spoke.[4] She left.": ["He spoke.[4]", "She left."],
    " \n ": [],
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_sentences(text, expected):
    assert [text[first:last] for first, last in split_sentences(text)] == expected


@given(st.text(alphabet='aB. \n"\u2019»1,!?…M-[]', max_size=60))
def test_every_visible_character_is_in_one_sentence(text):
    place = 0
    for first, last in split_sentences(text):
        assert text[place:first].strip() == ""
        assert first < last
        place = last
    assert text[place:].strip() == ""


HOSTILE = {
    "digits": "1" * 100_000,
    "spaces": " " * 100_000,
    "gap": "a" + " " * 100_000 + "b",
    "commas": "1," * 50_000,
    "groups": "111," * 25_000,
    "stops": "a." * 50_000,
    "words": "one " * 20_000,
    "ranges": "1 to " * 15_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_has_no_end_is_cut_into_sentences(name):
    text = HOSTILE[name]
    spans = split_sentences(text)
    assert all(0 < span.end - span.start <= LONGEST for span in spans)
    kept = sum(len(text[first:last].split()) for first, last in spans)
    assert kept >= len(text.split())
