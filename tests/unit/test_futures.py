"""The eight futures on courses made by hand, and their signs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_regime import made_regime_run
from made_runs import made_run
from supplyline.analysis.course import FEATURES, OMENS, course_of
from supplyline.analysis.futures import RULES, classify, futures
from supplyline.analysis.signs import FEWEST, USEFUL

NAMES = [rule.name for rule in RULES]
PAST, DAYS = 60, 120
END = pd.Timestamp("2024-04-29")


@pytest.fixture(scope="module")
def run(toy):
    """Give a run whose members stay calm: none of the rules holds but the last."""
    return calm(made_regime_run(toy, members=8))


def calm(run):
    days = run.daily["attacks"].shape
    weeks = run.weekly["region_attacks"].shape
    groups = run.weekly["group_fighters"].shape
    return changed(
        run,
        exit_kind=np.zeros(days),
        talks=np.zeros(days),
        public_served_share=np.full(days, 0.8),
        region_state_control_share=np.full(weeks, 0.5),
        group_fighters=np.full(groups, 100.0),
    )


def changed(run, **values):
    """Give a run other values of some series."""
    parts = {"daily": run.daily, "weekly": run.weekly}
    for name, new in values.items():
        part = "daily" if name in run.daily else "weekly"
        old = getattr(run, part)[name]
        parts[part] = parts[part].assign({name: (old.dims, new, old.attrs)})
    return replace(run, **parts)


def edited(run, member, name, where, value):
    """Give one member another value from somewhere on."""
    part = run.daily if name in run.daily else run.weekly
    values = part[name].to_numpy().copy()
    values[member][where] = value
    return changed(run, **{name: values})


def only(run, member=0):
    """Name the future of one member."""
    return NAMES[futures(run).member_class[member] - 1]


def test_a_calm_course_is_attrition(run):
    found = futures(run)

    assert found.member_class.tolist() == [8] * 8
    assert found.find("attrition").share.value == 1
    assert (found.start, found.end) == (pd.Timestamp("2024-03-01"), END)


@pytest.mark.parametrize(
    ("kind", "name"), [(1, "exit"), (2, "exit"), (3, "capture"), (4, "attrition")]
)
def test_an_exit_is_known_by_its_kind(run, kind, name):
    assert only(edited(run, 0, "exit_kind", slice(80, None), kind)) == name


def served(run, *pairs):
    """Set the share served of the first member from some days on."""
    for first, value in pairs:
        run = edited(run, 0, "public_served_share", slice(first, None), value)
    return run


def test_a_deal_needs_a_month_of_supply(run):
    deal = edited(run, 0, "talks", slice(70, None), 3)

    # a mean of seven days is above 0.9 from its fifth day of 1 after 0.8 on
    assert only(served(deal, (90 - 3, 1.0))) == "deal"
    assert only(served(deal, (91 - 3, 1.0))) == "attrition"
    assert only(deal) == "attrition"
    talks = edited(run, 0, "talks", slice(70, None), 2)
    assert only(served(talks, (80, 1.0))) == "attrition"


def test_a_deal_that_broke_down_is_none(run):
    broken = edited(run, 0, "talks", slice(70, 110), 3)

    assert only(served(broken, (55, 1.0))) == "broken"
    assert only(served(broken, (60, 1.0))) == "attrition"


def test_a_capital_is_supplied_by_two_months_of_it(run):
    assert only(served(run, (60 - 3, 1.0))) == "broken"
    assert only(served(run, (61 - 3, 1.0))) == "attrition"
    assert only(served(run, (0, 1.0), (115, 0.0))) == "attrition"


def test_strangulation_is_a_last_month_below_four_tenths(run):
    assert only(served(run, (90 - 6, 0.3))) == "strangulation"
    assert only(served(run, (70, 0.3), (115, 1.0))) == "attrition"
    assert only(served(run, (70, 0.4))) == "attrition"


def test_a_country_is_parted_by_two_lost_regions(run):
    control = "region_state_control_share"
    inside = list(run.case.regions["region"]).index("lowland"), 1
    one = edited(run, 0, control, (slice(10, None), inside[0]), 0.05)
    two = edited(one, 0, control, (slice(10, None), inside[1]), 0.05)

    assert only(one) == "attrition"
    assert only(two) == "partition"
    # a neighbour's region is none of the country's
    abroad = list(run.case.regions["region"]).index("coast")
    assert only(edited(one, 0, control, (slice(10, None), abroad), 0.0)) == "attrition"
    # the capital must live on
    assert only(served(two, (90, 0.65))) == "attrition"
    # what was lost before counts no more
    before = edited(two, 0, control, (slice(0, None), inside[1]), 0.05)
    assert only(before) == "attrition"


def test_a_group_that_lost_three_tenths_is_weakened(run):
    raiders, rovers = 0, 1
    lost = edited(run, 0, "group_fighters", (slice(12, None), raiders), 69.0)
    kept = edited(run, 0, "group_fighters", (slice(12, None), raiders), 71.0)
    other = edited(run, 0, "group_fighters", (slice(12, None), rovers), 1.0)

    assert [only(each) for each in (lost, kept, other)] == [
        "split", "attrition", "attrition",
    ]  # fmt: skip


def test_the_first_rule_that_holds_counts(run):
    both = served(edited(run, 0, "exit_kind", slice(80, None), 3), (50, 1.0))
    assert only(both) == "capture"
    deal = edited(both, 0, "exit_kind", slice(0, None), 0)
    assert only(edited(deal, 0, "talks", slice(70, None), 3)) == "deal"
    assert only(deal) == "broken"


def test_a_shorter_horizon_sees_less(run):
    late = edited(run, 0, "exit_kind", slice(PAST + 30, None), 1)

    assert futures(late, days=31).member_class[0] == 2
    assert futures(late, days=30).member_class[0] == 8
    assert futures(late, days=30).end == pd.Timestamp("2024-03-30")


def test_horizons_that_cannot_be_are_told(run, toy):
    for days in (0, 61):
        with pytest.raises(ValueError, match=f"days is {days}; expected 1 to 60"):
            futures(run, days=days)
    with pytest.raises(ValueError, match=r"holds 65 days up to .* expected 66"):
        futures(run, days=5)
    with pytest.raises(ValueError, match=r"does not follow armed groups.*groups\.csv"):
        futures(made_run(toy))


@given(seed=st.integers(0, 10**6))
def test_every_member_has_one_future(toy, seed):
    found = futures(made_regime_run(toy, members=40, seed=seed))

    assert sum(share.value for share in found.shares.values()) == pytest.approx(1)
    assert sum(future.members for future in found.classes) == 40
    assert set(found.member_class) <= set(range(1, 9))
    assert list(found.shares) == NAMES


def test_rules_that_were_all_counted_would_overlap(run):
    """The companion: without an order of rules the shares would not add up to 1."""
    both = served(edited(run, 0, "exit_kind", slice(80, None), 3), (50, 1.0))
    course = course_of(both, END)

    counts = sum(int(rule.holds(course)[0]) for rule in RULES[:-1])

    assert counts == 2
    assert classify(course)[0] == 1


def test_the_table_says_all(run):
    found = futures(run)
    table = found.table()

    assert table["name"].tolist() == NAMES
    assert table["number"].tolist() == list(range(1, 9))
    assert table["members"].sum() == 8
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()
    assert repr(found) == "<Futures at 2024-04-29: attrition over 99 % first>"
    with pytest.raises(ValueError, match="name is 'peace'; expected one of capture"):
        found.find("peace")


def test_typical_courses_are_set_beside_the_rest(run):
    lost = np.zeros(run.daily["trucks_lost"].shape)
    lost[:, PAST] = [10, 20, 30, 1, 1, 1, 1, 1]
    out = np.zeros(lost.shape)
    out[:3, 80:] = 1
    found = futures(changed(run, trucks_lost=lost, exit_kind=out))

    features = {feature.name: feature for feature in found.typical("exit")}

    assert list(features) == [feature.name for feature in FEATURES]
    entry = features["trucks_lost"]
    assert (entry.inside.value, entry.outside.value) == (20, 1)
    assert entry.inside.unit == "trucks"
    assert features["fighters_left"].inside.short == "100 %"
    assert features["served_share"].inside.short == "80 %"
    nobody = {feature.name: feature for feature in found.typical("deal")}
    assert nobody["trucks_lost"].inside is None


def announced(toy, forecast_days):
    """Give a run in which lost trucks announce an exit on the last day."""
    made = made_regime_run(toy, members=400, seed=5, forecast_days=forecast_days)
    run, luck = calm(made), np.random.default_rng(1)
    falls = luck.random(400) < 0.3
    lost = np.zeros(run.daily["trucks_lost"].shape)
    lost[:, PAST] = np.where(falls, 100, 10) + luck.normal(0, 5, 400)
    out = np.zeros(lost.shape)
    out[falls, -1] = 1
    return changed(run, trucks_lost=lost, exit_kind=out), falls


@pytest.fixture(scope="module")
def longer(toy):
    return announced(toy, 90)


def test_a_sign_is_found_and_scored_on_the_other_half(longer):
    run, falls = longer
    found = futures(run).signs("exit")

    assert found.members == falls.sum()
    assert found.days == 60
    best = found.found[0]
    assert (best.name, best.is_low) == ("trucks_lost", False)
    odd = np.arange(400) % 2 == 1
    lost = run.daily["trucks_lost"].to_numpy()[:, PAST]
    shows = lost >= best.threshold.value
    assert best.hits.value == pytest.approx(shows[odd & falls].mean())
    assert best.false_alarms.value == pytest.approx(shows[odd & ~falls].mean())
    assert best.chance_with.value == pytest.approx(falls[odd & shows].mean())
    assert best.chance_without.value == pytest.approx(falls[odd & ~shows].mean())
    assert best.skill > 0.95
    assert best.text.startswith("Trucks lost (first 60 days): at least ")
    skills = [sign.skill for sign in found.found]
    assert skills == sorted(skills, reverse=True)
    assert min(skills) >= USEFUL


def test_what_only_the_even_members_show_is_no_sign(longer):
    """The companion: a sign that was learnt by heart is not told."""
    run, _ = longer
    luck = np.random.default_rng(2)
    lost = run.daily["trucks_lost"].to_numpy().copy()
    odd = np.flatnonzero(np.arange(400) % 2)
    lost[odd] = lost[luck.permutation(odd)]
    found = futures(changed(run, trucks_lost=lost)).signs("exit")

    assert "trucks_lost" not in {sign.name for sign in found.found}


def test_what_fell_before_is_no_sign_of_it(toy):
    run, falls = announced(toy, 60)
    found = futures(run).signs("exit")

    # in this run all that fall are out on the sixtieth day
    assert found.members == 0
    assert "0 members with the leader in power after 60 days" in found.note
    assert falls.any()


def test_too_few_members_give_a_note_and_no_signs(run):
    found = futures(run).signs("attrition")

    assert (found.members, found.found) == (8, ())
    assert found.note.startswith("8 members with the leader in power")
    assert FEWEST > 8


def test_no_series_that_tells_is_said(longer):
    run, _ = longer
    plain = changed(run, trucks_lost=np.zeros(run.daily["trucks_lost"].shape))
    found = futures(plain).signs("exit")

    assert found.found == ()
    assert found.note == "no series tells these members from the others in time"


def test_all_that_is_told_has_a_unit(run):
    course = course_of(run, END)
    for measured in (*FEATURES, *OMENS):
        assert measured.unit(run)
        assert measured.values(course).shape == (8,)
