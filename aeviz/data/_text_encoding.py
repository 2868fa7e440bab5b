"""Find the encoding of a text file, and give its lines.

Lines end with a line feed, a carriage return or both, and with nothing else: other separators of
Unicode may stand in values. Lines without a value and lines of comments are passed over.
"""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.data._files import unpacked
from aeviz.data._row_sampling import SMALLER_SOURCE
from aeviz.data._text_numbers import MISSING_NUMBERS

__all__ = ["TextLines", "encoding_of", "head_lines", "is_comment"]

_HEAD_CHARACTERS = 2**16
_MAX_HEAD_CHARACTERS = 2**24
_MIN_LINES = 6
_PIECE_BYTES = 2**20
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MISSING = "|".join(re.escape(text) for text in MISSING_NUMBERS if text.startswith("#"))
_COMMENT = re.compile(rf"(?!({_MISSING})(?!\w))#", re.IGNORECASE)
# Others than tab, line feed, form feed and carriage return are in no text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def encoding_of(path: Path, *, has_to_fit: bool) -> tuple[str, int]:
    """Return the encoding of a text, and its size in bytes, unpacked.

    The encoding is that of the mark at its start, else UTF-8 if all of it is, else that of Windows.

    Raises
    ------
    AevizError
        If the file is no text, or larger than memory and `has_to_fit`.
    """
    with unpacked(path) as stream:
        start = stream.read(4)
    marked = [encoding for mark, encoding in _MARKS.items() if start.startswith(mark)]
    for encoding in marked[:1] or ("utf-8", "cp1252"):
        with suppress(UnicodeError):
            return encoding, _size_in(path, encoding, has_to_fit=has_to_fit)
    if not marked:  # others, as of Japanese, cannot be told from each other
        raise AevizError(
            f"{path} is not text in UTF-8, nor in cp1252, that of Windows; accepted: UTF-8, so "
            "save it as that"
        )
    raise AevizError(f"{path} is not text in {marked[0]}, as its first bytes say; accepted: UTF-8")


def _size_in(path: Path, encoding: str, *, has_to_fit: bool) -> int:
    """Return the size of a text in bytes; raises where it is none, or more than memory holds."""
    size_bytes = 0
    with unpacked(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as stream:
        while piece := stream.read(_PIECE_BYTES):
            size_bytes = raw.tell()
            if has_to_fit:
                check_fits(size_bytes, what=f"the text of {path}", instead=SMALLER_SOURCE)
            if _CONTROL.search(piece):
                raise AevizError(
                    f"{path} is not comma-separated text: it holds control characters; "
                    "accepted: text in UTF-8"
                )
    return size_bytes


def head_lines(path: Path, encoding: str) -> list[str]:
    """Return the first lines of a text, blank ones too, with line feeds at their ends.

    All are whole: the last one is left out where it is cut off.
    """
    with _opened(path, encoding) as stream:
        head = stream.read(_HEAD_CHARACTERS)
        while head.count("\n") < _MIN_LINES and len(head) < _MAX_HEAD_CHARACTERS:
            more = stream.read(len(head) or 1)  # lines are long where columns are many
            head += more
            if not more:
                break
        is_whole = not stream.read(1)
    lines = [f"{line}\n" for line in head.split("\n")]
    return lines if is_whole or len(lines) == 1 else lines[:-1]


def is_comment(line: str) -> bool:
    """Return whether a line begins with ``#``, but not with a missing value such as ``#N/A``."""
    return _COMMENT.match(line) is not None


class TextLines:
    """Lines of values in a text file.

    Parameters
    ----------
    path : Path
    encoding : str
    n_skipped : int
        Lines at the start to pass over.
    has_comments : bool
        Whether lines of comments are passed over, see `is_comment`.
    delimiter : str
        What a line without a value holds, and blanks.

    Attributes
    ----------
    n_lines, n_empty : int
        Lines that were given by now, and those of delimiters alone that were passed over.
    """

    def __init__(
        self, path: Path, encoding: str, *, n_skipped: int, has_comments: bool, delimiter: str
    ) -> None:
        self._path, self._encoding = path, encoding
        self._n_skipped, self._has_comments = n_skipped, has_comments
        self._delimiter = delimiter
        self.n_lines = self.n_empty = 0

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines, with line feeds at their ends, about a megabyte at a time."""
        self.n_lines = self.n_empty = 0
        with _opened(self._path, self._encoding) as stream:
            for _ in range(self._n_skipped):
                stream.readline()
            while lines := stream.readlines(_PIECE_BYTES):
                filled = [line for line in lines if line.strip(f"{self._delimiter} \t\n")]
                if len(filled) < len(lines):
                    self.n_empty += sum(map(self._is_empty, lines))
                lines = filled
                if self._has_comments:
                    lines = [line for line in lines if not is_comment(line)]
                self.n_lines += len(lines)
                if lines:
                    yield lines

    def _is_empty(self, line: str) -> bool:
        return self._delimiter in line.strip(" \n") and not line.strip(f"{self._delimiter} \t\n")

    def __iter__(self) -> Iterator[str]:
        return (line for block in self.blocks() for line in block)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    with unpacked(path) as raw, io.TextIOWrapper(raw, encoding=encoding) as stream:
        yield stream
