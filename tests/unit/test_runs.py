"""Runs in memory and on disk: what is saved is what is read, or it is refused."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from made_regime import made_regime_run
from supplyline.engine.run_cache import simulate_once
from supplyline.engine.simulate import simulate, simulate_again
from supplyline.errors import RunError
from supplyline.runs import (
    FUEL_ACCOUNTS,
    MANIFEST,
    TRUCK_ACCOUNTS,
    Arguments,
    Manifest,
    Run,
    load_run,
    manifest_of,
    read_manifest,
    request_of,
    verify,
)
from supplyline.runs.layout import COUNTRY_TABLES, LAYOUT, TABLES, unit_of
from worlds import changed, fixed, without

ARGUMENTS = Arguments(days=5, members=70, seed=7)


@pytest.fixture(scope="module")
def run(toy):
    return simulate(toy, days=5, members=70, seed=7)


@pytest.fixture(scope="module")
def saved(run, tmp_path_factory):
    return run.save(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def folder(saved, tmp_path):
    """Give a copy of the run folder that a test may spoil."""
    return shutil.copytree(saved, tmp_path / saved.name)


def part(table, members=70):
    """Name the file of a table of a small run."""
    return f"{table}/0000000-{members:07d}.parquet"


def rewrite(folder, **fields):
    """Change fields of a manifest."""
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **fields}), encoding="utf-8")


def test_a_folder_is_named_by_case_scenario_and_request(run, saved):
    assert saved.name == run.manifest.name == f"toy-baseline-{run.manifest.run}"
    assert sorted(path.name for path in saved.iterdir()) == sorted(
        [*run.tables, MANIFEST, "case"]
    )


def test_what_is_read_is_what_was_saved(run, saved):
    again = load_run(saved)

    for name in ("daily", "weekly", "ledger"):
        one, other = getattr(run, name), getattr(again, name)
        assert one.equals(other), name
        assert {n: v.attrs for n, v in one.items()} == {
            n: v.attrs for n, v in other.items()
        }
        assert set(one.coords) == set(other.coords)
    pd.testing.assert_frame_equal(again.losses, run.losses)
    pd.testing.assert_frame_equal(again.params, run.params)
    assert len(run.losses) > 0
    assert again.case.hashes == run.case.hashes
    assert again.manifest.request == run.manifest.request
    assert repr(again) == repr(run)


def test_a_run_of_a_changed_case_holds_the_changed_case(toy, tmp_path):
    small = simulate(changed(toy, *fixed(truck_kl=8)), days=0, members=4, seed=1)

    again = load_run(small.save(tmp_path))

    assert (again.params["truck_kl"] == 8).all()
    assert again.case.params.set_index("param").loc["truck_kl", "a"] == 8


@pytest.fixture(scope="module")
def country(toy):
    return made_regime_run(toy, members=8)


@pytest.fixture(scope="module")
def saved_country(country, tmp_path_factory):
    return country.save(tmp_path_factory.mktemp("countries"))


def test_a_country_is_read_as_it_was_saved(country, saved_country):
    again = load_run(saved_country)

    assert again.has_country
    assert country.tables == again.tables == (*TABLES, *COUNTRY_TABLES)
    for name in ("daily", "weekly", "ledger"):
        one, other = getattr(country, name), getattr(again, name)
        assert one.equals(other), name
        assert {n: v.attrs for n, v in one.items()} == {
            n: v.attrs for n, v in other.items()
        }
    assert {v.dtype for v in again.weekly.values()} == {np.dtype(np.float32)}
    assert verify(saved_country).schema_version == 3


@pytest.mark.parametrize("name", COUNTRY_TABLES)
def test_a_country_without_one_of_its_tables_is_told(saved_country, tmp_path, name):
    folder = shutil.copytree(saved_country, tmp_path / saved_country.name)
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    del content["outputs"][part(name, 8)]
    rewrite(folder, outputs=content["outputs"])
    (folder / part(name, 8)).unlink()

    with pytest.raises(RunError, match=f"{part(name, 8)}: absent"):
        load_run(folder)


def test_every_table_of_a_country_has_its_rows(country, saved_country):
    outputs = verify(saved_country).outputs
    rows = {name.partition("/")[0]: output.rows for name, output in outputs.items()}
    weeks = country.weekly.sizes["week"]

    assert rows["regions"] == 8 * weeks * len(country.case.regions)
    assert rows["groups"] == 8 * weeks * len(country.case.groups)
    assert rows["attacks"] == 8 * weeks * len(country.case.attacks)
    assert rows["people_ledger"] == 8 * 7
    assert set(rows) == {*LAYOUT, "losses", "params"}


def test_a_series_is_found_by_region_group_and_attack(country):
    upland = country.series("attacks", region="upland")
    assert upland.equals(country.weekly["region_attacks"].sel(region="upland"))
    rovers = country.series("cash_usd", group="rovers")
    assert (rovers.dims, rovers.attrs["units"]) == (("member", "week"), "USD")
    raids = country.series("attacks", attack="mine")
    assert raids.equals(country.weekly["attack_attacks"].sel(attack="mine"))
    assert country.series("attacks").dims == ("member", "day")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"region": "nowhere"}, "region is 'nowhere'; expected one of lowland, upland"),
        ({"group": "nobody"}, "group is 'nobody'; expected one of raiders, rovers"),
        ({"region": "upland", "group": "raiders"}, "region, group are given"),
        ({"region": "upland", "place": "farfield"}, "place, region are given"),
    ],
)
def test_a_series_that_is_not_there_is_told(country, asked, message):
    with pytest.raises(ValueError, match=message):
        country.series("attacks", **asked)


def test_an_output_without_a_unit_is_refused():
    assert unit_of("group_gold_usd", "XXX") == "USD"
    assert unit_of("covariate_price", "XXX") == "1"
    assert unit_of("region_harm_killed", "XXX") == "persons"
    with pytest.raises(ValueError, match="no unit goes with an output named 'wonder'"):
        unit_of("wonder", "XXX")


def test_an_ensemble_without_losses_is_read_back(toy, tmp_path):
    peace = simulate(changed(toy, without("ban")), days=0, members=2, seed=1)
    assert peace.losses.empty

    again = load_run(peace.save(tmp_path))

    assert again.losses.empty
    pd.testing.assert_frame_equal(again.losses, peace.losses)
    assert "A2" in again.losses["segment"].cat.categories


def test_the_manifest_says_how_the_run_was_made(run, saved):
    manifest = verify(saved)

    assert manifest == read_manifest(saved)
    assert manifest.arguments == ARGUMENTS
    assert manifest.seed == 7
    assert manifest.scenario == "baseline"
    assert (manifest.start, manifest.cutoff) == ("2024-01-01", "2024-02-29")
    assert set(manifest.outputs) == {part(table) for table in run.tables}
    assert manifest.outputs[part("nation")].rows == 70 * 65
    assert {"numpy", "numba", "python", "platform"} <= set(manifest.environment)
    assert manifest.resources["peak_memory_mb"] > 0
    assert run.manifest.outputs == {}


def test_the_same_request_has_the_same_name(toy, run):
    def named(case=toy, scenario=None, arguments=ARGUMENTS):
        return request_of(case, scenario, arguments).run

    assert named() == run.manifest.run
    others = {
        named(arguments=Arguments(days=5, members=70, seed=8)),
        named(arguments=Arguments(days=5, members=71, seed=7)),
        named(arguments=Arguments(days=6, members=70, seed=7)),
        named(scenario=toy.scenarios()["no-escorts"]),
        named(case=changed(toy, *fixed(truck_kl=8))),
    }
    assert len(others | {named()}) == 6


def test_versions_are_read_once(run, toy, monkeypatch):
    monkeypatch.setattr(
        "importlib.metadata.distribution", lambda name: pytest.fail(f"{name} read anew")
    )

    request = request_of(toy, None, run.manifest.arguments)
    code = run.manifest.environment["kernels"]
    again = manifest_of(request, toy, 1.0, (), code)

    assert again.environment == run.manifest.environment


@pytest.mark.parametrize("name", [part(table) for table in TABLES])
def test_an_altered_table_is_told(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)

    for reader in (verify, load_run):
        with pytest.raises(RunError, match=f"altered\n  {name}: its SHA-256 is not"):
            reader(folder)


@pytest.mark.parametrize("name", [part(table) for table in TABLES])
def test_an_absent_table_is_told(folder, name):
    (folder / name).unlink()

    for reader in (verify, load_run):
        with pytest.raises(RunError, match=f"{name}: absent"):
            reader(folder)


@pytest.mark.parametrize(
    "name", ["case.toml", "places.csv", "segments.csv", "params.csv"]
)
def test_an_altered_case_is_told(folder, name):
    path = folder / "case" / name
    path.write_bytes(path.read_bytes() + b"\n")

    for reader in (verify, load_run):
        with pytest.raises(RunError, match=f"case/{name}: its SHA-256 is not"):
            reader(folder)


def test_a_case_that_cannot_be_read_is_told(folder):
    (folder / "case" / "places.csv").unlink()

    with pytest.raises(RunError, match=r"(?s)altered.*case/places\.csv: absent"):
        load_run(folder)


def test_all_that_is_altered_is_told_at_once(folder):
    for name in (part("nation"), part("losses")):
        (folder / name).write_bytes(b"")
    (folder / "case" / "segments.csv").write_bytes(b"")

    with pytest.raises(RunError) as caught:
        verify(folder)

    for name in (part("nation"), part("losses"), "segments.csv"):
        assert name in str(caught.value)


def test_an_altered_request_is_told(folder):
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    content["request"]["arguments"]["seed"] = 8
    rewrite(folder, request=content["request"])

    with pytest.raises(RunError, match="its request says otherwise"):
        verify(folder)


@pytest.mark.parametrize("schema", [0, 4, "1", None, True])
def test_another_version_of_the_format_is_told(folder, schema):
    rewrite(folder, schema_version=schema)

    for reader in (verify, load_run, read_manifest):
        with pytest.raises(
            RunError, match=r"schema_version is .*; this version reads 1, 2 and 3"
        ):
            reader(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a manifest"),
        (b"{", "is not a manifest"),
        (b"\xff\xfe", "is not a manifest"),
        (b"[]", "schema_version is None"),
        (b'{"schema_version": 1}', "Field required"),
    ],
)
def test_what_is_no_manifest_is_told(folder, content, message):
    (folder / MANIFEST).write_bytes(content)

    with pytest.raises(RunError, match=message):
        load_run(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"run": 3},
        {"unknown": 1},
        {"request": {}},
        {"warnings": "none"},
        {"outputs": {part("nation"): {"sha256": "x"}}},
    ],
)
def test_a_manifest_with_wrong_fields_is_told(folder, fields):
    rewrite(folder, **fields)

    with pytest.raises(RunError, match=next(iter(fields))):
        read_manifest(folder)


def test_a_folder_without_manifest_is_no_run(tmp_path):
    with pytest.raises(
        RunError, match=r"is not a run folder: it has no manifest\.json"
    ):
        load_run(tmp_path)
    with pytest.raises(RunError, match="is not a run folder"):
        load_run(tmp_path / "nowhere")


def test_a_path_in_the_manifest_leads_nowhere_else(folder):
    output = {"sha256": "0" * 64, "rows": 1}
    rewrite(folder, outputs={"../../secret": output})

    with pytest.raises(RunError, match=r"secret: absent"):
        verify(folder)


def test_an_interrupted_save_leaves_nothing(run, tmp_path, monkeypatch):
    def fail(*_, **__):
        message = "disk full"
        raise OSError(message)

    monkeypatch.setattr("supplyline.runs.parquet.pq.write_table", fail)

    with pytest.raises(OSError, match="disk full"):
        run.save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_save_that_fails_keeps_the_folder_that_was_there(run, folder, monkeypatch):
    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("supplyline.runs.parquet.pq.write_table", fail)

    with pytest.raises(KeyboardInterrupt):
        run.save(folder.parent)
    assert verify(folder)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_spoilt_folder_of_the_same_name_is_replaced(run, folder):
    (folder / part("nation")).write_bytes(b"")

    assert run.save(folder.parent) == folder
    assert verify(folder)


def test_a_rerun_must_be_identical(folder):
    assert verify(folder, rerun=simulate_again)

    def otherwise(saved):
        again = simulate_again(saved)
        return replace(again, params=again.params + 1e-9)

    with pytest.raises(RunError, match=r"a rerun of .* differs in params") as fault:
        verify(folder, rerun=otherwise)
    assert "are those it was made with" in str(fault.value)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"numpy": "2.0.1"}, "numpy: {numpy} when it was made, 2.0.1 now"),
        (
            {"processor": "Cray-1"},
            "processor: {processor} when it was made, Cray-1 now",
        ),
        ({"platform": "sunos-sparc"}, "platform: {platform} when it was made, sunos-"),
        ({"scipy": "1.17"}, "scipy: not told when it was made, 1.17 now"),
    ],
    ids=["a library", "the processor", "the platform", "told only now"],
)
def test_a_differing_rerun_tells_what_the_machine_has_otherwise(folder, change, line):
    made = read_manifest(folder).environment

    def elsewhere(saved):
        again = simulate_again(saved)
        manifest = again.manifest.model_copy(update={"environment": made | change})
        return replace(again, params=again.params + 1e-9, manifest=manifest)

    with pytest.raises(RunError) as fault:
        verify(folder, rerun=elsewhere)

    _, *lines = str(fault.value).splitlines()
    assert len(lines) == 1
    assert line.format(**made) in lines[0]


def test_the_manifest_names_processor_and_arithmetic(run):
    environment = run.manifest.environment

    assert environment["processor"]
    assert environment["elementary_functions"] == "supplyline"


def test_a_scenario_is_rerun_from_its_manifest(toy, tmp_path):
    alt = simulate(toy, scenario="no-escorts", days=8, members=8, seed=3)

    folder = alt.save(tmp_path)

    assert folder.name.startswith("toy-no-escorts-")
    assert verify(folder, rerun=simulate_again)


def test_a_request_is_simulated_once(toy, tmp_path):
    first, again = (
        simulate_once(toy, tmp_path, scenario=None, arguments=ARGUMENTS)
        for _ in range(2)
    )

    assert (first.is_old, again.is_old) == (False, True)
    assert first.folder == again.folder
    assert first.run.daily.equals(again.run.daily)
    (first.folder / part("nation")).write_bytes(b"")
    third = simulate_once(toy, tmp_path, scenario=None, arguments=ARGUMENTS)
    assert not third.is_old
    assert part("nation") in third.fault
    assert verify(third.folder)


def test_series_are_chosen_by_name(run):
    assert run.series("trucks_lost").dims == ("member", "day")
    assert run.series("stock_kl", place="highcourt").dims == (
        "member",
        "day",
        "product",
    )
    weekly = run.series("stock_kl", place="millford", product="kerosene")
    assert weekly.dims == ("member", "week")
    assert run.series("trucks_sent", corridor="C-ROAD").dims == ("member", "week")
    days = run.days_of_supply("highcourt", "gas_oil")
    assert days.dims == ("member", "day")
    assert days.attrs["units"] == "days"


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"name": "stock"}, "name is 'stock'; expected one of trucks_sent"),
        ({"name": "stock_kl", "place": "nowhere"}, "place is 'nowhere'; expected one"),
        ({"name": "stock_kl", "product": "tea"}, "product is 'tea'; expected one of"),
        ({"name": "trucks_sent", "corridor": "X"}, "corridor is 'X'; expected one of"),
    ],
)
def test_an_unknown_series_is_told(run, chosen, message):
    with pytest.raises(ValueError, match=message):
        run.series(**chosen)


def test_every_output_has_a_unit_and_a_name(run):
    for data in (run.daily, run.weekly, run.ledger):
        for name, values in data.items():
            assert values.attrs["units"], name
            assert values.attrs["long_name"], name
    assert run.daily["price_per_l"].attrs["units"] == "XXX/l"
    assert run.daily["trucks_sent"].dtype == np.float32
    assert tuple(run.ledger["fuel_account"].to_numpy()) == FUEL_ACCOUNTS
    assert tuple(run.ledger["truck_account"].to_numpy()) == TRUCK_ACCOUNTS


def test_the_log_of_losses_adds_up_to_the_losses(run):
    assert run.losses["trucks_lost"].sum() == float(run.daily["trucks_lost"].sum())
    by_day = run.losses.groupby(["member", "day"])["trucks_lost"].sum()
    for (member, day), lost in by_day.items():
        assert lost == float(run.daily["trucks_lost"].sel(member=member, day=day))
    assert (run.losses["trucks_lost"] <= run.losses["trucks"]).all()
    assert (run.losses["trucks_looted"] <= run.losses["trucks_lost"]).all()


def test_a_run_and_its_manifest_cannot_be_changed(run):
    assert isinstance(run, Run)
    assert isinstance(run.manifest, Manifest)
    with pytest.raises(AttributeError):
        run.daily = None
    with pytest.raises(ValueError, match="frozen"):
        run.manifest.run = "x"
