"""The encoding that an HTML page declares for itself, read as browsers read it."""

import codecs
import re

from summarizer.errors import UndecodableInput

_HEAD = 4096
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([^\"'>]{1,60})[\"']")
_META = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.+-]{1,60})", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)

# The encodings of the web (encoding.spec.whatwg.org) by Python's names. Only these are used: Python also has
# "encodings" such as zip, rot13 and unicode_escape, which a hostile page could name.
_WEB = frozenset(
    (
        *("utf-8", "cp866", "cp874", "cp932", "cp949", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp"),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *(f"cp{page}" for page in range(1250, 1259)),
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    )
)
# Labels that mean a larger encoding on the web than in Python; a declared UTF-16 that could be read is UTF-8.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def declared(page: bytes, where: str) -> str | None:
    """Return Python's name of the encoding that a page's XML declaration or meta element names, or None.

    Raises:
        UndecodableInput: It names an encoding that the web does not know.
    """
    head = _COMMENT.sub(b"", page[:_HEAD])
    found = _XML.search(head) or _META.search(head)
    if not found:
        return None
    label = found[1].strip().decode("ascii", "replace")
    name = _python_name(label)
    if name is None:
        what = f"the page declares the encoding {label!r}, which nobody knows."
        raise UndecodableInput(what, where=where, mend="Declare the encoding it has, or convert it to UTF-8.")
    return name


def _python_name(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _LARGER.get(name, name)
    return name if name in _WEB else None
