"""Published forecasts: what a file says, and that no change of it goes unseen."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

import supplyline as sl
from supplyline.analysis.forecast_series import (
    days_for,
    forecast_series,
    forecast_values,
)
from supplyline.case import read
from supplyline.case.read import digest
from supplyline.cli import app
from supplyline.conditioning import conditioned
from supplyline.forecasts.publish import forecast_of
from supplyline.forecasts.published import LEVELS, Basis, read_forecast
from supplyline.forecasts.register import FIRST, INDEX, enter, read_entries

DAY = date(2024, 3, 1)
PRIOR = Basis(is_prior=True, text="The prior alone.")
COUNT = 3


@pytest.fixture(scope="module")
def run(toy):
    return sl.simulate(toy, members=64, days=days_for(toy, 5), seed=7)


@pytest.fixture(scope="module")
def forecasts(run):
    return [forecast_of(run, weeks, PRIOR, DAY) for weeks in range(1, COUNT + 1)]


@pytest.fixture(scope="module")
def kept(forecasts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "forecasts"
    for forecast in forecasts:
        enter(folder, forecast)
    return folder


@pytest.fixture
def register(kept, tmp_path):
    return shutil.copytree(kept, tmp_path / "forecasts")


def files_of(register):
    return [register / entry.file for entry in read_entries(register)]


def refused(register, match):
    with pytest.raises(sl.ForecastError, match=match):
        sl.read_forecasts(register)


def test_a_file_says_what_the_run_says(run, forecasts):
    values = forecast_values(run, COUNT)
    of_run = {series.name: series for series in forecast_series(run.case)}

    published = forecasts[-1]
    assert [series.name for series in published.series] == list(
        values.columns.get_level_values("series").unique()
    )
    for series in published.series:
        own = of_run[series.name]
        assert (series.definition, series.unit) == (own.definition, own.unit)
        columns = values.loc[:, [series.name]]
        assert len(series.said) == columns.shape[1]
        for said, ((_, label, end), column) in zip(
            series.said, columns.items(), strict=True
        ):
            assert (said.label, said.end) == (label, end.date())
            held = column.dropna().to_numpy(np.float64)
            if own.is_chance:
                assert said.chance == pytest.approx(held.mean(), rel=1e-5)
                continue
            assert said.never_share == pytest.approx(column.isna().mean(), rel=1e-5)
            for level, value in zip(
                LEVELS, said.quantiles or (), strict=bool(held.size)
            ):
                below, up_to = (
                    (held < value * (1 - 1e-5)).mean(),
                    held <= value * 1.00001,
                )
                assert below <= level <= up_to.mean() + 1e-9


def test_a_file_says_what_it_rests_on(run, forecasts):
    forecast = forecasts[0]

    assert forecast.origin == date(2024, 2, 29)
    assert forecast.published_on == DAY
    assert forecast.run == run.manifest.run
    assert forecast.request == run.manifest.request.model_dump(mode="json")
    assert forecast.request["case_sha256"] == dict(run.case.hashes)
    assert forecast.basis == PRIOR
    assert len(forecast.engine_sha256) == 64


def test_the_hash_of_a_file_stands_in_its_name_and_in_the_register(register):
    entries = read_entries(register)

    before = FIRST
    for entry in entries:
        sha256 = digest((register / entry.file).read_bytes())
        assert entry.sha256 == sha256
        assert entry.file.endswith(f"-{sha256[:12]}.json")
        assert entry.before == before
        before = entry.entry
    assert len({entry.entry for entry in entries}) == COUNT


def test_a_file_is_the_same_text_whoever_writes_it(register, forecasts):
    for path, forecast in zip(files_of(register), forecasts, strict=True):
        content = path.read_bytes()
        again, _ = read_forecast(path)
        assert again == forecast
        assert again.to_bytes() == content
        keys = list(json.loads(content))
        assert keys == sorted(keys)


def test_a_run_that_no_fact_conditions_is_published_only_by_name(run, tmp_path):
    with pytest.raises(sl.ForecastError, match="not conditioned") as refusal:
        sl.publish_forecast(run, tmp_path / "forecasts", weeks=1)
    assert "--prior" in str(refusal.value)
    assert not (tmp_path / "forecasts").exists()

    file = sl.publish_forecast(run, tmp_path / "forecasts", weeks=1, prior=True)
    assert json.loads(file.read_text())["basis"]["is_prior"]
    assert "prior" in json.loads(file.read_text())["basis"]["text"]
    assert sl.read_forecasts(tmp_path / "forecasts")["is_prior"].tolist() == [True]


class Record(BaseModel):
    """A record of a conditioning, as far as it is published."""

    origin: str = "2024-02-29"
    days: int = 20
    """Two whole weeks after the cut-off, and all but a day of a third."""
    members: int = 64
    pool: int = 640
    facts: int = 5
    seed: int = 7


@dataclass
class Conditioned:
    """A conditioned ensemble made up."""

    lineage: sl.Lineage
    record: Record = field(default_factory=Record)
    reasons: tuple[str, ...] = ()
    effective: float = 33.3

    def differences(self, case):
        assert case.name == "toy"
        return list(self.reasons)


@pytest.fixture(scope="module")
def lineage():
    return sl.Lineage((sl.Stretch(0, np.arange(64)[::-1], None),))


@pytest.fixture(scope="module")
def conditioned_run(toy, lineage):
    return sl.simulate(toy, days=days_for(toy, 1), seed=7, lineage=lineage)


def test_a_conditioned_run_is_published_with_its_record(
    conditioned_run, lineage, tmp_path
):
    file = sl.publish_forecast(
        conditioned_run, tmp_path, weeks=1, conditioned=Conditioned(lineage)
    )

    forecast, _ = read_forecast(file)
    assert not forecast.basis.is_prior
    assert forecast.basis.record == Record().model_dump(mode="json")
    assert (
        "64, drawn from a pool of 640 by 5 facts to 2024-02-29, 33 effective"
        in forecast.basis.text
    )
    assert forecast.request["arguments"]["lineage"] == lineage.sha256
    assert sl.read_forecasts(tmp_path)["is_prior"].tolist() == [False]


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"reasons": ["it did not pass its gate"]}, "did not pass its gate"),
        ({"reasons": ["the case has changed since"]}, "the case has changed"),
        ({"reasons": ["one", "two"]}, "2 problems"),
        ({"record": Record(origin="2024-01-31")}, "conditioned to 2024-01-31"),
        ({"record": Record(seed=8)}, "not of the seed and lineage"),
        (
            {"lineage": sl.Lineage((sl.Stretch(0, np.arange(64), None),))},
            "not of the seed and lineage",
        ),
    ],
)
@pytest.mark.parametrize("prior", [False, True])
def test_a_conditioned_ensemble_that_does_not_hold_is_refused(
    conditioned_run, lineage, tmp_path, changes, match, prior
):
    other = replace(Conditioned(lineage), **changes)
    options = {"weeks": 1, "conditioned": other, "prior": prior}

    with pytest.raises(sl.ForecastError, match=match):
        sl.publish_forecast(conditioned_run, tmp_path, **options)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("days", "weeks", "most"),
    [(20, 3, 2), (6, 1, 0), (13, 2, 1), (7, 1, 1), (20, 2, 2)],
)
def test_weeks_for_which_no_gate_was_passed_are_refused(
    toy, lineage, tmp_path, days, weeks, most
):
    run = sl.simulate(toy, days=days_for(toy, 3), seed=7, lineage=lineage)
    record = Record(days=days_for(toy, 0) + days)
    options = {"weeks": weeks, "conditioned": Conditioned(lineage, record)}

    if weeks <= most:
        sl.publish_forecast(run, tmp_path, **options)
        return
    with pytest.raises(sl.ForecastError, match=f"weeks is {weeks}; expected at most"):
        sl.publish_forecast(run, tmp_path, **options)
    assert not any(tmp_path.iterdir())


def test_a_run_of_a_lineage_is_not_published_as_the_prior(conditioned_run, tmp_path):
    with pytest.raises(sl.ForecastError, match="it is not the prior"):
        sl.publish_forecast(conditioned_run, tmp_path, weeks=1, prior=True)


def test_a_run_of_the_prior_is_not_published_as_conditioned(run, lineage, tmp_path):
    with pytest.raises(sl.ForecastError, match="not of the seed and lineage"):
        sl.publish_forecast(run, tmp_path, weeks=1, conditioned=Conditioned(lineage))


@dataclass
class Ensemble(Conditioned):
    """A conditioned ensemble made up that can be simulated."""

    case: sl.Case | None = None

    def simulate(self, **options):
        assert not self.reasons, "simulated before it was refused"
        return sl.simulate(self.case, seed=7, lineage=self.lineage, **options)


@pytest.fixture
def ensemble(toy, lineage, monkeypatch, tmp_path):
    """Give the conditioned ensemble that is kept in any folder."""
    monkeypatch.chdir(tmp_path)
    kept = Ensemble(lineage, case=toy)
    monkeypatch.setattr(conditioned, "load_conditioned", lambda *_: kept)
    return kept


def publish(*arguments):
    done = CliRunner().invoke(app, ["forecast", "publish", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.mark.usefixtures("ensemble")
def test_the_verb_publishes_a_conditioned_ensemble(conditioned_run, tmp_path):
    code, said = publish("toy", "--weeks", 2, "--conditioned", "kept")
    assert code == 0, said
    run = conditioned_run.save(tmp_path / "runs")
    assert publish(run, "--weeks", 1, "--conditioned", "kept")[0] == 0
    assert publish(run, "--weeks", 1)[0] == 2
    code, said = publish(run, "--weeks", 3, "--conditioned", "kept")
    assert (code, "weeks is 3; expected at most 2" in said) == (2, True)

    table = sl.read_forecasts(tmp_path / "forecasts")
    assert table["is_prior"].tolist() == [False, False]
    assert table["origin"].tolist() == [date(2024, 2, 29)] * 2


def test_the_verb_refuses_an_ensemble_that_does_not_hold(
    ensemble, tmp_path, monkeypatch
):
    ensemble.reasons = ("it did not pass its gate",)

    code, said = publish("toy", "--weeks", 2, "--conditioned", "kept")
    assert (code, "did not pass its gate" in said) == (2, True)
    ensemble.reasons = ()
    monkeypatch.setattr(sl, "simulate", None)  # told before the work
    code, said = publish("toy", "--weeks", 3, "--conditioned", "kept")
    assert (code, "weeks is 3; expected at most 2" in said) == (2, True)
    code, said = publish("toy", "--prior", "--conditioned", "kept")
    assert (code, "expected one of them" in said) == (2, True)
    assert not any(tmp_path.iterdir())


def test_a_file_tells_the_scenario_it_supposes(toy, tmp_path):
    options = {"days": days_for(toy, 1), "members": 64, "scenario": "no-escorts"}
    run = sl.simulate(toy, **options)
    file = sl.publish_forecast(run, tmp_path, weeks=1, prior=True)

    forecast, _ = read_forecast(file)
    assert "scenario no-escorts" in forecast.basis.text
    assert forecast.request["scenario"]["name"] == "no-escorts"


def test_a_forecast_is_published_once(register, forecasts):
    before = (register / INDEX).read_bytes()

    with pytest.raises(sl.ForecastError, match="already"):
        enter(register, forecasts[0])
    assert (register / INDEX).read_bytes() == before


def test_weeks_that_the_run_has_not_are_refused(run, tmp_path):
    with pytest.raises(ValueError, match="weeks is 6; expected 1 to 5"):
        sl.publish_forecast(run, tmp_path, weeks=6, prior=True)
    assert not any(tmp_path.iterdir())


def test_several_who_publish_at_once_make_one_chain(forecasts, tmp_path):
    with ThreadPoolExecutor(COUNT) as executor:
        list(executor.map(lambda each: enter(tmp_path / "all", each), forecasts))

    assert len(read_entries(tmp_path / "all")) == COUNT


def test_an_unaltered_register_is_read(register):
    table = sl.read_forecasts(register)

    assert table["number"].tolist() == [1, 2, 3]
    assert (table["outcomes"] == 0).all()
    assert table["in_80"].isna().all()
    assert sl.read_forecasts(register, entry=table["entry"].iloc[0]).equals(table)


@pytest.mark.parametrize("name", ["absent", ".", "file"])
def test_what_is_no_register_is_not_called_unaltered(tmp_path, name):
    (tmp_path / "file").write_text("text")

    refused(tmp_path / name, "holds no register")


def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path, forecasts):
    (tmp_path / "file").write_text("text")

    with pytest.raises(sl.SupplylineError, match="cannot be written"):
        enter(tmp_path / "file", forecasts[0])


def test_every_changed_byte_of_the_register_is_seen(register):
    path = register / INDEX
    content = path.read_bytes()

    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        path.write_bytes(changed)
        with pytest.raises(sl.ForecastError):
            read_entries(register)
    path.write_bytes(content)
    read_entries(register)


@pytest.mark.parametrize("number", range(COUNT))
def test_a_changed_byte_of_a_forecast_is_seen(register, number):
    path = files_of(register)[number]
    content = path.read_bytes()

    for at in np.linspace(0, len(content) - 1, 97).astype(int):
        changed = bytearray(content)
        changed[at] ^= 1
        path.write_bytes(changed)
        refused(register, path.name)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\N{BYTE ORDER MARK}" + text,
        lambda text: text + "\n",
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("toy,", '"toy",', 1),
        lambda text: text.replace("1,toy", "01,toy", 1),
        lambda text: text.replace("\n1,", "\n 1,", 1),
        lambda text: text[:0],
        lambda text: text.splitlines(keepends=True)[0],
    ],
)
def test_a_register_that_was_written_otherwise_is_seen(register, change):
    path = register / INDEX
    path.write_bytes(change(path.read_bytes().decode()).encode())

    refused(register, "problem")


@pytest.mark.parametrize("gone", range(COUNT))
def test_an_entry_that_is_gone_is_seen(register, gone):
    path = register / INDEX
    head, *lines = path.read_text().splitlines(keepends=True)
    del lines[gone]
    path.write_text("".join([head, *lines]))

    refused(register, INDEX)


def test_entries_in_another_order_are_seen(register):
    path = register / INDEX
    head, first, second, third = path.read_text().splitlines(keepends=True)
    path.write_text(f"{head}{second}{first}{third}")

    refused(register, "before")


def test_a_file_that_is_gone_renamed_or_exchanged_is_seen(register):
    first, second, _ = files_of(register)
    content = first.read_bytes()

    first.unlink()
    refused(register, f"{first.name}: is missing")
    first.write_bytes(second.read_bytes())
    refused(register, "which its name does not tell")
    first.unlink()
    (register / f"toy-{digest(content)[:12]}.json").write_bytes(content)
    refused(register, "is not in register.csv")


def test_all_faults_are_told_at_once(register):
    for path in files_of(register):
        path.write_bytes(path.read_bytes() + b" ")

    refused(register, "3 problems")


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "f" * 64},
        {"case": "mali"},
        {"origin": date(2023, 12, 31)},
        {"published_on": date(2024, 2, 29)},
    ],
)
def test_a_last_entry_whose_chain_is_mended_but_says_otherwise_is_seen(
    register, changes
):
    last = read_entries(register)[-1].model_copy(update=changes)
    path = register / INDEX
    lines = path.read_text().splitlines(keepends=True)
    lines[-1] = ",".join([*last.cells(), last.hash]) + "\n"
    path.write_text("".join(lines))

    refused(register, f"{next(iter(changes))} is .* as register.csv says")


def test_a_register_written_anew_is_seen_by_an_entry_kept_elsewhere(
    register, forecasts, tmp_path
):
    last = read_entries(register)[-1].entry
    anew = tmp_path / "anew"
    for forecast in forecasts[1:]:
        enter(anew, forecast)

    assert len(sl.read_forecasts(anew)) == COUNT - 1
    with pytest.raises(sl.ForecastError, match="has no entry"):
        sl.read_forecasts(anew, entry=last)


def put(folder, content):
    """Write a file whose name tells its hash, as one who forges it would."""
    folder.mkdir(exist_ok=True)
    path = folder / f"toy-2024-02-29-{digest(content)[:12]}.json"
    path.write_bytes(content)
    return path


def edited(forecast, change):
    """Give the bytes of a forecast whose content is changed."""
    content = json.loads(forecast.to_bytes())
    change(content)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no published forecast"),
        (b"[]", "wrong"),
        (b"null", "wrong"),
        (b"{", "no published forecast"),
        (b"\xff\xfe{}", "UTF-16"),
        (b'{"case": "\xe9"}', "not UTF-8"),
        (b"\0", "NUL"),
        (b"[" * 200_000, "no published forecast"),
        (b'{"a":' * 100_000, "no published forecast"),
        (b'{"weeks": NaN}', "NaN"),
        (b'{"weeks": 1' + b"0" * 5000 + b"}", "no published forecast"),
    ],
)
def test_what_is_no_forecast_is_refused(tmp_path, content, match):
    with pytest.raises(sl.ForecastError, match=match):
        read_forecast(put(tmp_path, content))


def said(content):
    """Find what is said of a number."""
    [*_, received] = [s for s in content["series"] if s["name"] == "trucks_received"]
    return received["said"][0]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda c: c.pop("origin"), "origin"),
        (lambda c: c.update(extra=1), "extra"),
        (lambda c: c.update(levels=[0.5]), "levels"),
        (lambda c: c.update(horizon="2024-02-29"), "horizon"),
        (lambda c: c.update(weeks=10**9), "weeks"),
        (lambda c: c.update(case="../../etc"), "case"),
        (lambda c: c.update(title="\x1b[2J"), "control characters"),
        (lambda c: c["series"][0].update(definition="=1+1"), "spreadsheet"),
        (lambda c: c["series"][0].update(name="a b"), "name"),
        (lambda c: said(c).update(label="\u202e"), "control characters"),
        (lambda c: said(c).update(start="2030-01-01"), "end is before start"),
        (lambda c: said(c).update(chance=0.5), "expected one of them"),
        (lambda c: said(c).update(never_share=1.5), "never_share"),
        (lambda c: said(c).update(quantiles=[1, 2]), "rising"),
        (lambda c: said(c).update(quantiles=[7, 6, 5, 4, 3, 2, 1]), "rising"),
        (lambda c: said(c).update(quantiles=None), "quantiles go with"),
    ],
)
def test_a_forged_forecast_that_makes_no_sense_is_refused(
    tmp_path, forecasts, change, match
):
    path = put(tmp_path, edited(forecasts[0], change))

    with pytest.raises(sl.ForecastError, match=match):
        read_forecast(path)


def test_what_is_no_plain_file_is_not_opened(register, tmp_path, monkeypatch):
    first, second, _ = files_of(register)
    content = first.read_bytes()
    (tmp_path / "elsewhere").write_bytes(content)
    first.unlink()
    first.symlink_to(tmp_path / "elsewhere")
    refused(register, "is a link")
    first.unlink()
    first.mkdir()
    refused(register, "is no plain file")
    first.rmdir()
    first.write_bytes(content)
    monkeypatch.setattr(read, "MAX_FILE_BYTES", second.stat().st_size - 1)
    refused(register, "large")


@pytest.mark.parametrize("name", ["../toy.json", "a/b.json", "toy.txt", "-x.json"])
def test_an_entry_names_a_file_beside_it(register, name):
    path = register / INDEX
    entry = read_entries(register)[0]
    path.write_text(path.read_text().replace(entry.file, name))

    refused(register, "file")
