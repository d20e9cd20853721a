"""Reports against gold labels: how many claims, positions, figures and conflicts a system gets right, and which not."""
