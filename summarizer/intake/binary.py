"""What is no text, and what it looks like instead."""

from summarizer.errors import BinaryInput

# Signatures that no text begins with …
_CERTAIN = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x1f\x8b\x08", "gzip-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program (ELF)"),
    (b"\xca\xfe\xba\xbe", "a program (Java or Mach-O)"),
    (b"\x00asm", "a program (WebAssembly)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls)"),
    (b"{\\rtf", "an RTF document"),
)
# … and those that only count where the rest is no text either.
_LIKELY = (
    (b"BZh", "bzip2-compressed data"),
    (b"ID3", "MP3 audio"),
    (b"MZ", "a Windows program"),
    (b"OggS", "Ogg audio or video"),
    (b"PAR1", "a Parquet table"),
    (b"RIFF", "RIFF audio, video or image"),
    (b"bplist", "a binary property list"),
)
_IN_ZIP = (
    (b"word/", "a Word document (.docx)"),
    (b"[Content_Types].xml", "an Office document (.docx, .xlsx, .pptx)"),
    (b"application/epub+zip", "an EPUB book"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file (.odt)"),
)
_HEAD = 4096
# ESC is let be, as by file(1): text copied from a terminal has its colours in it.
_CONTROLS = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\v\f\r\x1b")
_STRAY = 2


def refuse_signature(data: bytes, where: str) -> None:
    """Refuse data that begins as a known binary format does.

    Raises:
        BinaryInput: It does; says which.
    """
    for signature, name in _CERTAIN:
        if data.startswith(signature):
            raise _error(_packed(data) if signature == b"PK\x03\x04" else name, where)


def refuse_controls(data: bytes, where: str) -> None:
    """Refuse data of which more than 1 % are control characters; one or two strays are let pass.

    Args:
        data: Bytes in an encoding that keeps ASCII, such as UTF-8.
        where: The input, for the message.

    Raises:
        BinaryInput: It is no text; says what it looks like.
    """
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls <= max(_STRAY, len(data) // 100):
        return
    for signature, name in _LIKELY:
        if data.startswith(signature):
            raise _error(name, where)
    if not data.strip(b"\x00"):
        raise _error("a file of NUL bytes only", where)
    raise _error(f"binary data ({controls} of {len(data)} bytes are control characters)", where)


def _packed(data: bytes) -> str:
    for mark, name in _IN_ZIP:
        if mark in data[:_HEAD]:
            return name
    return "a zip archive"


def _error(name: str, where: str) -> BinaryInput:
    return BinaryInput(
        f"this is no text; it looks like {name}.", where=where, mend="Make it plain text first."
    )
