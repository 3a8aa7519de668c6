"""Compiled code on disk: whatever is wrong with it, the run goes on."""

import errno
import os
import pwd
import warnings

import pytest

from supplyline.cli.speech import Speech, shown_progress, without_warnings
from supplyline.engine.kernels import code_cache, jit
from supplyline.errors import CodeCacheWarning


def double(number):
    return 2.0 * number


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(code_cache, "FOLDER", tmp_path)
    monkeypatch.setattr(jit, "FOLDER", tmp_path)
    return tmp_path


def compile_anew():
    """Compile as a new process would, and call; tell whether the code was on disk."""
    compiled = jit.entry(double)
    assert compiled(21.0) == 42.0
    return bool(compiled.stats.cache_hits)


def cut(content):
    return content[: len(content) // 2]


def flip(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_code_is_kept(folder):
    assert not compile_anew()
    assert compile_anew()
    assert {path.suffix for path in folder.iterdir()} == {".nbi", ".nbc"}


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize(
    "damage",
    [cut, flip, lambda _: b"", lambda content: content[:-1], lambda _: b"no pickle"],
    ids=["cut", "flipped", "empty", "last byte", "replaced"],
)
def test_a_damaged_file_is_compiled_again(folder, suffix, damage):
    compile_anew()
    (path,) = folder.glob(f"*.{suffix}")
    path.write_bytes(damage(path.read_bytes()))

    assert not compile_anew()
    assert compile_anew()


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_an_absent_file_is_compiled_again(folder, suffix):
    compile_anew()
    (path,) = folder.glob(f"*.{suffix}")
    path.unlink()

    assert not compile_anew()
    assert compile_anew()


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_a_folder_in_the_place_of_a_file_does_not_stop_the_run(folder, suffix):
    compile_anew()
    (path,) = folder.glob(f"*.{suffix}")
    path.unlink()
    path.mkdir()

    with pytest.warns(CodeCacheWarning, match="compiled code is not kept"):
        assert not compile_anew()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_that_takes_nothing_does_not_stop_the_run(folder, monkeypatch, number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number), "code.nbc")

    monkeypatch.setattr(code_cache.IndexDataCacheFile, "_open_for_write", fail)

    with pytest.warns(CodeCacheWarning, match=f"{folder}: {os.strerror(number)};"):
        assert not compile_anew()
    assert not list(folder.iterdir())


def test_a_folder_that_is_gone_is_made_again(folder):
    folder.rmdir()

    assert not compile_anew()
    assert compile_anew()


def test_without_a_folder_the_run_is_made_and_it_is_said(monkeypatch):
    monkeypatch.setattr(jit, "FOLDER", None)

    with pytest.warns(CodeCacheWarning, match="NUMBA_CACHE_DIR can name another"):
        assert not compile_anew()


@pytest.fixture
def homeless(tmp_path, monkeypatch):
    """Be a user unknown to the system, with a package that cannot be written."""

    def unknown(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "file").touch()
    monkeypatch.setattr(code_cache, "HERE", tmp_path / "file")
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, None),
        ({"NUMBA_CACHE_DIR": "chosen"}, "chosen"),
        ({"XDG_CACHE_HOME": "caches"}, "caches/supplyline"),
        ({"HOME": "home"}, "home/.cache/supplyline"),
        ({"NUMBA_CACHE_DIR": "file/inside"}, None),
        ({"NUMBA_CACHE_DIR": "file/inside", "HOME": "home"}, "home/.cache/supplyline"),
        ({"HOME": "file"}, None),
    ],
)
def test_a_folder_is_found_or_none(homeless, monkeypatch, settings, expected):
    for name, value in settings.items():
        monkeypatch.setenv(name, str(homeless / value))

    found = code_cache.find_folder()

    assert (found and found.parent) == (expected and homeless / expected)


@pytest.mark.parametrize(("is_quiet", "lines"), [(False, 1), (True, 0)])
def test_the_command_line_tells_it_in_one_line(capsys, is_quiet, lines):
    speech = Speech(is_json=False, is_quiet=is_quiet)

    with without_warnings(), shown_progress(speech):
        warnings.warn("compiled code is not kept", CodeCacheWarning, stacklevel=1)

    told = capsys.readouterr().err.splitlines()
    assert told == ["Warning: compiled code is not kept"] * lines
