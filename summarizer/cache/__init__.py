"""Raw answers kept on disk, or on a server: what was asked and paid for once is not asked again.

Kept before the checks, so that a better check needs no new call, and by the whole request, so that a changed
prompt, schema, parameter, model or endpoint asks anew. The answers to one question, re-asks included, are
kept where the last of them met the schema, and else none. A fault of the disk, or of the server, is a
counted miss, never an error.
"""

from summarizer.cache.answers import AnswerCache, Counts
from summarizer.cache.folder import Contents, clear, contents, default_folder

__all__ = ["AnswerCache", "Contents", "Counts", "clear", "contents", "default_folder"]
