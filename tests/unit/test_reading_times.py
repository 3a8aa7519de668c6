"""Times of made-up sentences, English and French, placed from the day of the text."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.evidence.reading.sentences import Span
from supplyline.evidence.reading.times import Anchor, find_times, taken_spans

LATEST = date(2025, 12, 31)
ANCHOR = Anchor(date(2025, 10, 29), "day", LATEST)
"""A Wednesday."""


def times(text, language="en", anchor=ANCHOR):
    return find_times(text, Span(0, len(text)), language, anchor)


def short(text, language, anchor=ANCHOR):
    return [
        (f"{found.first:%Y%m%d}-{found.last:%Y%m%d}", found.precision)
        for found in times(text, language, anchor)
    ]


def day(text):
    return [(f"{text}-{text}", "day")]


ENGLISH = {
    "on the 9th, he left": day("20251009"),
    "Friday the 17th.": day("20251017"),
    "from the 2nd to the 8th": [("20251002-20251008", "span")],
    "before August he sold": [("20250101-20250731", "span")],
    "has been dark for twelve days": [("20251018-20251029", "span")],
    "the same month of 2024": [("20241001-20241031", "month")],
    "a year ago": [("20241001-20241031", "month")],
    "by next June": [("20260601-20260630", "month")],
    "in May and June": [("20250501-20250630", "span")],
    "week 41": [("20251006-20251012", "week")],
    "week 41 of 2024": [("20241007-20241013", "week")],
    "the week ending 12 October": [("20251006-20251012", "span")],
    "the week of 6 October": [("20251006-20251012", "week")],
    "the three months to September": [("20250701-20250930", "span")],
    "the second week of October": [("20251008-20251014", "span")],
    "the last week of September": [("20250924-20250930", "span")],
    "the second half of September": [("20250916-20250930", "span")],
    "29 September to 5 October 2025": [("20250929-20251005", "span")],
    "6, 7 and 8 October": [("20251006-20251008", "span")],
    "on Saturday and Sunday": [("20251025-20251026", "span")],
    "since the beginning of the month": [("20251001-20251029", "span")],
    "since the blockade began in September": [("20250901-20251029", "month")],
    "the past 48 hours": [("20251027-20251029", "span")],
    "in the third quarter": [("20250701-20250930", "quarter")],
    "in Q3": [("20250701-20250930", "quarter")],
    "Q3: how strong are they?": [],
    "last summer": [("20250601-20250831", "span")],
    "by the end of September": [("20250921-20250930", "span")],
    "by December": [("20251201-20251231", "month")],
    "In March 2025, two days later": [
        ("20250301-20250331", "month"),
        ("20250402-20250402", "day"),
    ],
    "In May 2023, and a year earlier": [
        ("20230501-20230531", "month"),
        ("20220501-20220531", "month"),
    ],
    "On the 5th of January, they left": day("20250105"),
    "July 6, 2024": day("20240706"),
    "6 July 2024": day("20240706"),
    "July 6th 2024": day("20240706"),
    "Monday, 5 May 2025": day("20250505"),
    "Monday, May 5, 2025": day("20250505"),
    "on Sept. 14": day("20250914"),
    "2025-09-03": day("20250903"),
    "25/12/2024": day("20241225"),
    "12/25/2024": day("20241225"),
    "05/01/2025": [],
    "29 February 2023": [],
    "on November 9": day("20241109"),
    "until 9 November": day("20251109"),
    "6-8 July 2024": [("20240706-20240708", "span")],
    "July 6-8, 2024": [("20240706-20240708", "span")],
    "between 3 and 7 September": [("20250903-20250907", "span")],
    "from 3 September to 5 October": [("20250903-20251005", "span")],
    "May 2025": [("20250501-20250531", "month")],
    "earlier this May": [("20250501-20250531", "month")],
    "in May": [("20250501-20250531", "month")],
    "in November": [("20241101-20241130", "month")],
    "in October": [("20251001-20251031", "month")],
    "they may leave": [],
    "they march on": [],
    "since September": [("20250901-20251029", "month")],
    "until December": [("20251201-20251231", "month")],
    "in October of last year": [("20241001-20241031", "month")],
    "early September": [("20250901-20250910", "span")],
    "mid-October": [("20251011-20251020", "span")],
    "late September 2024": [("20240921-20240930", "span")],
    "at the end of June 2024": [("20240621-20240630", "span")],
    "between January and October of this year": [("20250101-20251031", "span")],
    "from September to November": [("20250901-20251130", "span")],
    "from November 2023 to February 2024": [("20231101-20240229", "span")],
    "from November to February 2024": [("20231101-20240229", "span")],
    "between 2019 and 2023": [("20190101-20231231", "span")],
    "2020-2021": [("20200101-20211231", "span")],
    "in 2023-24": [("20230101-20241231", "span")],
    "2023/24": [("20230101-20241231", "span")],
    "the 2010s": [("20100101-20191231", "span")],
    "in the early 1990s": [("19900101-19931231", "span")],
    "the 19th century": [("18010101-19001231", "span")],
    "H1 2025": [("20250101-20250630", "half_year")],
    "the first half of 2025": [("20250101-20250630", "half_year")],
    "the second half of last year": [("20240701-20241231", "half_year")],
    "Q3 2024": [("20240701-20240930", "quarter")],
    "the first quarter of 2025": [("20250101-20250331", "quarter")],
    "the first six months of 2025": [("20250101-20250630", "span")],
    "in 2024": [("20240101-20241231", "year")],
    "as of 2024": [("20240101-20241231", "year")],
    "the 2025 siege": [("20250101-20251231", "year")],
    "set for 2025 till 2030": [
        ("20250101-20251231", "year"),
        ("20300101-20301231", "year"),
    ],
    "since 2013": [("20130101-20251029", "year")],
    "until 2030": [("20300101-20301231", "year")],
    "mid-2024": [("20240501-20240831", "span")],
    "late 2024": [("20240901-20241231", "span")],
    "last year": [("20240101-20241231", "year")],
    "this year": [("20250101-20251031", "year")],
    "next year": [("20260101-20261231", "year")],
    "late last year": [("20240901-20241231", "span")],
    "last month": [("20250901-20250930", "month")],
    "this month": [("20251001-20251031", "month")],
    "over the weekend": [("20251025-20251026", "span")],
    "by end-October": [("20251021-20251031", "span")],
    "on 14 Sept. 2024": day("20240914"),
    "last week": [("20251020-20251026", "week")],
    "this week": [("20251027-20251029", "week")],
    "today": day("20251029"),
    "yesterday": day("20251028"),
    "on Friday": day("20251024"),
    "on Wednesday": day("20251029"),
    "last Wednesday": day("20251022"),
    "next Friday": day("20251031"),
    "two weeks ago": [("20251013-20251019", "week")],
    "three days ago": day("20251026"),
    "nearly 4 years ago": [("20210101-20211231", "year")],
    "over the past 12 months": [("20241030-20251029", "span")],
    "over the past year": [("20241030-20251029", "span")],
    "in recent years": [("20201030-20251029", "inferred")],
    "in recent months": [("20250429-20251029", "inferred")],
    "the same period last year": [("20240101-20241031", "span")],
    "in the first half of 2025, twice the same six-month period last year": [
        ("20250101-20250630", "half_year"),
        ("20240101-20240630", "half_year"),
    ],
    "at 14:30": [],
    "killed 2000 people": [],
    "about 2000 men": [],
    "2000 km": [],
    "$2000": [],
}
FRENCH = {
    "parti le 9 avec": day("20251009"),
    "le lundi 20, trois": day("20251020"),
    "la semaine du 20 au 26 ;": [("20251020-20251026", "span")],
    "depuis le 1er du mois": [("20251001-20251029", "day")],
    "avant septembre, deux": [("20250101-20250831", "span")],
    "depuis trois semaines": [("20251009-20251029", "span")],
    "voilà vingt-trois jours que": [("20251007-20251029", "span")],
    "à pareille époque l'an passé": [("20241001-20241031", "month")],
    "entre jeudi et mardi": [("20251023-20251028", "span")],
    "en juin prochain": [("20260601-20260630", "month")],
    "semaine 41": [("20251006-20251012", "week")],
    "semaine du lundi 6 octobre": [("20251006-20251012", "week")],
    "la première quinzaine d'octobre": [("20251001-20251015", "span")],
    "la dernière semaine de septembre": [("20250924-20250930", "span")],
    "depuis le début du mois": [("20251001-20251029", "span")],
    "depuis le début du blocus, en septembre": [("20250901-20251029", "month")],
    "ces dernières 24 heures": [("20251028-20251029", "span")],
    "la semaine écoulée": [("20251023-20251029", "span")],
    "les deux semaines écoulées": [("20251016-20251029", "span")],
    "les 6, 7 et 8 octobre": [("20251006-20251008", "span")],
    "au T3": [("20250701-20250930", "quarter")],
    "l'été dernier": [("20250601-20250831", "span")],
    "il y a une dizaine de jours": [("20251019-20251019", "day")],
    "Le 14 octobre, la veille": [
        ("20251014-20251014", "day"),
        ("20251013-20251013", "day"),
    ],
    "le 3 septembre 2025": day("20250903"),
    "le 1er octobre": day("20251001"),
    "lundi 5 mai 2025": day("20250505"),
    "05/01/2025": day("20250105"),
    "du 3 au 7 septembre 2025": [("20250903-20250907", "span")],
    "ce week-end": [("20251025-20251026", "span")],
    "le 14 sept. 2024": day("20240914"),
    "courant novembre 2024": [("20241101-20241130", "month")],
    "en mai": [("20250501-20250531", "month")],
    "en mars 2024": [("20240301-20240331", "month")],
    "en septembre dernier": [("20250901-20250930", "month")],
    "depuis septembre": [("20250901-20251029", "month")],
    "depuis le 3 septembre": [("20250903-20251029", "day")],
    "début septembre": [("20250901-20250910", "span")],
    "mi-septembre": [("20250911-20250920", "span")],
    "fin octobre": [("20251021-20251031", "span")],
    "à la fin du mois de juin 2024": [("20240621-20240630", "span")],
    "de septembre à novembre 2024": [("20240901-20241130", "span")],
    "entre janvier et octobre de cette année": [("20250101-20251031", "span")],
    "premier semestre 2025": [("20250101-20250630", "half_year")],
    "au troisième trimestre 2024": [("20240701-20240930", "quarter")],
    "T1 2025": [("20250101-20250331", "quarter")],
    "S1 2025": [("20250101-20250630", "half_year")],
    "les six premiers mois de l'année": [("20250101-20250630", "span")],
    "en 2024": [("20240101-20241231", "year")],
    "depuis 2013": [("20130101-20251029", "year")],
    "jusqu'en 2030": [("20300101-20301231", "year")],
    "entre 2019 et 2023": [("20190101-20231231", "span")],
    "les années 2010": [("20100101-20191231", "span")],
    "les années 90": [("19900101-19991231", "span")],
    "l'an dernier": [("20240101-20241231", "year")],
    "l\u2019année dernière": [("20240101-20241231", "year")],
    "cette année": [("20250101-20251031", "year")],
    "le mois dernier": [("20250901-20250930", "month")],
    "la semaine dernière": [("20251020-20251026", "week")],
    "hier": day("20251028"),
    "aujourd'hui": day("20251029"),
    "lundi": day("20251027"),
    "mercredi dernier": day("20251022"),
    "il y a deux ans": [("20230101-20231231", "year")],
    "il y a trois jours": day("20251026"),
    "ces douze derniers mois": [("20241030-20251029", "span")],
    "ces dernières années": [("20201030-20251029", "inferred")],
    "la même période de l'année dernière": [("20240101-20241031", "span")],
    "à 14h30": [],
    "vers 19 h": [],
    "2000 hommes": [],
    "les sept hommes": [],
}


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_english_times(text, expected):
    assert short(text, "en") == expected


@pytest.mark.parametrize(("text", "expected"), FRENCH.items())
def test_french_times(text, expected):
    assert short(text, "fr") == expected


@pytest.mark.parametrize(
    ("text", "language", "since", "until", "relative"),
    [
        ("since 2013", "en", True, False, False),
        ("since early September", "en", True, False, True),
        ("depuis le 3 septembre 2025", "fr", True, False, False),
        ("until 2030", "en", False, True, False),
        ("jusqu'en 2030", "fr", False, True, False),
        ("last year", "en", False, False, True),
        ("in May 2025", "en", False, False, False),
        ("from 2019 to 2023", "en", False, False, False),
    ],
)
def test_flags(text, language, since, until, relative):
    (found,) = times(text, language)
    assert (found.is_since, found.is_until) == (since, until)
    assert found.is_relative == relative


RELATIVE = ["yesterday", "in May", "last year", "two weeks ago", "on Friday", "5 May"]


@pytest.mark.parametrize("text", RELATIVE)
def test_without_the_day_of_the_text_nothing_relative_is_placed(text):
    assert times(text, "en", Anchor(None, None, LATEST)) == []


def test_a_day_is_not_counted_from_a_month():
    month = Anchor(date(2025, 10, 31), "month", LATEST)
    assert times("yesterday, last week, on Friday", "en", month) == []
    assert short("last month", "en", month) == [("20250901-20250930", "month")]
    year = Anchor(date(2025, 12, 31), "year", LATEST)
    assert times("last month", "en", year) == []
    assert short("last year", "en", year) == [("20240101-20241231", "year")]


def test_since_ends_on_the_latest_day_where_the_text_has_none():
    (found,) = times("since 2013", "en", Anchor(None, None, LATEST))
    assert found.last == LATEST


def test_times_of_day_and_counts_back_take_their_numbers_differently():
    text = "at 14:30, four years ago"
    taken = taken_spans(text, Span(0, len(text)), "en", ANCHOR)
    assert [text[first:last] for first, last in taken] == ["14:30"]


DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))
ISO = "{y}-{n:02d}-{d:02d}"
FORMATS = {
    "en": [
        "{d} {m} {y}",
        "{m} {d}, {y}",
        "the {d}th of {m} {y}",
        "{y}-{n:02d}-{d:02d}",
    ],
    "fr": ["{d} {m} {y}", "le {d} {m} {y}", "{d:02d}/{n:02d}/{y}"],
}
MONTHS = {
    "en": "January February March April May June July August September October "
    "November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre "
    "novembre décembre",
}


@given(DAYS, st.sampled_from(["en", "fr"]), st.data())
def test_full_dates_in_every_order_are_read_back(then, language, data):
    frame = data.draw(st.sampled_from(FORMATS[language]))
    month = MONTHS[language].split()[then.month - 1]
    text = frame.format(d=then.day, m=month, y=then.year, n=then.month)
    (found,) = times(f"It began {text}.", language)
    assert (found.first, found.last, found.precision) == (then, then, "day")


@given(DAYS, st.sampled_from(sorted(ENGLISH)), st.sampled_from(sorted(FRENCH)))
def test_periods_run_forward_from_any_day(published, english, french):
    anchor = Anchor(published, "day", published)
    for text, language in ((english, "en"), (french, "fr")):
        for found in times(text, language, anchor):
            assert found.first <= found.last


@given(DAYS, st.sampled_from(MONTHS["en"].split()))
def test_a_month_without_a_year_has_begun_and_is_the_nearest(published, month):
    (found,) = times(f"in {month}", "en", Anchor(published, "day", published))
    assert found.first <= published
    assert published - found.first < timedelta(days=366)


@given(DAYS, st.integers(0, 6))
def test_a_weekday_lies_in_the_week_before(published, weekday):
    name = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ][weekday]
    (found,) = times(f"on {name}", "en", Anchor(published, "day", published))
    assert found.first.weekday() == weekday
    assert 0 <= (published - found.first).days <= 6


def test_the_stop_of_a_sentence_is_no_part_of_a_month():
    text = "It fell in August."
    (found,) = times(text)
    assert text[found.start : found.end] == "August"
