"""Templates kept as code beside Python's own: compiling takes longer than filling.

It only saves time, so no fault of a file stops a brief. A file belongs to one version
of Jinja and one source, and ends with the hash of its bytes, as Python would run
whatever a damaged one holds.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import BytecodeCache

from supplyline.output import draft_file

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

FOLDER: Final = Path(__file__).parent / "__pycache__"
_ENDING: Final = f".jinja2-{version('jinja2')}"
"""Another version of Jinja calls code otherwise."""
_HASH_BYTES: Final = sha256().digest_size


class TemplateCode(BytecodeCache):
    """Code of templates in a folder, as far as it can be written."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, where a whole file holds it."""
        try:
            content = _file_of(bucket).read_bytes()
        except OSError:
            return
        code, said = content[:-_HASH_BYTES], content[-_HASH_BYTES:]
        if sha256(code).digest() == said:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template, unless Python is told to keep none."""
        if sys.dont_write_bytecode:
            return
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            FOLDER.mkdir(exist_ok=True)
            with draft_file(_file_of(bucket)) as file:
                file.write(code + sha256(code).digest())


def _file_of(bucket: Bucket) -> Path:
    return FOLDER / f"{bucket.key[:16]}{_ENDING}"
