"""A run for other programs: each format holds numbers, units and the terms."""

import csv
import json
import sys
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

import supplyline as sl
from supplyline.analysis.chunks import rows_of
from supplyline.case.frames import Frames
from supplyline.cli import app
from supplyline.exports.about import about
from supplyline.exports.arrays import PARTS, quantile_arrays
from supplyline.exports.export import FORMATS
from supplyline.exports.geojson import cut_line
from supplyline.exports.quantiles import LEVELS, over_members
from supplyline.exports.tables import QUANTILES, run_tables
from supplyline.exports.texts import guarded
from supplyline.report.series import rounded
from supplyline.report.towns import HORIZONS, town_reader, towns_of

ROOT = Path(__file__).resolve().parents[2]
FORMULAS = ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1")


def needs(*packages):
    missing = [name for name in packages if find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}")


needs_charts, needs_sheets = needs("matplotlib"), needs("openpyxl")
needs_arrays = needs("scipy")


@pytest.fixture(scope="module")
def run(toy):
    return sl.simulate(toy, days=70, members=30, seed=3)


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    return sl.export(run, tmp_path_factory.mktemp("out") / "csv", members=True)


@pytest.fixture(scope="module")
def codebook(folder):
    return pd.read_csv(folder / "codebook.csv", keep_default_na=False)


def test_every_column_of_every_file_is_in_the_codebook(folder, codebook):
    for file in sorted(folder.glob("*.csv")):
        if file.stem in ("about", "codebook"):
            continue
        with file.open(encoding="utf-8", newline="") as rows:
            head = next(csv.reader(rows))
        told = codebook[codebook["table"] == file.stem]
        assert list(head) == [name for name in told["column"] if name], file.name


def test_every_output_and_number_has_a_unit_and_a_meaning(folder, codebook):
    assert (codebook["meaning"] != "").all()
    for file in sorted(folder.glob("*.csv")):
        if file.stem in ("about", "codebook"):
            continue
        frame = pd.read_csv(file)
        told = codebook[codebook["table"] == file.stem].set_index("column")["unit"]
        if "unit" in frame:
            assert frame["unit"].notna().all()
            continue
        for name, column in frame.items():
            if column.dtype.kind == "f" and name in told.index:
                assert told[name], f"{file.stem}: {name}"


def test_what_goes_with_it_names_the_run_and_its_terms(run, folder):
    told = pd.read_csv(folder / "about.csv", index_col="name")["value"]

    assert told["run"] == run.manifest.name
    assert told["cutoff"] == str(run.manifest.cutoff)
    assert told["licence"] == run.case.config.licence
    assert "50 %" in told["shortage"]


def test_quantiles_in_a_file_are_those_of_the_run(run, folder):
    nation = pd.read_csv(folder / "nation.csv", parse_dates=["day"])
    rows = nation[nation["output"] == "trucks_delivered"].set_index("day")

    expected = run.daily["trucks_delivered"].quantile(list(LEVELS), "member")

    found = rows[list(QUANTILES)].to_numpy().T
    np.testing.assert_allclose(found, expected.to_numpy(), rtol=1e-6)


@pytest.mark.parametrize(
    "values",
    [
        np.arange(12.0).reshape(4, 3),
        np.array([[1.0, np.nan], [np.nan, np.nan], [5.0, np.nan]]),
        np.array([[7.0]]),
        np.array([[2.0, np.inf], [1.0, 3.0]]),
    ],
    ids=["whole", "missing", "one course", "infinite"],
)
@pytest.mark.filterwarnings("ignore:All-NaN|invalid value")
def test_quantiles_leave_out_courses_without_a_value(values):
    found = over_members(values.astype(np.float32))

    finite = np.where(np.isfinite(values), values, np.nan)
    expected = np.nanquantile(finite, LEVELS, axis=0)
    same = ~np.isinf(values).any(axis=0)
    np.testing.assert_allclose(found[:, same], expected[:, same], rtol=1e-6)


def test_a_file_by_member_holds_the_table_of_the_run(run, folder):
    depots = pd.read_csv(folder / "depots_members.csv", parse_dates=["week"])

    table = run.table("depots").to_pandas()

    assert len(depots) == len(table)
    for name in table.select_dtypes("float32"):
        np.testing.assert_array_equal(depots[name].astype("float32"), table[name])


def towns_from_csv(folder):
    """Run the script of the docs on a folder."""
    space = {"__name__": "script"}
    path = ROOT / "docs" / "how-to" / "towns_from_csv.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), space)  # noqa: S102
    return space["towns"](folder)


def printed(quantity, value):
    """Print a number of the script as the brief prints its own."""
    if value is None or pd.isna(value):
        return None
    plain = value.date() if isinstance(value, pd.Timestamp) else float(value)
    made = replace(quantity, value=plain, low=None, high=None)
    return (rounded(made, 1) if made.unit == "days" else made).short


