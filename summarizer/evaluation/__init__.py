"""Reports against gold labels: which claims, positions, figures and conflicts a system gets right."""
