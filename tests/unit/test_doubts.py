"""Each rule of doubt on two made-up countries, and on texts that give no reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_doubts import (
    actors,
    article,
    candidate,
    claim,
    claims,
    control,
    doubts,
    known,
    market,
    number,
    people,
    places,
    regions,
)
from supplyline.evidence.doubts.find import RULES, find_doubts
from supplyline.evidence.doubts.word_lists import fold

COCOA = market(
    ("cocoa", 2024, 6000, 8000, "USD_per_tonne"),
    ("cocoa", 2019, 2200, 2500, "USD_per_tonne"),
    ("milk", 2025, 0.4, 0.5, "EUR_per_litre"),
)
IN_2024 = {"start": date(2024, 1, 1), "end": date(2024, 12, 31)}


# --- money and goods


@pytest.mark.parametrize(
    ("text", "goods", "money", "is_doubted"),
    [
        (
            "Farms of Orvana grew 300 tonnes of cocoa worth $700,000.",
            number("300", "tonne", "cocoa_grown", **IN_2024),
            number("700,000", "USD", "cocoa_value", **IN_2024),
            True,
        ),
        (
            "Farms of Orvana grew 300 tonnes of cocoa worth $2,100,000.",
            number("300", "tonne", "cocoa_grown", **IN_2024),
            number("2,100,000", "USD", "cocoa_value", **IN_2024),
            False,
        ),
        (
            "Tessaly sells 1000 hectolitres of milk a year. It is worth 4000 euros.",
            number("1000", "hl", "milk_sold"),
            number("4000", "EUR", "milk_value"),
            True,
        ),
        (
            "Tessaly sells 1000 hectolitres of milk a year. It is worth 45000 euros.",
            number("1000", "hl", "milk_sold"),
            number("45000", "EUR", "milk_value"),
            False,
        ),
        (
            "Orvana mined 300 tonnes of salt worth $700,000.",  # no price is known
            number("300", "tonne", "salt_mined", **IN_2024),
            number("700,000", "USD", "salt_value", **IN_2024),
            False,
        ),
    ],
)
def test_an_implied_price_is_held_against_the_market(text, goods, money, is_doubted):
    found = doubts(text, [goods, money], "implied_price", market=COCOA)
    assert found == [("implied_price", money["written"])] * is_doubted


def test_the_year_that_an_implied_price_fits_is_named():
    text = "Orvana grew 300 tonnes of cocoa worth $700,000."
    read = [
        candidate(text, written="300", unit="tonne", name="goods", **IN_2024),
        candidate(text, written="700,000", unit="USD", name="money", **IN_2024),
    ]
    (doubt,) = find_doubts(article(text), read, known(market=COCOA))
    assert "it was so in 2019" in doubt.text
    assert doubt.against == ("market.csv cocoa/2024", "goods")


@pytest.mark.parametrize(
    ("text", "total", "is_doubted"),
    [
        (
            "They sold 200 tonnes at 50 euros a tonne for 100000 euros.",
            "100000",
            1,
        ),
        ("They sold 200 tonnes at 50 euros a tonne for 10000 euros.", "10000", 0),
    ],
)
def test_amount_times_price_makes_the_total(text, total, is_doubted):
    numbers = [
        number("200", "tonne"),
        number("50", "EUR_per_tonne"),
        number(total, "EUR"),
    ]
    assert len(doubts(text, numbers, "product_differs")) == is_doubted
    # the same in another unit and currency
    text = f"Orvana sells 200 kilolitres of oil: 0.05 dollars a litre, {total} dollars."
    numbers = [
        number("200", "kl"),
        number("0.05", "USD_per_litre"),
        number(total, "USD"),
    ]
    assert len(doubts(text, numbers, "product_differs")) == is_doubted


# --- parts and wholes


@pytest.mark.parametrize(
    ("text", "language", "whole", "part", "is_doubted"),
    [
        ("The flood hit 25 schools, including 30 in Lomir.", "en", "25", "30", True),
        ("The flood hit 25 schools, including 4 in Lomir.", "en", "25", "4", False),
        ("The flood hit 25 schools and 30 bridges.", "en", "25", "30", False),
        (
            "It hit 25 ports, including Lomir and all its 30 inns.",
            "en",
            "25",
            "30",
            False,
        ),
        ("On compte 60 navires, dont 80 chalutiers.", "fr", "60", "80", True),
        ("On compte 60 navires, dont 8 chalutiers.", "fr", "60", "8", False),
    ],
)
def test_a_part_cannot_exceed_its_whole(text, language, whole, part, is_doubted):
    numbers = [number(whole, "count"), number(part, "count")]
    found = doubts(text, numbers, "part_exceeds_whole", language=language)
    assert found == [("part_exceeds_whole", part)] * is_doubted


def test_more_than_leaves_a_whole_open():
    text = "The flood hit more than 25 schools, including 30 in Lomir."
    numbers = [number("25", "count", low=25.0), number("30", "count")]
    assert doubts(text, numbers, "part_exceeds_whole") == []


@pytest.mark.parametrize(
    ("text", "written", "is_doubted"),
    [
        ("Some 130 percent of the fields of Orvana are dry.", "130", True),
        ("Some 80 percent of the fields of Orvana are dry.", "80", False),
        ("Turnout in Tessaly reached 104 percent.", "104", True),
    ],
)
def test_a_share_is_part_of_a_whole(text, written, is_doubted):
    found = doubts(text, [number(written, "percent")], "share_over_hundred")
    assert len(found) == is_doubted


def test_a_rise_may_exceed_a_hundred_per_cent():
    text = "Prices in Tessaly rose by 400 percent."
    assert doubts(text, [number("400", "percent", kind="change")]) == []


@pytest.mark.parametrize(
    ("text", "first", "last", "is_doubted"),
    [
        (
            "Some 60 percent vote Blue and the rest, 55 percent, Red.",
            "60",
            "55",
            1,
        ),
        (
            "Some 60 percent vote Blue and the rest, 40 percent, Red.",
            "60",
            "40",
            0,
        ),
        ("In Orvana 60 percent vote and 55 percent read.", "60", "55", 0),
        ("Tessaly sends 70 percent by rail; the remaining 45 by road.", "70", "45", 1),
    ],
)
def test_shares_of_one_whole_sum_to_it(text, first, last, is_doubted):
    numbers = [number(first, "percent"), number(last, "percent")]
    assert len(doubts(text, numbers, "shares_exceed_whole")) == is_doubted


@pytest.mark.parametrize(
    ("text", "values", "unit", "language", "is_doubted"),
    [
        ("Births rose from 200 to 300, up 80 percent.", "200 300 80", "count", "en", 1),
        ("Births rose from 200 to 300, up 50 percent.", "200 300 50", "count", "en", 0),
        (
            "Il passe de 500 a 400, une baisse de 60 %.",
            "500 400 60",
            "EUR",
            "fr",
            1,
        ),
        (
            "Il passe de 500 a 400, une baisse de 20 %.",
            "500 400 20",
            "EUR",
            "fr",
            0,
        ),
    ],
)
def test_a_change_fits_what_it_leads_from_and_to(
    text, values, unit, language, is_doubted
):
    first, last, change = values.split()
    numbers = [
        number(first, unit),
        number(last, unit),
        number(change, "percent", kind="change"),
    ]
    assert len(doubts(text, numbers, "change_differs", language=language)) == is_doubted


# --- regions and their shares

AREAS = claims(
    claim("A1", "land region_area", "region:nord", 60, "km2", "2020 2021"),
    claim("A2", "land region_area", "region:sud", 30, "km2", "2020 2021"),
    claim("A3", "land region_area", "region:ost", 10, "km2", "2020 2021"),
    claim("P1", "folk region_population", "region:nord", 1e5, "count", "2020 2021"),
    claim("P2", "folk region_population", "region:sud", 9e5, "count", "2020 2021"),
)
PARTS = regions(
    ("nord", "Nordmark", "north", False),
    ("sud", "Sudmark", "south", False),
    ("ost", "Ostmark", "south", False),
)


@pytest.mark.parametrize(
    ("text", "share", "language", "is_doubted"),
    [
        ("Sudmark and Ostmark account for 10% of the land.", "10", "en", True),
        ("Sudmark and Ostmark account for 40% of the land.", "40", "en", False),
        ("Sudmark is dry. These areas cover 70% of the territory.", "70", "en", True),
        ("Sudmark is dry. Sheep cover 70% of the territory.", "70", "en", False),
        ("Drought struck 10% of the land of Sudmark.", "10", "en", False),
        ("Le Nordmark représente 50% de la population.", "50", "fr", True),
        ("Le Nordmark représente 10% de la population.", "10", "fr", False),
    ],
)
def test_a_share_is_that_of_the_regions_named(text, share, language, is_doubted):
    found = doubts(
        text,
        [number(share, "percent")],
        "share_of_regions",
        language=language,
        claims=AREAS,
        regions=PARTS,
    )
    assert len(found) == is_doubted


def test_the_share_of_all_regions_known_is_not_judged():
    text = "Nordmark and Sudmark represent 50% of the population."
    read = [number("50", "percent")]
    assert doubts(text, read, "share_of_regions", claims=AREAS, regions=PARTS) == []


# --- parties

PARTIES = actors(
    ("guild", "Salt Guild (SG)", None, "2010", "2020-03"),
    ("league", "Harbour League", None, "2018-05", None),
    ("corps", "Blue Corps", "league", "2021-02-01", "2024-08-15"),
)


@pytest.mark.parametrize(
    ("subject", "start", "end", "is_doubted"),
    [
        ("guild", date(2021, 1, 1), date(2021, 12, 31), True),
        ("guild", date(2020, 1, 1), date(2020, 12, 31), False),
        ("league", date(2015, 1, 1), date(2015, 12, 31), True),
        ("league", date(2025, 1, 1), date(2025, 5, 31), False),
        ("flood", date(1950, 1, 1), date(1950, 5, 31), False),
    ],
)
def test_a_party_does_nothing_outside_its_life(subject, start, end, is_doubted):
    read = [number("12", "count", subject=subject, start=start, end=end)]
    found = doubts("It held 12 fairs.", read, "outside_life", actors=PARTIES)
    assert len(found) == is_doubted


@pytest.mark.parametrize(
    ("subject", "quantity", "day", "is_doubted"),
    [
        ("guild", "year_founded", date(2012, 1, 1), True),
        ("guild", "year_founded", date(2010, 7, 1), False),
        ("corps", "withdrawal_date", date(2024, 2, 3), True),
        ("corps", "withdrawal_date", date(2024, 8, 15), False),
        ("corps", "prize_date", date(2024, 2, 3), False),
        ("league", "withdrawal_date", date(2024, 2, 3), False),  # not known to end
    ],
)
def test_a_beginning_or_end_is_on_its_known_day(subject, quantity, day, is_doubted):
    read = number("2024", "year", quantity, subject, kind="date", start=day, end=day)
    found = doubts("It was so in 2024.", [read], "other_date", actors=PARTIES)
    assert len(found) == is_doubted


@pytest.mark.parametrize(
    ("text", "language", "is_doubted"),
    [
        ("The Salt Guild is strong in 3 ports.", "en", True),
        ("The SG now holds 3 ports.", "en", True),
        ("The former Salt Guild is strong in 3 ports.", "en", False),
        ("The Salt Guild was strong in 3 ports.", "en", False),
        ("The Harbour League is strong in 3 ports.", "en", False),
        ("Blue Corps est en charge de 3 ponts.", "fr", True),
        ("Blue Corps a construit 3 ponts.", "fr", False),
    ],
)
def test_a_party_that_has_ended_does_not_act_today(text, language, is_doubted):
    read = [number("3", "count")]
    found = doubts(text, read, "gone_yet_here", actors=PARTIES, language=language)
    assert len(found) == is_doubted


@pytest.mark.parametrize("name", ["Harbour League", "Blue Corps"])
def test_a_text_that_ends_a_party_does_not_have_it_act(name):
    row = {"Harbour League": "league", "Blue Corps": "corps"}[name]
    text = f"On 3 February the {name} left. Today the {name} is paid."
    day = date(2025, 2, 3)
    end = number("3", "day_of_month", "withdrawal_date", row, kind="date")
    found = doubts(
        text, [{**end, "start": day, "end": day}], "denied_in_text", actors=PARTIES
    )
    assert found == [("denied_in_text", "3")]
    past = f"On 3 February the {name} left. It was paid."
    read = [{**end, "start": day, "end": day}]
    assert doubts(past, read, "denied_in_text", actors=PARTIES) == []


def test_a_doubt_without_a_number_is_borne_by_the_nearest():
    text = "There are 3 ports.\n\nThe Salt Guild is strong."
    assert doubts(text, [number("3", "count")], actors=PARTIES) == [
        ("gone_yet_here_near", "3")
    ]
    assert doubts(text, [], actors=PARTIES) == []


# --- people

PEOPLE = people(
    ("brandt", "Ilse Brandt;I. Brandt", "mayor", "2010-01-01", "2015-01-01"),
    ("brandt", "Ilse Brandt;I. Brandt", "life", None, "2019-05-02"),
    ("orsay", "Émile d'Orsay", "president", "2020-01-01", None),
    ("orsay", "Émile d'Orsay", "prime minister", "2014-01-01", "2018-01-01"),
)
MAY = {"start": date(2024, 5, 1), "end": date(2024, 5, 31), "precision": "month"}


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [
        ("In May 2024 police arrested Ilse Brandt.", True),
        ("In May 2024 Mrs Brandt visited the fair.", True),
        ("In May 2024 a street was named for Ilse Brandt.", False),
        ("In May 2024 the widow of Ilse Brandt visited the fair.", False),
        ("In May 2024 police arrested Emile d’Orsay.", False),  # noqa: RUF001
    ],
)
def test_nobody_acts_after_death(text, is_doubted):
    read = [number("2024", "month_of_year", kind="date", **MAY)]
    found = doubts(text, read, "after_death", people=PEOPLE)
    assert len(found) == is_doubted


def test_an_act_before_death_is_no_reason():
    text = "In 2012 Ilse Brandt opened the fair. She died in 2019."
    then = {"start": date(2012, 1, 1), "end": date(2012, 12, 31)}
    assert doubts(text, [number("2012", "year", **then)], people=PEOPLE) == []


@pytest.mark.parametrize(
    ("text", "language", "is_doubted"),
    [
        ("In 2024 Governor Ilse Brandt had 3 aides.", "en", True),
        ("In 2024 Mayor Ilse Brandt had 3 aides.", "en", True),
        ("In 2024 former mayor Ilse Brandt had 3 aides.", "en", False),
        ("In 2024 President Émile d'Orsay had 3 aides.", "en", False),
        ("In 2024 the aide of Émile d'Orsay met 3 mayors.", "en", False),
        ("En 2024 le premier ministre Émile d'Orsay avait 3 adjoints.", "fr", True),
        ("En 2024 l'ancien premier ministre Émile d'Orsay a 3 voitures.", "fr", False),
    ],
)
def test_people_hold_the_roles_known(text, language, is_doubted):
    year = {"start": date(2024, 1, 1), "end": date(2024, 12, 31)}
    read = [number("3", "count", **year)]
    found = doubts(text, read, "role_not_held", people=PEOPLE, language=language)
    assert len(found) == is_doubted


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [
        ("President Jan Okro has 3 aides. Prime Minister Jan Okro spoke.", True),
        ("King Ufo Lann has 3 boats. Governor Ufo Lann sold them.", True),
        ("Former mayor Jan Okro has 3 aides. President Jan Okro spoke.", False),
        ("President Jan Okro has 3 aides. President Jan Okro spoke.", False),
        ("President Émile d'Orsay, 3 years on. Prime minister Émile d'Orsay.", False),
    ],
)
def test_one_text_gives_a_person_one_role(text, is_doubted):
    found = doubts(text, [number("3", "count")], "two_roles", people=PEOPLE)
    assert len(found) == is_doubted


# --- populations

TOWNS = places(
    ("lomir", "Lomir", "XA", "nord", 84_310, "census of 2006", "atlas"),
    ("pavo", "Pavo", "XB", "sud", 20_400, "recensement général 2011", "atlas"),
    ("self", "Self", "XA", "nord", 50_000, "census of 2006", "own"),
    ("late", "Late", "XA", "nord", 50_000, "census of 2023", "atlas"),
)


@pytest.mark.parametrize(
    ("area", "written", "is_doubted"),
    [
        ("lomir", "84000", True),
        ("lomir", "101000", False),
        ("lomir", "168000", True),
        ("pavo", "10200", True),
        ("pavo", "20400", True),
        ("pavo", "31000", False),
        ("self", "50000", False),
        ("late", "50000", False),
    ],
)
def test_a_population_of_today_is_no_old_count(area, written, is_doubted):
    read = [number(written, "persons", "population", "population", area=area)]
    text = f"It has {written} people."
    assert len(doubts(text, read, "old_count", places=TOWNS)) == is_doubted


def test_a_population_told_of_its_own_year_is_no_reason():
    year = {"start": date(2006, 1, 1), "end": date(2006, 12, 31)}
    told = number("84310", "persons", "population", "population", area="lomir", **year)
    assert doubts("It had 84310 people.", [told], "old_count", places=TOWNS) == []


# --- ranges


@pytest.mark.parametrize(
    ("unit", "quantity", "value", "is_doubted"),
    [
        ("count", "fires", -3.0, True),
        ("tonne", "harvest", -1.0, True),
        ("count", "fires", 3.0, False),
        ("km", "distance_to_coast", 90_000.0, True),
        ("mile", "distance_to_coast", 900.0, False),
        ("hour", "outage_hours_per_day", 26.0, True),
        ("hour", "outage_hours_per_day", 16.0, False),
        ("day_of_month", "fair_date", 34.0, True),
        ("persons", "population", 9.9e9, True),
        ("USD_per_litre", "street_price_petrol", 400.0, True),
    ],
)
def test_a_number_is_possible_in_its_unit(unit, quantity, value, is_doubted):
    read = [number("It", unit, quantity, value=value)]
    assert len(doubts("It is so.", read, "impossible_value")) == is_doubted


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "is_doubted"),
    [
        ("grain_imports", "tonne", 910.0, True),
        ("grain_imports", "tonne", 910_000.0, False),
        ("grain_imports", "kg", 910_000_000.0, False),
        ("lake_stock", "litre", 4.2e6, True),
        ("lake_stock", "m3", 4.2e6, False),
    ],
)
def test_a_number_is_of_the_order_of_those_known(quantity, unit, value, is_doubted):
    year = "2020-01-01 2020-12-31"
    said = claims(
        claim("G", "farm grain_imports", "country:XA", 4e6, "tonne", year),
        claim("L", "farm lake_stock", "country:XA", 5e6, "m3", "2020-01-01"),
    )
    quarter = {"start": date(2025, 1, 1), "end": date(2025, 3, 31)}
    read = [number("It", unit, quantity, "farm", value=value, **quarter)]
    assert len(doubts("It is so.", read, "other_magnitude", claims=said)) == is_doubted


@pytest.mark.parametrize(
    ("text", "language", "is_doubted"),
    [
        ("In 2027 the dam held 3 lakes.", "en", True),
        ("In 2027 the dam will hold 3 lakes.", "en", False),
        ("The vote was postponed to 2027, with 3 parties.", "en", False),
        ("En 2027 le barrage contenait 3 lacs.", "fr", True),
        ("D'ici 2027 le barrage contient 3 lacs.", "fr", False),
    ],
)
def test_the_future_is_no_fact(text, language, is_doubted):
    year = {"start": date(2027, 1, 1), "end": date(2027, 12, 31)}
    read = [number("3", "count", **year)]
    assert len(doubts(text, read, "future_date", language=language)) == is_doubted


# --- who holds a place

HELD = control(
    ("H1", "lomir", "league", "controlled", "2023-01-01", "atlas"),
    ("H2", "pavo", "guild", "controlled", "2023-01-01", "atlas"),
    ("H3", "self", "guild", "controlled", "2023-01-01", "own"),
    ("H4", "late", "guild", "raided", "2023-01-01", "atlas"),
)


@pytest.mark.parametrize(
    ("text", "language", "is_doubted"),
    [
        ("Lomir, with 3 ports, is under the control of the Salt Guild.", "en", True),
        ("The Salt Guild controls Lomir and 3 ports.", "en", True),
        ("The Harbour League controls Lomir and 3 ports.", "en", False),
        ("Blue Corps controls Lomir and 3 ports.", "en", False),  # of the league
        ("The Salt Guild lost control of Lomir and 3 ports.", "en", False),
        ("Northern Orvana and its 3 ports are held by the Reds.", "en", True),
        ("Self and its 3 ports are held by the Harbour League.", "en", False),
        ("Late and its 3 ports are held by the Harbour League.", "en", False),
        ("Pavo et ses 3 ports sont aux mains de Harbour League.", "fr", True),
        ("Pavo et ses 3 ports sont aux mains de Salt Guild.", "fr", False),
    ],
)
def test_a_place_is_held_by_whom_is_known_to(text, language, is_doubted):
    found = doubts(
        text,
        [number("3", "count")],
        "other_holder",
        language=language,
        actors=actors(*PARTIES.itertuples(index=False)).assign(active_to=None),
        control=HELD,
        places=TOWNS,
        regions=PARTS,
    )
    assert len(found) == is_doubted


# --- what else is known

HALF = {"start": date(2025, 1, 1), "end": date(2025, 6, 30)}


def _fires(source="other", **other):
    row = {
        "topic": "fire fires_attacks",
        "area": "country:XA",
        "value": 900,
        "unit": "count",
        "period": "2024-01-01 2024-12-31",
        **other,
    }
    return claims(claim("F", *row.values(), source=source))


@pytest.mark.parametrize(
    ("text", "unit", "factor", "said", "is_doubted"),
    [
        ("100 raids, double last year.", "ratio", 2.0, _fires(), True),
        ("900 raids, double last year.", "ratio", 2.0, _fires(), False),
        ("100 raids, double last year.", "ratio", 2.0, _fires(value=110), False),
        ("100 raids, double last year.", "ratio", 2.0, _fires(source="own"), False),
        (
            "100 raids, double last year.",
            "ratio",
            2.0,
            _fires(area="country:XB"),
            False,
        ),
        ("100 raids, double those of the army.", "ratio", 2.0, _fires(), False),
        ("300 raids, 20 % up on a year earlier.", "percent", 20.0, _fires(), True),
        ("540 raids, 20 % up on a year earlier.", "percent", 20.0, _fires(), False),
    ],
)
def test_an_implied_earlier_count_is_held_against_the_known(
    text, unit, factor, said, is_doubted
):
    kind = "ratio" if unit == "ratio" else "change"
    written = "double" if unit == "ratio" else "20"
    read = [
        number(text[:3], "count", "fires_attacks", "fire", **HALF),
        number(written, unit, "change", "fire", kind=kind, value=factor, **HALF),
    ]
    assert len(doubts(text, read, "implied_base", claims=said)) == is_doubted


@pytest.mark.parametrize(
    ("area", "country", "said", "is_doubted"),
    [
        ("country:XA", "XA", {"area": "country:XB"}, True),
        ("country:XA", "XA", {"area": "country:XA"}, False),
        ("pavo", "XB", {"area": "lomir"}, True),
        ("pavo", "XB", {"area": "area:west"}, False),
        ("country:XA", "XA", {"area": "country:XB", "value": 281}, False),
        (
            "country:XA",
            "XA",
            {"area": "country:XB", "topic": "flood fires_attacks"},
            False,
        ),
        (
            "country:XA",
            "XA",
            {"area": "country:XB", "period": "2020-01-01 2020-06-30"},
            False,
        ),
        ("country:XA", "XA", {"area": "country:XB", "source": "own"}, False),
    ],
)
def test_a_number_known_of_another_country_is_told(area, country, said, is_doubted):
    row = {"value": 280, "period": "2025-01-01 2025-06-30", **said}
    read = [number("280", "count", "fires_attacks", "fire", area=area, **HALF)]
    found = doubts(
        "There were 280.",
        read,
        "same_number_elsewhere",
        claims=_fires(**row),
        places=TOWNS,
        country=country,
    )
    assert len(found) == is_doubted


# --- laws of all rules


@given(
    st.text(max_size=200),
    st.lists(
        st.fixed_dictionaries(
            {
                "value": st.none() | st.floats(-1e30, 1e30),
                "unit": st.none() | st.sampled_from(["count", "percent", "USD", "??"]),
                "kind": st.sampled_from(["amount", "share", "change", "date", "ratio"]),
                "subject": st.none() | st.sampled_from(["guild", "population"]),
                "area": st.none() | st.sampled_from(["lomir", "country:XB", "?"]),
                "start": st.none() | st.dates(),
                "end": st.none() | st.dates(),
                "span_start": st.integers(0, 300),
            }
        ),
        max_size=4,
    ),
    st.sampled_from(["en", "fr", "xx", None]),
)
def test_no_text_breaks_a_rule(text, values, language):
    read = [
        candidate(name=f"c{i}", span_end=row["span_start"] + 1, **row)
        for i, row in enumerate(values)
    ]
    tables = known(
        actors=PARTIES, people=PEOPLE, places=TOWNS, control=HELD, claims=AREAS,
        regions=PARTS, market=COCOA,
    )  # fmt: skip
    found = find_doubts(article(text, language=language), read, tables)
    assert {doubt.candidate for doubt in found} <= {c.candidate for c in read}
    assert len(set(found)) == len(found)


@given(st.text(max_size=80))
def test_folding_keeps_every_character_in_its_place(text):
    assert len(fold(text)) == len(text)


def test_every_rule_is_told_in_the_docs(request):
    page = request.config.rootpath / "docs" / "evidence" / "doubts.md"
    told = page.read_text(encoding="utf-8")
    assert [rule.__name__ for rule in RULES if f"`{rule.__name__}`" not in told] == []
