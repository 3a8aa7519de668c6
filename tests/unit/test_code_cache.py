"""Compiled code on disk: whatever is wrong with it, the run goes on."""

import errno
import os
import pwd
import shutil
import subprocess
import sys
import warnings

import numba
import pytest

from supplyline.cli.speech import Speech, shown_progress, without_warnings
from supplyline.engine import block
from supplyline.engine.executors import threads
from supplyline.engine.kernels import ahead, code_cache, jit, processor
from supplyline.engine.kernels.code_cache import COMPILED, FROM_WHEEL, KEPT
from supplyline.engine.simulate import simulate
from supplyline.errors import CodeCacheWarning


def double(number):
    return 2.0 * number


@pytest.fixture(autouse=True)
def _own_names():
    """Let no test leave to others what it found: this ends after what is patched."""
    yield
    code_cache.find_folder.cache_clear()
    code_cache.code_folder_name.cache_clear()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Keep code in a folder of the test; no wheel holds any."""
    own = tmp_path / "kept"
    own.mkdir()
    monkeypatch.setattr(code_cache, "find_folder", lambda: own)
    monkeypatch.setattr(code_cache, "SHIPPED", tmp_path / "shipped")
    return own


def origin():
    """Compile as a new process would, and call; say where the code was from."""
    compiled = jit.entry(double)
    assert compiled(21.0) == 42.0
    return compiled.origin


def compile_anew():
    """Tell whether the code was on disk."""
    return origin() == KEPT


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


@pytest.mark.usefixtures("folder")
def test_without_a_folder_the_run_is_made_and_it_is_said(monkeypatch):
    monkeypatch.setattr(code_cache, "find_folder", lambda: None)

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
    code_cache.find_folder.cache_clear()
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


# code of a wheel


@pytest.fixture
def shipped(folder):
    """Hold the code of `double` as a wheel does."""
    code = code_cache.SHIPPED / code_cache.code_folder_name()
    compiled = jit.entry(double)
    compiled.use(code_cache.ShippedCode(double, code))
    assert compiled(21.0) == 42.0
    assert not list(folder.iterdir())
    code_cache.code_folder_name.cache_clear()
    return code


@pytest.mark.usefixtures("shipped")
def test_code_of_the_wheel_is_taken_and_nothing_is_kept(folder):
    assert origin() == FROM_WHEEL
    assert not list(folder.iterdir())


@pytest.mark.usefixtures("shipped")
def test_code_of_the_wheel_needs_no_folder(monkeypatch):
    monkeypatch.setattr(code_cache, "find_folder", lambda: None)

    assert origin() == FROM_WHEEL


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("holder", "name", "value"),
    [
        (numba, "__version__", "0.0.1"),
        (code_cache.llvmlite, "__version__", "0.0.1"),
        (code_cache.sysconfig, "get_config_var", lambda _: ".cpython-399-other.so"),
    ],
    ids=["numba", "llvmlite", "python"],
)
def test_code_of_another_compiler_or_python_is_not_taken(
    monkeypatch, holder, name, value
):
    monkeypatch.setattr(holder, name, value)

    assert origin() == COMPILED


@pytest.mark.usefixtures("shipped")
def test_code_of_other_kernels_is_not_taken(tmp_path, monkeypatch):
    changed = tmp_path / "kernels"
    shutil.copytree(code_cache.HERE, changed)
    with (changed / "rates.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    monkeypatch.setattr(code_cache, "HERE", changed)

    assert origin() == COMPILED


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("feature", processor.FEATURES or [None])
def test_a_processor_that_lacks_a_feature_compiles(monkeypatch, feature):
    if feature is None:
        pytest.skip("wheels for this processor ask for nothing")
    own = dict(processor.binding.get_host_cpu_features())
    assert own[feature]
    monkeypatch.setattr(
        processor.binding, "get_host_cpu_features", lambda: own | {feature: False}
    )

    assert origin() == COMPILED


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize(
    "damage", [cut, flip, lambda _: b""], ids=["cut", "flipped", "empty"]
)
def test_damaged_code_of_the_wheel_is_compiled_again(shipped, suffix, damage):
    (path,) = shipped.glob(f"*.{suffix}")
    path.write_bytes(damage(path.read_bytes()))

    assert origin() == COMPILED
    assert origin() == KEPT


def test_code_of_the_wheel_for_other_types_is_not_taken(shipped):
    assert shipped.is_dir()
    compiled = jit.entry(double)

    assert compiled(21) == 42
    assert compiled.origin == COMPILED


def test_the_types_of_the_day_loop_are_known(toy, monkeypatch):
    called = []

    def note(*arguments):
        called.append(tuple(numba.typeof(argument) for argument in arguments))

    monkeypatch.setattr(block, "run_block", note)
    with threads(1) as one:
        simulate(toy, days=1, members=2, executor=one)

    assert called == [ahead.block_types()]


@pytest.mark.slow
def test_a_new_process_takes_the_code_that_was_written_for_a_wheel(tmp_path):
    """Compile the day loop for the plain processor, and run it on this one."""
    settings = {**os.environ, "PYTHONWARNINGS": "ignore"}
    write = [sys.executable, "-m", "supplyline.engine.kernels", str(tmp_path)]
    subprocess.run(write, check=True, env=settings)  # noqa: S603 - our own module
    use = (
        "import sys, pathlib, supplyline as sl\n"
        "from supplyline.engine.kernels import code_cache\n"
        "code_cache.SHIPPED = pathlib.Path(sys.argv[1])\n"
        "run = sl.simulate(sl.load_case('toy'), days=20, members=64)\n"
        "print(run.manifest.environment['kernels'])\n"
        "print(run.ledger.to_array().sum().item().hex())\n"
    )
    told = [
        subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-c", use, str(folder)],
            check=True,
            env=settings,
            capture_output=True,
            text=True,
        ).stdout.split("\n")
        for folder in (tmp_path, tmp_path / "none")
    ]

    (wheels, wheels_sum), (own, own_sum) = (lines[:2] for lines in told)
    assert wheels == FROM_WHEEL
    assert own in {KEPT, COMPILED}
    assert wheels_sum == own_sum


# folders of other kernels


def test_old_code_of_other_kernels_is_removed(homeless, monkeypatch):
    place = homeless / "caches" / "supplyline"
    aged = {"kernels-" + "0" * 16: 40, "kernels-" + "1" * 16: 20, "kernels-mine": 40}
    for name, days in aged.items():
        (place / name).mkdir(parents=True)
        (place / name / "day.nbc").touch()
        made = (place / name).stat().st_mtime
        os.utime(place / name, (made - days * 86_400,) * 2)
    monkeypatch.setenv("XDG_CACHE_HOME", str(homeless / "caches"))

    own = code_cache.find_folder()

    left = {folder.name for folder in place.iterdir()}
    assert left == {own.name, "kernels-" + "1" * 16, "kernels-mine"}


def test_use_keeps_a_folder_from_being_old(folder):
    compile_anew()
    os.utime(folder, (0, 0))

    assert compile_anew()
    assert folder.stat().st_mtime > 0
