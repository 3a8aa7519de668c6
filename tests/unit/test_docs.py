"""The site: its Python runs, its reference is true, it loads nothing from elsewhere."""

import json
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tools import write_outputs, write_reference

import supplyline as sl
from supplyline.analysis.forecast_series import days_for, forecast_series
from supplyline.analysis.measures import MEASURES
from supplyline.case.parameters import PARAMETERS
from supplyline.case.scenario import apply, read_scenario
from supplyline.runs import MANIFEST
from supplyline.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
KERNELS = sorted((ROOT / "src" / "supplyline" / "engine" / "kernels").glob("*.py"))
WORDS_OF_PAGE = {
    page.stem: set(re.findall(r"[a-z][a-z0-9_]*", page.read_text(encoding="utf-8")))
    for folder in ("model", "evidence")
    for page in (DOCS / folder).glob("*.md")
}
WORDS = set().union(*WORDS_OF_PAGE.values())


@pytest.mark.parametrize("page", write_outputs.pages(), ids=lambda page: page.stem)
def test_the_python_of_a_page_prints_what_the_page_says(page):
    text = page.read_text(encoding="utf-8")
    if ".plot." in text:
        pytest.importorskip("matplotlib", reason="the extra plot is not installed")

    made = write_outputs.filled(text, page.name)

    assert made == text, "if the change is meant: python tools/write_outputs.py"


def test_a_wrong_output_is_noticed():
    page = "```python\nprint(2 + 2)\n```\n\n```text\n5\n```\n"

    assert write_outputs.filled(page, "page") == page.replace("5", "4")


@pytest.mark.parametrize("name", write_reference.pages())
def test_the_reference_is_up_to_date(name):
    text = (DOCS / "reference" / name).read_text(encoding="utf-8")

    assert text == write_reference.pages()[name], "python tools/write_reference.py"


def test_every_series_that_is_forecast_is_on_its_page(toy):
    page = (DOCS / "how-to" / "forecasts.md").read_text(encoding="utf-8")

    for series in forecast_series(toy):
        assert f"`{series.name.removesuffix('_month')}`" in page


def test_the_page_of_published_forecasts_is_that_of_the_register():
    text = write_reference.FORECASTS.read_text(encoding="utf-8")

    assert text == write_reference.forecasts_page(), "python tools/write_reference.py"


def test_the_page_tells_the_scores_of_what_is_published(toy, tmp_path, monkeypatch):
    monkeypatch.setattr(write_reference, "REGISTER", tmp_path / "forecasts")
    assert "None is published yet." in write_reference.forecasts_page()
    run = sl.simulate(toy, days=days_for(toy, 2), members=64, seed=7)
    file = sl.publish_forecast(run, tmp_path / "forecasts", weeks=2, prior=True)
    observed = tmp_path / "observed.csv"
    observed.write_text(
        "series,label,start,end,value,source\n"
        "trucks_received,,2024-03-04,2024-03-10,50,made up\n"
    )

    before = write_reference.forecasts_page()
    sl.score_forecast(file, observed, keep=True)
    after = write_reference.forecasts_page()

    for page, outcomes in ((before, "| 0 of"), (after, "| 1 of")):
        assert "| the prior alone |" in page
        assert outcomes in page
        assert file.name in page
        assert sl.read_forecasts(file.parent)["entry"].iloc[-1] in page
    assert "| `trucks_received` | 1 |" in after
    assert "trucks_received" not in before


def test_the_notebook_is_its_page_without_what_it_prints():
    file = write_reference.NOTEBOOK.with_suffix(".ipynb")
    held = json.loads(file.read_text(encoding="utf-8"))

    assert file.read_text(encoding="utf-8") == write_reference.notebook()
    page = write_reference.NOTEBOOK.read_text(encoding="utf-8")
    code = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    cells = [each for each in held["cells"] if each["cell_type"] == "code"]
    assert ["".join(each["source"]) for each in cells] == [one.strip() for one in code]
    assert all(not each["outputs"] for each in cells)


