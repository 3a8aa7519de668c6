"""Facts: how each row is told and used, and what a report of it would say."""

import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from broken_cases import add, cell
from made_regime import made_regime_run, with_rows
from made_runs import PLAIN_REPORTS
from supplyline.analysis.measures import find_measure
from supplyline.analysis.targets import target_values
from supplyline.case.case import load_case, packaged_cases
from supplyline.conditioning.facts import fact_values, observed_values, read_facts
from supplyline.errors import CaseError

CASES = ["mali", "haiti", "toy"]
OBSERVED = "observed.csv"
TRUE_REPORTS = PLAIN_REPORTS | {"customs_coverage": 1.0}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return sl.load_case(request.param)


@pytest.fixture(scope="module")
def run(case):
    # the last days of the past lie in a week that ends after them
    return sl.simulate(case, days=7, members=70, seed=5)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(packaged_cases()["toy"], tmp_path / "toy")


def row(**cells):
    """Make a row of observed that the toy case does not have."""
    plain = {
        "series": "customs_volume_ml",
        "start": "2024-02-01",
        "end": "2024-02-07",
        "value": 0.5,
        "low": None,
        "high": None,
        "unit": "million l",
        "claim": "week-5",
        "source": "made-up",
    }
    return plain | cells


def target(**cells):
    """Make a row of targets that the toy case does not have."""
    plain = {
        "target": "more",
        "title": "More",
        "measure": "trucks_lost",
        "value": 3,
        "low": 1,
        "high": 9,
        "unit": "truck",
        "start": "2024-02-01",
        "end": "2024-02-07",
        "is_main": False,
        "note": "made up",
        "source": "made-up",
    }
    return plain | cells


def extra(*rows):
    return pd.DataFrame(rows)


def test_every_row_that_a_run_can_be_asked_for_is_a_fact(case):
    facts = read_facts(case)

    series = case.observed["series"]
    told = case.observed[~series.str.match("official_|clearance_h")]
    assert set(facts.index) == {*case.targets["target"], *told["claim"]}
    assert set(facts["form"]) <= {"number", "yes"}
    assert set(facts["use"]) == {"condition", "check"}
    is_check = facts["use"] == "check"
    assert (facts["reason"].notna() == is_check).all()
    assert facts["grade"].isin(list("ABCDEF")).all()


def test_what_is_conditioned_on_is_told_once(case):
    facts = read_facts(case)
    used = facts[facts["use"] == "condition"]

    assert not used.duplicated(["measure", "start", "end", "value"]).any()
    # with what repeats them there are doubles
    same = facts["reason"].fillna("").str.startswith("repeats")
    assert same.any()


@pytest.mark.parametrize(
    ("fact", "form", "low", "high", "use"),
    [
        ("F0085", "number", None, None, "condition"),
        ("F0170", "number", 1333, 2667, "condition"),
        ("F0168", "yes", -np.inf, 1500, "condition"),
        ("F0185", "yes", 100, np.inf, "condition"),
        ("F0189", "yes", 200, 500, "condition"),
        ("december-relapse", "yes", 0, 0.75, "condition"),
        # a window of targets is no range that was told
        ("lull", "number", None, None, "condition"),
        ("customs-september", "number", None, None, "check"),
        ("F0309", "number", 0.165, 0.221, "check"),
        ("southwest-share", "number", None, None, "check"),
        ("F0155", "number", None, None, "check"),
    ],
)
def test_a_fact_has_the_form_in_which_it_is_told(fact, form, low, high, use):
    told = read_facts(sl.load_case("mali")).loc[fact]

    assert (told["form"], told["use"]) == (form, use)
    ends = [np.nan if end is None else end for end in (low, high)]
    assert np.array_equal(told[["low", "high"]].astype(float), ends, equal_nan=True)


def test_readings_are_facts_without_a_figure():
    facts = read_facts(sl.load_case("mali"))

    readings = facts.index[facts["is_reading"]]
    assert set(readings) == {"december-relapse", "F0189", "F0202", "F0203"}
    assert (facts.loc[readings, "form"] == "yes").all()


@pytest.mark.parametrize(
    ("day", "known"),
    [("2024-01-20", {"F1"}), ("2024-02-10", {"F1", "F2", "F5", "imports-after-ban"})],
)
def test_only_facts_whose_days_have_ended_are_taken(toy, day, known):
    facts = read_facts(toy, until=date.fromisoformat(day))

    assert set(facts.index) == known


