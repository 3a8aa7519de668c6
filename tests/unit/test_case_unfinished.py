"""Evidence is gathered for a case that cannot be run yet; `check` tells the gaps."""

import shutil

import pytest
from typer.testing import CliRunner

import supplyline as sl
from broken_cases import cell, remove
from made_event_files import acled, text
from supplyline import cli
from supplyline.case.case import find_folder
from supplyline.case.template import write_template
from supplyline.errors import CaseError

NAMED = """\
schema = 1
name = "mine"
country = "XA"
start = 2024-01-01
cutoff = 2024-02-29
"""
ARTICLE = """\
<html><head><title>Tankers burned on the road</title>
<meta property="article:published_time" content="2024-02-14T10:00:00Z"></head>
<body><article><h1>Tankers burned on the road</h1><p>Armed men burned 14 tanker trucks
on 13 February 2024, the transport union said. The trucks were on their way from the
border with fuel, and two drivers who had fled into the bush told what they saw.</p>
<p>A litre of petrol now costs 900 in the capital, traders said, and queues are long at
all stations that are still open.</p></article></body></html>
"""


def write_new(folder):
    write_template(folder)
    toml = folder / "case.toml"
    text = toml.read_text().replace('name = ""', 'name = "mine"')
    toml.write_text(text.replace('country = ""', 'country = "XA"'))


def write_case_toml_alone(folder):
    folder.mkdir()
    (folder / "case.toml").write_text(NAMED)


def write_places_without_regions(folder):
    write_new(folder)
    shutil.copy(find_folder("toy") / "places.csv", folder)
    shutil.copy(find_folder("toy") / "sources.csv", folder)


def write_toy_without_a_road(folder):
    shutil.copytree(find_folder("toy"), folder)
    remove("corridor_segments.csv", "C-ROAD")(folder)


def write_toy_without_demand(folder):
    shutil.copytree(find_folder("toy"), folder)
    (folder / "demand.csv").unlink()


UNFINISHED = [
    write_new,
    write_case_toml_alone,
    write_places_without_regions,
    write_toy_without_a_road,
    write_toy_without_demand,
]


@pytest.fixture(params=UNFINISHED, ids=lambda write: write.__name__)
def folder(request, tmp_path):
    request.param(tmp_path / "mine")
    return tmp_path / "mine"


def invoke(*args):
    return CliRunner().invoke(cli.app, [str(arg) for arg in args])


def test_an_article_is_taken_in_decided_on_and_exported(folder, tmp_path):
    page = tmp_path / "a.html"
    page.write_text(ARTICLE)

    assert invoke("evidence", "add", folder, page).exit_code == 0
    case = sl.load_case(folder, unfinished=True)
    with sl.open_evidence(case) as store:
        (tankers,) = sl.pending(store).query("value == 14")["candidate"]
    one = ("--accept", tankers, "--reviewer", "me")
    assert invoke("evidence", "review", folder, *one).exit_code == 0
    assert invoke("evidence", "export", folder).exit_code == 0
    other = ("--store", tmp_path / "other.sqlite")
    assert invoke("evidence", "import", folder, *other).exit_code == 0

    claims = sl.load_case(folder, unfinished=True).claims.set_index("claim")
    assert claims.loc[tankers, "value"] == 14


def test_check_keeps_telling_what_is_missing(folder):
    result = invoke("check", folder)

    assert result.exit_code == 2
    with pytest.raises(CaseError) as caught:
        sl.load_case(folder)
    gaps = sl.load_case(folder, unfinished=True).gaps
    assert set(caught.value.problems) == set(gaps)
    assert len(gaps) == len(set(gaps))


def test_an_unfinished_case_is_not_simulated(folder):
    case = sl.load_case(folder, unfinished=True)

    with pytest.raises(CaseError, match="expected"):
        sl.simulate(case, members=1)


def test_an_area_that_no_place_names_is_the_capital_still(tmp_path):
    write_new(tmp_path / "mine")
    page = tmp_path / "a.html"
    page.write_text(ARTICLE)
    case = sl.load_case(tmp_path / "mine", unfinished=True)

    with sl.open_evidence(case) as store:
        sl.add_documents(case, [str(page)], store)
        (price,) = sl.pending(store).query("value == 900").to_dict("records")

    assert (price["area"], price["unit"]) == ("area:capital", "XXX_per_litre")


def test_events_without_a_place_are_kept_and_the_reason_is_told(tmp_path):
    write_new(tmp_path / "mine")

    row = acled(1)
    (tmp_path / "acled.csv").write_text(text(list(row), [row]))

    result = invoke("evidence", "events", tmp_path / "mine", tmp_path / "acled.csv")

    assert result.exit_code == 0
    assert "places.csv has no rows" in result.output


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", ""),
        ("country", "Mali"),
        ("cutoff", "2023-01-01"),
        ("capitol", "x"),
    ],
)
def test_what_evidence_needs_of_case_toml_is_told(tmp_path, key, value):
    folder = tmp_path / "mine"
    write_case_toml_alone(folder)
    lines = [line for line in NAMED.splitlines() if not line.startswith(f"{key} ")]
    written = value if value[:1].isdigit() else f'"{value}"'
    (folder / "case.toml").write_text("\n".join([*lines, f"{key} = {written}"]))

    with pytest.raises(CaseError) as caught:
        sl.load_case(folder, unfinished=True)

    assert [problem.file for problem in caught.value.problems] == ["case.toml"]


def test_a_wrong_row_is_refused_for_evidence_too(tmp_path):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "mine")
    cell("places.csv", "harbour", "lat", "north")(folder)

    with pytest.raises(CaseError, match="lat is 'north'"):
        sl.load_case(folder, unfinished=True)


def test_evidence_does_not_break_a_case_that_can_be_run(tmp_path):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "mine")

    assert sl.load_case(folder, unfinished=True).gaps == ()
