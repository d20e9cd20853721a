"""Bytes to text: declared or UTF-8, never guessed; what is no text is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import BinaryInput, UndecodableInput
from summarizer.intake.charset import declared
from summarizer.intake.decoding import decode

TEXT = "The café in Tollwick closed – “for ever”, said its owner."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_and_its_mark_dropped(encoding: str) -> None:
    """UTF-8 with and without a byte order mark, UTF-16 and UTF-32 with one."""
    assert decode(TEXT.encode(encoding), "x") == TEXT


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_utf8_text_comes_back_unchanged(text: str) -> None:
    """Decoding changes no character, save a mark in front."""
    expected = text.removeprefix("\ufeff")
    if not text.startswith("{\\rtf"):
        assert decode(text.encode(), "x") == expected


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            b"caf\xe9 au lait",
            "x: byte 3 (0xe9) is no UTF-8 text. Convert it to UTF-8, e.g. iconv -f WINDOWS-1252",
        ),
        (b"\xef\xbb\xbfcaf\xe9 au lait", "x: byte 6 (0xe9) is no UTF-8 text."),
        (b"half \xed\xa0\x80 pair", "x: byte 5 (0xed) is no UTF-8 text."),
        ("half".encode("utf-16") + b"\x00\xd8", "x: byte 10 (0x00) is no UTF-16 text."),
        ("odd".encode("utf-16") + b"x", "x: byte 8 (0x78) is no UTF-16 text."),
        (
            TEXT.encode("utf-16-le"),
            "x: it looks like UTF-16LE without a byte order mark. Convert it to UTF-8",
        ),
        (TEXT.encode("utf-16-be"), "x: it looks like UTF-16BE without a byte order mark."),
    ],
)
def test_what_cannot_be_decoded_names_the_byte_and_the_mend(data: bytes, told: str) -> None:
    """The offset counts from the file's first byte, its mark included."""
    with pytest.raises(UndecodableInput) as raised:
        decode(data, "x")
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04....[Content_Types].xml..word/document.xml", "a Word document"),
        (b"PK\x03\x04....mimetypeapplication/epub+zip", "an EPUB book"),
        (b"PK\x03\x04....x.txt", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG image"),
        (b"\xff\xd8\xff\xe0....", "a JPEG image"),
        (b"\x1f\x8b\x08....", "gzip-compressed data"),
        (b"\x7fELF....", "a program (ELF)"),
        (b"MZ" + bytes(range(32)) * 20, "a Windows program"),
        (b"{\\rtf1 text}", "an RTF document"),
        (b"\x00" * 4096, "a file of NUL bytes only"),
        (bytes(range(256)) * 10, "binary data"),
        (b"good text" + b"\x01\x02\x03" * 3, "binary data"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, name: str) -> None:
    """A binary file says what it looks like, whatever its ending."""
    with pytest.raises(BinaryInput, match="this is no text; it looks like") as raised:
        decode(data, "x")
    assert name in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["a stray \x00 here", "MZ, said the note, and ID3 tags", "BZh", "\x00\x01two", "\x1b[31mr\x1b[0m" * 9],
)
def test_a_stray_control_character_is_text(text: str) -> None:
    """One or two control characters, or a word that some format begins with, make no binary file."""
    assert decode(text.encode(), "x") == text


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        (b'<html><meta charset="utf-8">', "utf-8"),
        (b"<META CHARSET=iso-8859-1>", "cp1252"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "cp932"),
        (b"<?xml version='1.0' encoding='ISO-8859-15'?><html>", "iso8859-15"),
        (b'<meta charset="latin1">', "cp1252"),
        (b'<meta charset="utf-16">', "utf-8"),
        (b'<!-- <meta charset="koi8-r"> --><meta charset="gb2312">', "gb18030"),
        (b"<html><p>none", None),
    ],
)
def test_a_declared_encoding_is_read_as_browsers_do(page: bytes, encoding: str | None) -> None:
    """Labels mean what the web means by them: latin-1 is windows-1252."""
    assert declared(page, "x") == encoding


@pytest.mark.parametrize("label", ["zip", "rot13", "unicode_escape", "utf-7", "klingon", "idna", "hex"])
def test_an_encoding_the_web_does_not_know_is_refused(label: str) -> None:
    """A page cannot call up Python's own codecs."""
    with pytest.raises(UndecodableInput, match=f"declares the encoding '{label}'"):
        declared(f'<meta charset="{label}">'.encode(), "x")
