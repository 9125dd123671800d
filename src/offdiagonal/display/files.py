"""Files that are written whole, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from pathlib import Path


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file under a name of its own in the same folder, and put it into place when it is complete.

    Raises
    ------
    OSError
        If it cannot be written, or a device, a pipe or a socket stands there; what stood there before stays.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        _refuse_what_is_no_file(target)
        with part.open("xb") as file:
            file.write(data)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except OSError as error:
        error.filename, error.filename2 = os.fspath(path), None
        raise
    finally:
        _remove(part)


def _refuse_what_is_no_file(target: Path) -> None:
    """Putting a file into place would take away a device or a pipe for everybody; a link here leads to itself."""
    if target.is_symlink() or (target.exists() and not (target.is_file() or target.is_dir())):
        raise OSError(errno.EINVAL, "not a file, so it cannot be replaced")


def _remove(part: Path) -> None:
    """Take away what is left of a part, where there can be any."""
    with contextlib.suppress(OSError):
        part.unlink()