@pytest.mark.parametrize("days", [20, 70, 200])
@pytest.mark.parametrize("short_for", [1, 3, 10])
def test_the_towns_of_a_brief_are_made_anew_from_csv(toy, tmp_path, days, short_for):
    run = sl.simulate(toy, days=days, members=31, seed=5)
    folder = sl.export(run, tmp_path / "csv", short_for=short_for)

    made = towns_from_csv(folder).to_dict("records")

    [read] = rows_of(run, town_reader(short_for))
    told = towns_of(run, read, short_for).rows
    assert [row["title"] for row in made] == [town.title for town in told]
    assert [row["product"] for row in made] == [town.product for town in told]
    for row, town in zip(made, told, strict=True):
        chances = (f"chance_{horizon}d" for horizon in HORIZONS)
        pairs = [
            (town.already, row["already"]),
            *zip(town.chances, (row[name] for name in chances), strict=True),
            (town.first, row["first_likely"]),
            (town.days_of_supply, row["days_of_supply"]),
            (town.missing, row["missing_million_l"]),
            (town.people, row["people"]),
        ]
        for quantity, value in pairs:
            expected = None if quantity is None else quantity.short
            assert printed(quantity, value) == expected


def test_the_chance_ahead_is_counted_by_hand(run, folder):
    days = run.daily.indexes["day"]
    ahead = days > pd.Timestamp(run.manifest.cutoff)
    short = run.is_short.to_numpy()
    row = pd.read_csv(folder / "towns.csv").iloc[0]
    place = list(run.is_short["place"].to_numpy()).index(row["place"])
    product = list(run.is_short["product"].to_numpy()).index(row["product"])

    count = 0
    for course in short[:, :, place, product]:
        lengths, length = [], 0
        for is_short in course:
            length = length + 1 if is_short else 0
            lengths.append(length)
        count += max(np.array(lengths)[ahead][:30]) >= 3

    assert row["chance_30d_share"] == pytest.approx(count / len(short))


def test_chances_beyond_the_last_day_are_empty(folder):
    towns = pd.read_csv(folder / "towns.csv")

    assert towns["chance_60d_share"].notna().all()
    assert towns["chance_180d_share"].isna().all()


POSITION = {"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "number"}}
LINE = {"type": "array", "minItems": 2, "items": POSITION}
GEOMETRIES = {
    "Point": POSITION,
    "LineString": LINE,
    "MultiLineString": {"type": "array", "items": LINE},
}
RFC7946 = {
    "type": "object",
    "required": ["type", "features"],
    "not": {"anyOf": [{"required": [k]} for k in ("coordinates", "geometry", "crs")]},
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": ["string", "number"]},
                    "properties": {"type": ["object", "null"]},
                    "geometry": {
                        "oneOf": [
                            {
                                "type": "object",
                                "required": ["type", "coordinates"],
                                "properties": {
                                    "type": {"const": kind},
                                    "coordinates": shape,
                                },
                            }
                            for kind, shape in GEOMETRIES.items()
                        ]
                    },
                },
            },
        },
    },
}
"""What RFC 7946 asks of a collection of points and lines."""


def positions(coordinates):
    if isinstance(coordinates[0], int | float):
        return [coordinates]
    return [each for part in coordinates for each in positions(part)]


@pytest.fixture(scope="module")
def maps(run, tmp_path_factory):
    folder = sl.export(run, tmp_path_factory.mktemp("out") / "maps", ["geojson"])
    return {file.stem: json.loads(file.read_bytes()) for file in folder.iterdir()}


def test_maps_are_geojson_with_longitude_first(toy, maps):
    assert set(maps) == {"places", "corridors"}
    for held in maps.values():
        assert not list(Draft202012Validator(RFC7946).iter_errors(held))
        for feature in held["features"]:
            for lon, lat in positions(feature["geometry"]["coordinates"]):
                assert abs(lon) <= 180
                assert abs(lat) <= 90
    where = {each["id"]: each["geometry"] for each in maps["places"]["features"]}
    for row in toy.places.itertuples():
        assert where[row.place]["coordinates"] == [row.lon, row.lat]


def test_a_corridor_goes_from_its_origin_to_its_destination(toy, maps):
    places = toy.places.set_index("place")
    lines = {each["id"]: each["geometry"] for each in maps["corridors"]["features"]}
    assert set(lines) == set(toy.corridors["corridor"])
    for row in toy.corridors.itertuples():
        ends = positions(lines[row.corridor]["coordinates"])
        for at, place in ((0, row.origin), (-1, row.destination)):
            assert ends[at] == [places.loc[place, "lon"], places.loc[place, "lat"]]


