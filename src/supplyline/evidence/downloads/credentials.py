"""Credentials: from the environment or the keyring, never printed and never stored."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from supplyline.errors import DownloadError

SERVICE: Final = "supplyline"
"""Service under which the keyring is asked."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A word that no message, log or traceback shows."""

    word: str = field(repr=False)

    def __str__(self) -> str:
        """Hide the secret."""
        return "***"


def find_secret(name: str) -> Secret:
    """Find a secret in the environment, or else in the keyring."""
    word = os.environ.get(name) or _from_keyring(name)
    if not word:
        message = (
            f"{name} is not set; expected an environment variable of that name, or an "
            f"entry '{name}' of the service '{SERVICE}' in the keyring "
            "(which needs the extra supplyline[keyring])"
        )
        raise DownloadError(message)
    if not word.isascii() or not word.isprintable():
        message = f"{name} holds characters that no header can carry"
        raise DownloadError(message)
    return Secret(word)


def _from_keyring(name: str) -> str | None:
    """Ask the keyring, where there is one."""
    try:
        import keyring  # noqa: PLC0415 - an extra, and slow to load
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        word: str | None = keyring.get_password(SERVICE, name)
    except KeyringError:
        return None  # a machine without a desktop has no keyring to ask
    return word
