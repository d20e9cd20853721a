"""Raw answers kept on disk: what was asked and paid for once is not asked again.

Kept before validation, so that a better check needs no new call, and by the whole request, so that a changed
prompt, schema, parameter, model or endpoint asks anew. A fault of the disk is a counted miss, never an error.
"""

from summarizer.cache.answers import AnswerCache, Counts
from summarizer.cache.folder import Contents, clear, contents, default_folder

__all__ = ["AnswerCache", "Contents", "Counts", "clear", "contents", "default_folder"]
