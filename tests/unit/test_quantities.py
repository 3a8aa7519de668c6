"""Numbers that can be printed."""

from datetime import date

import pytest

from supplyline.quantities import LIKELIHOODS, Quantity, convert, likelihood

RUN = "run 3f9a1c2e77b0"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12.3, "days", "12 days"),
        (1.0, "days", "1 day"),
        (0.0, "trucks", "0 trucks"),
        (99.7, "trucks", "100 trucks"),
        (1234.0, "XOF/l", "1,200 XOF/l"),
        (1_234_567.0, "kl", "1,200,000 kl"),
        (0.03456, "kl", "0.035 kl"),
        (9.04, "days", "9 days"),
        (9.5, "days", "9.5 days"),
        (-8.96, "days", "-9 days"),
        (3.14159, "1", "3.1"),
        (0.643, "share", "64 %"),
        (64.3, "percent", "64 %"),
        (0.004, "probability", "under 1 %"),
        (0.996, "probability", "over 99 %"),
        (0.0, "share", "0 %"),
        (date(2025, 9, 3), "date", "3 September 2025"),
        (2017.0, "year", "2017"),
        (5.0, "count", "5"),
        (140.0, "truck", "140 trucks"),
        (1.0, "truck", "1 truck"),
        (2.0, "count_per_month", "2 per month"),
        (500.0, "XOF_per_litre", "500 XOF per litre"),
    ],
)
def test_two_significant_figures(value, unit, text):
    assert str(Quantity(value, unit, basis=RUN)) == text


def test_interval_is_printed():
    quantity = Quantity(12.3, "days", low=8.1, high=17.0, basis=RUN)
    assert str(quantity) == "12 days (8.1 to 17)"
    assert quantity.short == "12 days"


def test_counts_are_printed_as_they_stand():
    assert str(Quantity(117_300_000, "l", basis="claim F1", digits=None)) == (
        "117,300,000 l"
    )
    assert str(Quantity(117.3, "l", basis="claim F1", digits=None)) == "117.3 l"


@pytest.mark.parametrize(
    "made",
    [
        {"value": float("nan"), "unit": "days", "basis": RUN},
        {"value": float("inf"), "unit": "days", "basis": RUN},
        {"value": 1.0, "unit": "", "basis": RUN},
        {"value": 1.0, "unit": "days", "basis": ""},
        {"value": 1.0, "unit": "days", "basis": "guess"},
        {"value": 1.0, "unit": "days", "basis": RUN, "low": 0.0},
        {"value": 1.0, "unit": "date", "basis": RUN},
        {"value": date(2025, 1, 1), "unit": "days", "basis": RUN},
    ],
    ids=str,
)
def test_what_cannot_be_printed_is_refused(made):
    with pytest.raises(ValueError, match=r"\w"):
        Quantity(**made)


@pytest.mark.parametrize(
    ("basis", "origin", "reference"),
    [
        ("run abc", "model", "abc"),
        ("claim F0012", "source", "F0012"),
        ("param truck_kl", "assumption", "truck_kl"),
        ("assumption", "assumption", ""),
        ("case mali", "case", "mali"),
    ],
)
def test_basis_tells_what_stands_behind(basis, origin, reference):
    quantity = Quantity(1.0, "1", basis=basis)
    assert (quantity.origin, quantity.reference) == (origin, reference)


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "result"),
    [
        (1.0, "kl", "l", 1000.0),
        (5_500.0, "kl", "Ml", 5.5),
        (48.0, "h", "days", 2.0),
        (1.0, "Ml/day", "kl/day", 1000.0),
        (64.0, "percent", "share", 0.64),
    ],
)
def test_conversion(value, unit, wanted, result):
    assert convert(value, unit, wanted) == pytest.approx(result)


def test_conversion_carries_the_interval():
    quantity = Quantity(5_500, "kl", low=5_000, high=6_000, basis=RUN).to("Ml")
    assert str(quantity) == "5.5 Ml (5 to 6)"
    assert Quantity(1.0, "kl", basis=RUN).to("l").low is None


@pytest.mark.parametrize(
    ("unit", "wanted"), [("kl", "h"), ("kl", "barrel"), ("barrel", "kl")]
)
def test_conversion_between_strangers_is_refused(unit, wanted):
    with pytest.raises(ValueError, match=unit):
        convert(1.0, unit, wanted)


def test_a_date_is_not_converted():
    with pytest.raises(ValueError, match="date"):
        Quantity(date(2025, 1, 1), "date", basis=RUN).to("h")


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.0, "almost no chance"),
        (0.04, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_likelihood_words(probability, word):
    assert likelihood(probability).word == word


def test_likelihood_ranges_meet():
    ends = [word.high for word in LIKELIHOODS]
    assert [word.low for word in LIKELIHOODS] == [0.0, *ends[:-1]]
    assert ends[-1] == 1


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_no_word_for_what_is_no_probability(probability):
    with pytest.raises(ValueError, match="expected 0 to 1"):
        likelihood(probability)