def test_maps_have_results_with_units_and_terms(run, maps):
    product = run.case.config.products[0]
    towns = [each["properties"] for each in maps["places"]["features"]]
    assert any(f"{product}_chance_30d_share" in each for each in towns)
    assert "trucks_sent_per_week" in maps["corridors"]["features"][0]["properties"]
    for held in maps.values():
        assert held["about"]["licence"] == run.case.config.licence
        assert "[1]" in held["about"]["units"]["chance_30d_share"]


@pytest.mark.parametrize(
    ("points", "parts"),
    [
        ([[0.0, 0.0], [10.0, 0.0]], 1),
        ([[179.0, 0.0], [-179.0, 2.0]], 2),
        ([[-179.0, 0.0], [179.0, 2.0]], 2),
        ([[170.0, 0.0], [-170.0, 0.0], [170.0, 0.0]], 3),
        ([[180.0, 0.0], [-179.0, 1.0]], 2),
    ],
)
def test_a_line_over_the_half_turn_is_cut_there(points, parts):
    cut = cut_line(points)

    assert len(cut) == parts
    for part in cut:
        assert max(abs(b[0] - a[0]) for a, b in pairwise(part)) < 180
    assert cut[0][0] == points[0]
    assert cut[-1][-1] == points[-1]


@needs_arrays
def test_arrays_open_again_equal(run, tmp_path):
    folder = sl.export(run, tmp_path / "nc", ["netcdf"])

    for part in PARTS:
        expected = quantile_arrays(run, part, about(run, 3))
        with xr.open_dataset(folder / f"{part}.nc", engine="scipy") as opened:
            xr.testing.assert_equal(opened, expected)
            assert opened.attrs == expected.attrs
            for name, variable in opened.data_vars.items():
                assert variable.attrs["units"] == expected[name].attrs["units"]


@needs_sheets
def test_a_workbook_holds_the_tables_and_no_formula(run, tmp_path):
    book = pytest.importorskip("openpyxl").load_workbook(
        sl.export(run, tmp_path / "x", ["xlsx"]) / "run.xlsx"
    )

    names = [table.name for table in run_tables(run)]
    assert book.sheetnames == ["about", "codebook", "towns", "shortage", *names]
    for sheet in book:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds
    [head, first, *_] = book["depots"].iter_rows(values_only=True)
    assert isinstance(first[list(head).index("q50")], int | float)
    assert (
        f"{first[list(head).index('week')]:%Y}" == f"{run.daily.indexes['day'][0]:%Y}"
    )


@pytest.fixture
def hostile(run, request):
    """Give the run of a case whose titles a spreadsheet would run."""
    tables = {name: run.case.tables[name] for name in run.case.tables}
    for name in ("places", "corridors"):
        tables[name] = tables[name].assign(title=request.param)
    return replace(run, case=replace(run.case, tables=Frames(tables)))


@pytest.mark.parametrize("hostile", FORMULAS, indirect=True)
def test_no_name_is_a_formula_in_csv(hostile, tmp_path):
    folder = sl.export(hostile, tmp_path / "csv")

    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.reader(rows):
                texts = [cell for cell in row if not is_number(cell)]
                assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in texts)


@needs_sheets
@pytest.mark.parametrize("hostile", FORMULAS, indirect=True)
def test_no_name_is_a_formula_in_a_workbook(hostile, tmp_path):
    book = pytest.importorskip("openpyxl").load_workbook(
        sl.export(hostile, tmp_path / "x", ["xlsx"]) / "run.xlsx"
    )

    for row in book["towns"].iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value).startswith(tuple("=+@"))


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", ["Ségou", "C-SN-N", "a=b", "", "1 + 1"])
def test_an_ordinary_name_stays_as_it_is(text):
    assert guarded(text) == text


