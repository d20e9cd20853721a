"""The nouns: article, sentences, draft, report, finding. Imports nothing of ours."""
