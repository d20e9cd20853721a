"""Drafts written by a language model behind an OpenAI-compatible endpoint."""

from summarizer.backends.openai.backend import OpenAIBackend

__all__ = ["OpenAIBackend"]