def test_the_schema_of_manifests_is_that_of_their_model():
    text = write_reference.SCHEMA.read_text(encoding="utf-8")

    assert text == write_reference.manifest_schema(), "python tools/write_reference.py"


def test_a_saved_manifest_fits_the_shipped_schema(toy, tmp_path):
    folder = sl.simulate(toy, days=1, members=1, seed=1).save(tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    shipped = files("supplyline.runs") / "manifest.schema.json"
    validator = Draft202012Validator(json.loads(shipped.read_text(encoding="utf-8")))

    assert not list(validator.iter_errors(manifest))
    assert list(validator.iter_errors({**manifest, "schema_version": 4}))
    assert list(validator.iter_errors({**manifest, "unknown": 1}))


@pytest.mark.parametrize("param", PARAMETERS)
def test_every_parameter_is_explained_on_a_page_of_its_submodel(param):
    pages = write_reference.pages_of(PARAMETERS[param])

    assert any(param in WORDS_OF_PAGE[page] for page in pages)


def sections(page):
    """Name the sections of a page of the model."""
    text = (DOCS / "model" / page).read_text(encoding="utf-8")
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("file", KERNELS, ids=lambda path: path.stem)
def test_a_section_that_a_kernel_names_exists(file):
    comments = re.findall(r"(?:^ *# .*\n)+", file.read_text("utf-8"), re.MULTILINE)
    named = [
        (page, rest)
        for comment in comments
        for page, rest in re.findall(
            r"(\w+\.md), ([^.]+)", re.sub(r"\n? *# ", " ", comment)
        )
    ]

    wrong = [
        (page, rest)
        for page, rest in named
        if not any(rest.startswith(name) for name in sections(page))
    ]
    assert wrong == []


def test_every_public_name_is_listed():
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^(?:\| `|### )sl\.(\w+)", page, re.MULTILINE))

    assert listed == set(sl.__all__)


def test_every_target_measure_is_explained():
    assert set(MEASURES) <= WORDS


def test_every_output_of_a_run_is_listed():
    page = (DOCS / "how-to" / "run-folder.md").read_text(encoding="utf-8")
    run = sl.simulate(sl.load_case("toy"), days=1, members=1, seed=1)
    names = {str(name).removeprefix("corridor_") for name in [*run.daily, *run.weekly]}

    unlisted = {name for name in names if f"`{name}`" not in page}
    unlisted -= {name for name in unlisted if f"_{name.split('_')[-1]}`" in page}

    assert not unlisted
    assert all(f"`{name}`" in page for name in run.tables)
    assert all(f"`{name}`" in page for name in run.losses)


def test_every_table_has_its_place_in_making_a_case():
    page = (DOCS / "how-to" / "case.md").read_text(encoding="utf-8")

    assert all(f"`{name}.csv`" in page for name in TABLES)


SCENARIOS = re.findall(
    r"^```toml\n(.*?)^```",
    (DOCS / "how-to" / "scenario.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize("text", SCENARIOS, ids=range(len(SCENARIOS)))
def test_the_scenarios_shown_can_be_applied(text):
    scenario, problems = read_scenario(text.encode(), "shown")
    assert not problems

    changed = apply(sl.load_case("mali"), scenario)

    shares = changed.feeds.query("place == 'bamako'")["share"]
    assert shares.sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("material", reason="the extra docs is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)]
    built = subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    yield folder
    shutil.rmtree(folder)


LOADED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?(?:https?:|//)"""
    r"""|<link[^>]*\shref=["']?(?:https?:|//)"""
    r"""|@import|url\(["']?(?:https?:|//)""",
    re.IGNORECASE,
)


def test_no_page_loads_anything_from_elsewhere(site):
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > 20

    for page in pages:
        assert not LOADED.search(page.read_text(encoding="utf-8")), page.name


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<link href="https://fonts.example/f" rel="stylesheet" >',
        '<link rel="stylesheet" href="https://fonts.example/f">',
        "@import 'https://fonts.example/f'",
    ],
)
def test_something_from_elsewhere_is_noticed(text):
    assert LOADED.search(text)
