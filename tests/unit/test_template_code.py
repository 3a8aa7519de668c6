"""Code of templates on disk: it saves time, and no fault of it changes a page."""

import sys

import pytest
from jinja2 import DictLoader, Environment
from jinja2.environment import Environment as Compiler

from supplyline.report import template_code
from supplyline.report.template_code import TemplateCode

SOURCE = "{% for town in towns %}{{ town }} {% endfor %}"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Keep code in a folder of the test, whatever the environment says."""
    monkeypatch.setattr(template_code, "FOLDER", tmp_path / "code")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "code"


def page(source=SOURCE):
    """Fill a template as a new process would."""
    loader = DictLoader({"towns": source})
    environment = Environment(
        loader=loader, bytecode_cache=TemplateCode(), autoescape=True
    )
    return environment.get_template("towns").render(towns=["Kita", "Nara"])


def test_a_template_is_compiled_once(monkeypatch):
    first = page()
    monkeypatch.setattr(Compiler, "compile", lambda *_, **__: pytest.fail("again"))

    assert page() == first == "Kita Nara "


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"0",
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
        lambda content: content[-40:],
        lambda content: bytes(len(content)),
    ],
)
def test_a_damaged_file_is_made_again(folder, damage):
    page()
    [file] = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    assert page() == "Kita Nara "
    assert file.read_bytes() == whole


def test_a_changed_template_is_compiled_again():
    page()

    assert page(SOURCE.replace("{{ town }} ", "{{ town }}, ")) == "Kita, Nara, "


def test_another_version_of_jinja_finds_no_code(folder, monkeypatch):
    page()
    monkeypatch.setattr(template_code, "_ENDING", ".jinja2-2")
    page()

    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_cannot_be_made_stops_nothing(folder):
    folder.write_text("a file in its place")

    assert page() == "Kita Nara "


def test_a_file_that_cannot_be_read_stops_nothing(folder):
    page()
    [file] = folder.iterdir()
    file.unlink()
    file.mkdir()

    assert page() == "Kita Nara "


def test_no_code_is_kept_where_python_keeps_none(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert page() == "Kita Nara "
    assert not folder.exists()
