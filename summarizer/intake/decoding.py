"""Bytes to text: by byte order mark, by declaration, else UTF-8; never by guessing."""

import codecs

from summarizer.errors import UndecodableInput
from summarizer.intake.binary import refuse_controls, refuse_signature

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SPOKEN = {"utf-8": "UTF-8", "cp1252": "windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def decode(data: bytes, where: str, *, declared: str | None = None) -> str:
    """Return the text exactly as its bytes give it; only a byte order mark is dropped.

    Args:
        data: All of the input.
        where: The input, for messages.
        declared: The encoding that a page declares; a byte order mark wins over it.

    Raises:
        BinaryInput: It is no text at all.
        UndecodableInput: It is no text in that encoding; says at which byte.
    """
    refuse_signature(data, where)
    mark, encoding = byte_order_mark(data)
    encoding = encoding or declared or "utf-8"
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, len(mark) + error.start, encoding, where) from None
    _refuse_unmarked(data, where)
    refuse_controls(text.encode("utf-8", "surrogatepass"), where)
    return text


def byte_order_mark(data: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark that data begins with and its encoding, or (b"", None)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    return b"", None


def _undecodable(data: bytes, offset: int, encoding: str, where: str) -> UndecodableInput:
    """Return the error, or raise the better one where the bytes look like something else."""
    if not encoding.startswith("utf-16"):
        _refuse_unmarked(data, where)
        refuse_controls(data, where)
    spoken = _SPOKEN.get(encoding, encoding)
    what = (
        f"byte {offset} (0x{data[offset]:02x}) is no {spoken} text."
        if offset < len(data)
        else f"it ends inside a character of {spoken}."
    )
    return UndecodableInput(
        what, where=where, mend="Convert it to UTF-8, e.g. iconv -f WINDOWS-1252 -t UTF-8."
    )


def _refuse_unmarked(data: bytes, where: str) -> None:
    """Say so where text looks like UTF-16 that lost its mark: every other byte is NUL."""
    half = len(data) // 2
    if half < 4 or byte_order_mark(data)[0]:
        return
    for start, name in ((1, "UTF-16LE"), (0, "UTF-16BE")):
        if data[start::2].count(0) > 0.7 * half and data[1 - start :: 2].count(0) < 0.1 * half:
            what = f"it looks like {name} without a byte order mark."
            raise UndecodableInput(
                what, where=where, mend=f"Convert it to UTF-8, e.g. iconv -f {name} -t UTF-8."
            )
