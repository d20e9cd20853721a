"""Reports as text: one module a format; text of the article is made harmless for each."""
