"""Patterns that no text can make slow."""

import re
from collections.abc import Iterable
from typing import TypeAlias

_LONGEST_GAP = 6  # white space between two words; a longer run separates them


def compile_bounded(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""Compile a pattern with its runs of white space (``\s+``, ``\s*``) bounded, so that it stays linear."""
    bounded = pattern.replace(r"\s+", rf"\s{{1,{_LONGEST_GAP}}}").replace(r"\s*", rf"\s{{0,{_LONGEST_GAP}}}")
    return re.compile(bounded, flags)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longest first; a space stands for any white space.

    Words that begin alike share their beginning: the matcher would else try hundreds of words one by one
    wherever a word begins.
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return f"(?:{_branches(tree)})"


_Tree: TypeAlias = "dict[str, _Tree]"


def _branches(tree: _Tree) -> str:
    """Return a pattern for the ends of words from a node on, longer ones before the one that ends here."""
    longer = [_step(character) + _rest(tree[character]) for character in sorted(tree) if character]
    if "" not in tree:
        return "|".join(longer)
    return f"(?:{'|'.join(longer)})?" if longer else ""


def _rest(tree: _Tree) -> str:
    rest = _branches(tree)
    return f"(?:{rest})" if len(tree) > 1 and "" not in tree else rest


def _step(character: str) -> str:
    return r"\s+" if character == " " else re.escape(character)