def test_a_number_is_what_a_report_of_the_target_would_say(run):
    facts = read_facts(run.case)
    values = fact_values(run, facts)
    told = target_values(run)

    assert list(values) == list(facts.index)
    numbers = [f for f in told if facts.loc[f, "form"] == "number"]
    pd.testing.assert_frame_equal(values[numbers], told[numbers], check_exact=True)
    observed = observed_values(facts)
    assert (observed[facts["form"] == "yes"] == 1).all()
    is_number = facts["form"] == "number"
    assert (observed[is_number] == facts.loc[is_number, "value"]).all()


def test_reports_without_bias_and_error_tell_the_truth(run):
    plain = replace(run, params=run.params.assign(**TRUE_REPORTS))
    # ends that were told leave a spread of their own
    facts = read_facts(run.case).assign(
        low=lambda f: f["low"].where(f["form"] == "yes"),
        high=lambda f: f["high"].where(f["form"] == "yes"),
    )
    values = fact_values(plain, facts)

    for fact in facts.itertuples():
        measure, label = find_measure(run.case, fact.measure)
        truth = measure.over(run, fact.start, fact.end, label)
        if fact.form == "yes":
            is_told = (truth >= fact.low) & (truth <= fact.high)
            truth = np.where(np.isnan(truth), np.nan, is_told)
        np.testing.assert_array_equal(values[fact.Index], truth)
    assert not fact_values(run, facts).equals(values)


def test_members_are_told_of_without_regard_to_the_others(run):
    facts = read_facts(run.case)
    whole = fact_values(run, facts)

    def of_some(part):
        return fact_values(part, facts)

    some = sl.simulate_summaries(
        run.case, {"facts": of_some}, members=range(20, 50), days=7, seed=5
    )
    pd.testing.assert_frame_equal(
        some.values["facts"],  # noqa: PD011 - of summaries, not of a frame
        whole.iloc[20:50],
        check_exact=True,
        check_names=False,
    )


def test_a_chance_is_told_of_each_member(toy):
    run = made_regime_run(toy, members=8)
    kinds = np.zeros(run.daily["exit_kind"].shape)
    kinds[:3] = 1
    run = replace(run, daily=run.daily.assign(exit_kind=(("member", "day"), kinds)))
    window = {"end": toy.config.cutoff}
    facts = read_facts(
        replace(with_rows(run.case, targets=run.case.targets.iloc[:0]), lines={}),
        extra=extra(
            target(measure="leader_in_power", value=1, low=0, high=1, **window)
        ),
    )

    values = fact_values(run, facts)["more"]

    assert list(values) == [0] * 3 + [1] * 5


def test_what_never_happens_has_no_value_in_either_form(toy):
    run = sl.simulate(toy, days=0, members=70, seed=5)
    facts = read_facts(toy).loc[["first-shortage-farfield"]]
    by_day_ten = facts.assign(form="yes", low=0.0, high=10.0)

    number, yes = (fact_values(run, f).iloc[:, 0] for f in (facts, by_day_ten))

    assert 0 < number.isna().sum() < 70
    assert (yes.isna() == number.isna()).all()
    assert (yes[number.notna()] == (number[number.notna()] <= 10)).all()


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize(
    ("made", "name", "form"),
    [
        (row(), "week-5", "number"),
        (row(low=0.5), "week-5", "yes"),
        (row(low=0.25, high=1.0, is_reading=True), "week-5", "yes"),
        (row(low=0.25, high=1.0), "week-5", "number"),
        # a second row of a claim has a name of its own
        (row(claim="F2"), "F2.2", "number"),
        (target(), "more", "number"),
        (target(value=None), "more", "yes"),
        (target(start=pd.Timestamp("2024-02-01")), "more", "number"),
    ],
)
def test_facts_may_come_from_outside(toy, tmp_path, made, name, form, as_file):
    given = extra(made)
    if as_file:
        given = tmp_path / "news.csv"
        extra(made).to_csv(given, index=False)

    facts = read_facts(toy, extra=given)

    assert facts.loc[name, "form"] == form
    own = read_facts(toy)
    pd.testing.assert_frame_equal(facts.loc[own.index], own)
    assert len(facts) == len(own) + 1


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (row(series="customs_volum_ml"), "customs_volume_ml"),
        (row(unit="litre"), "million l or Ml"),
        (row(source="herold"), "a row of sources.csv"),
        (row(value="many"), "a number"),
        (row(end="2024-03-02"), "a day up to the cut-off, 2024-02-29"),
        (row(start="2023-12-30"), "a day from the start of the case, 2024-01-01, on"),
        (row(low=0, high=1), "ends above 0"),
        (row(low=1, high=2), "at least low, which is 1"),
        (row(claim="losses"), "a name that no other fact has"),
        (row(use="conditon"), "did you mean 'condition'?"),
        (row(use="check"), "why it only checks"),
        (row(use="condition", same_as="F2"), "check or empty, as it repeats F2"),
        (row(same_as="F99"), "a row of targets.csv or claims.csv"),
        (row(same_as="imports-after-ban"), "'F2', which that row repeats itself"),
        (row(is_reading=True), "a low or a high end, as words were told"),
        (target(measure="truck_lost"), "did you mean 'trucks_lost'?"),
        (target(measure="relief_day", end="2024-02-03"), "7 days or more"),
        (target(measure="revenue"), "a stream behind it"),
        (target(target="losses"), "each once"),
        (target(same_as="more"), "another row than itself"),
    ],
)
def test_a_fact_from_outside_that_is_wrong_is_told(toy, made, told):
    with pytest.raises(CaseError) as caught:
        read_facts(toy, extra=extra(made))

    [problem] = caught.value.problems
    assert problem.file == "extra facts"
    assert problem.line == 2
    assert told in str(problem)


