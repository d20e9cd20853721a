"""Who writes a draft: one room a way of writing."""
