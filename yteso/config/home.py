"""The folder that holds the state of a node: database, secret, logs."""

import os
import secrets
from pathlib import Path


def home() -> Path:
    """`YTESO_HOME`, or `.yteso` in the current folder; made on first use, readable by its owner only."""
    path = Path(os.environ.get("YTESO_HOME") or ".yteso").absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret_key() -> str:
    """`YTESO_SECRET_KEY`, or a random key made on first use and kept in the home folder. There is no default value."""
    if key := os.environ.get("YTESO_SECRET_KEY"):
        return key
    file = home() / "secret.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secrets.token_urlsafe(64))
    return file.read_text()