def test_all_faults_of_facts_from_outside_are_told_at_once(toy, tmp_path):
    file = tmp_path / "news.csv"
    wrong = [row(series="x"), row(), row(claim="b", unit="kl"), row(claim="c", use="?")]
    extra(*wrong).to_csv(file, index=False)

    with pytest.raises(CaseError) as caught:
        read_facts(toy, extra=file)

    assert [(p.file, p.line) for p in caught.value.problems] == [
        ("news.csv", 5),
        ("news.csv", 2),
        ("news.csv", 4),
    ]


def test_an_assumption_and_what_no_run_gives_are_not_conditioned_on(toy):
    rows = [
        row(source="assumption"),
        row(series="clearance_h", unit="h", claim="hours"),
        row(claim="given", use="given"),
    ]

    facts = read_facts(toy, extra=extra(*rows))

    assert facts.loc["week-5", "reason"] == "an assumption and no report"
    assert facts.loc["given", "reason"] == "the case is given it"
    assert "hours" not in facts.index


@pytest.mark.parametrize(
    ("edit", "field", "told"),
    [
        (
            cell(OBSERVED, "imports_volume_kl", "use", "judge"),
            "use",
            "condition, check",
        ),
        (cell(OBSERVED, "imports_volume_kl", "use", "check"), "note", "only checks"),
        (cell(OBSERVED, "imports_volume_kl", "same_as", "F9x"), "same_as", "a row of"),
        (cell(OBSERVED, "imports_volume_kl", "is_reading", "true"), "low", "words"),
        (cell("targets.csv", "losses", "same_as", "losses"), "same_as", "itself"),
        (cell("targets.csv", "imports-after-ban", "use", "condition"), "use", "F2"),
        (
            add(
                OBSERVED,
                series="clearance_h",
                start="2024-01-01",
                end="2024-01-02",
                value="4",
                unit="h",
                claim="F1",
                use="condition",
                source="made-up",
            ),
            "use",
            "given or empty, as no run gives 'clearance_h'",
        ),
    ],
)
def test_a_use_that_does_not_fit_is_told_by_the_case(folder, edit, field, told):
    line = edit(folder)

    with pytest.raises(CaseError) as caught:
        load_case(folder)

    assert any(
        (problem.line, problem.field) == (line, field) and told in str(problem)
        for problem in caught.value.problems
    )


def test_a_case_without_the_new_columns_is_read(folder):
    for file in ("targets.csv", OBSERVED):
        table = pd.read_csv(folder / file, dtype=str)
        table = table.drop(columns=["use", "same_as", "is_reading"])
        table.to_csv(folder / file, index=False)

    facts = read_facts(load_case(folder))

    assert set(facts["use"]) == {"condition"}


def test_days_of_which_a_run_keeps_no_week_are_told():
    haiti = sl.load_case("haiti")
    short = sl.simulate(haiti, days=0, members=2)

    with pytest.raises(ValueError, match="no week with a day from 2022-09-09 to 2022"):
        fact_values(short, read_facts(haiti))
