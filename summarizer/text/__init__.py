"""Plain string tools: sentences, furniture, figures, times, names, and finding words in text."""
