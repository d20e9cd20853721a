"""Many processes, on one machine or many, by Ray: for when one process is not enough; see docs/scale-out.md.

    from summarizer.scaleout import cluster, summarize_dataset

    with cluster():  # or ray.init(address=…) beforehand
        summarize_dataset(ray.data.read_parquet("articles/"), Settings.make(model="gpt-5-mini"), "reports")

The process that asks reads and writes, and keeps the ledger; workers summarise. Ray is imported when the
first worker is needed, and where these functions are called; never by the rest of the package.
"""

from summarizer.scaleout.cluster import cluster
from summarizer.scaleout.dataset import Counts, summarize_dataset
from summarizer.scaleout.pool import RayWorkers

__all__ = ["Counts", "RayWorkers", "cluster", "summarize_dataset"]
