"""Files that a column names: only below a folder that the user gave."""

from __future__ import annotations

import os
from pathlib import Path

from offdiagonal.errors import OffdiagonalError


def file_in(root: Path | None, given: str | os.PathLike[str], what: str) -> Path:
    """The file that a value names.

    Parameters
    ----------
    root
        The folder that files may come from.
    given
        A path below it.
    what
        What the files are, as the parameter is called: ``image`` or ``audio``.

    Raises
    ------
    OffdiagonalError
        If there is no folder, or no such file in it.
    """
    shown = str(given)[:80]
    if root is None:
        raise OffdiagonalError(
            f"{what} holds paths ({shown!r}): give {what}_root=, the folder that they are in"
        )
    found = (root / given).resolve()
    if not found.is_relative_to(root):
        raise OffdiagonalError(f"{what} {shown!r} is not in {what}_root")
    if not found.is_file():
        raise OffdiagonalError(f"{what} {shown!r} is no file")
    return found