@needs("openpyxl", "scipy", "matplotlib")
def test_the_same_run_gives_the_same_bytes(run, tmp_path):
    first, second = (sl.export(run, tmp_path / name, FORMATS) for name in "ab")

    names = sorted(file.name for file in first.iterdir())
    assert names == sorted(file.name for file in second.iterdir())
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_what_fails_half_way_leaves_the_earlier_export(run, tmp_path, monkeypatch):
    folder = sl.export(run, tmp_path / "out", ["geojson"])
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("supplyline.exports.export.write_csv", fail)
    with pytest.raises(OSError, match="No space"):
        sl.export(run, folder)

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_with_anything_else_is_refused(run, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(sl.OutputError, match=r"notes\.txt"):
        sl.export(run, tmp_path)

    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("form", ["pdf", "CSV", "shp", ""])
def test_an_unknown_format_is_refused(run, tmp_path, form):
    with pytest.raises(ValueError, match="expected one of csv, xlsx, geojson"):
        sl.export(run, tmp_path / "out", [form])


def test_members_without_csv_are_refused(run, tmp_path):
    with pytest.raises(ValueError, match="only csv has them"):
        sl.export(run, tmp_path / "out", ["geojson"], members=True)


@pytest.mark.parametrize(
    ("form", "package", "extra"),
    [
        ("xlsx", "openpyxl", "export"),
        ("netcdf", "scipy", "export"),
        ("png", "matplotlib", "plot"),
        ("svg", "matplotlib", "plot"),
    ],
)
def test_a_missing_package_is_told_with_its_extra(
    run, tmp_path, monkeypatch, form, package, extra
):
    monkeypatch.setattr(
        "supplyline.exports.export.find_spec",
        lambda name: None if name == package else True,
    )

    with pytest.raises(sl.MissingExtraError, match=rf"supplyline\[{extra}\]"):
        sl.export(run, tmp_path / "out", [form])

    assert not (tmp_path / "out").exists()


def test_the_verb_writes_what_the_function_does(run, folder, tmp_path):
    saved = run.save(tmp_path / "runs")
    words = ["export", str(saved), "-o", str(tmp_path / "out"), "--for", "3d", "--json"]

    result = CliRunner().invoke(app, [*words, "--format", "csv", "--members"])

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["run"] == run.manifest.name
    for name in sorted(file.name for file in folder.iterdir()):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


def test_the_verb_refuses_an_unknown_format(run, tmp_path):
    saved = run.save(tmp_path / "runs")

    result = CliRunner().invoke(
        app, ["export", str(saved), "-o", str(tmp_path / "out"), "--format", "pdf"]
    )

    assert result.exit_code == 2
    assert "format is 'pdf'" in result.stderr


@needs_charts
class TestCharts:
    """`run.plot` draws on axes that can be drawn on further."""

    @pytest.fixture(autouse=True)
    def figures_closed(self):
        pytest.importorskip("matplotlib").use("agg")
        yield
        pytest.importorskip("matplotlib.pyplot").close("all")

    @pytest.mark.parametrize(
        ("name", "axis"),
        [
            ("days_of_supply", {"place": "capital"}),
            ("trucks_delivered", {}),
            ("trucks_sent", {"corridor": "corridor"}),
            ("fighters", {"group": "group"}),
        ],
    )
    def test_a_fan_shows_the_median_and_its_unit(self, run, name, axis):
        own = {
            "capital": run.case.config.capital,
            "corridor": run.case.corridors["corridor"].iloc[0],
            "group": run.interdictor,
        }
        axis = {key: own[value] for key, value in axis.items()}

        ax = run.plot.fan(name, **axis)

        series = run.series(name, **axis)
        if "product" in series.dims:
            series = series.isel(product=0)
        drawn = ax.lines[0].get_ydata()
        np.testing.assert_allclose(drawn, series.median("member"), rtol=1e-6)
        assert series.attrs["units"] in ax.get_ylabel()

    def test_towns_are_drawn_by_their_chance(self, run):
        ax = run.plot.towns()

        assert len(ax.get_yticklabels()) >= 2
        assert "%" in ax.get_xlabel()

    def test_a_map_shows_each_town(self, run):
        ax = run.plot.map()

        assert len(ax.texts) == len(ax.collections[0].get_offsets())

    def test_charts_go_on_axes_that_are_given(self, run):
        ax = pytest.importorskip("matplotlib.figure").Figure().add_subplot()

        assert run.plot.fan("trucks_sent", ax=ax) is ax


def test_charts_tell_which_extra_they_need(run, monkeypatch):
    monkeypatch.setattr("supplyline.exports.plot.find_spec", lambda _: None)

    with pytest.raises(sl.MissingExtraError, match=r"supplyline\[plot\]"):
        run.plot.fan("trucks_sent")


def test_charts_load_nothing_before_they_are_drawn():
    assert "supplyline.exports.plot" in sys.modules
    source = (ROOT / "src/supplyline/exports/plot.py").read_text(encoding="utf-8")
    assert not [line for line in source.splitlines() if line.startswith("import mat")]


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize(
    ("name", "days"), [("haiti", 10), ("corridor180", 10), ("toy", 1)]
)
def test_a_case_without_groups_or_a_single_day_ahead_is_exported(tmp_path, name, days):
    run = sl.simulate(sl.load_case(name), days=days, members=3, seed=1)

    folder = sl.export(run, tmp_path / "out", ["csv", "geojson"], members=True)

    assert len(pd.read_csv(folder / "towns.csv")) >= 1
    assert {each.name for each in run_tables(run)} == {
        file.stem for file in folder.glob("*.csv") if not file.stem.endswith("_members")
    } - {"about", "codebook", "towns", "shortage"}
