"""A job for a provider's batches: half the price for who can wait, restartable at every step.

journal      lines on disk that outlive a crash
folder       a job: its settings, its articles, its parts, and what became of each
parts        requests -> files within the provider's limits
planning     articles -> requests
sending      parts -> uploads -> batches, none lost and none made twice
answers      the files that came back, by request
collecting   answers -> records, and the repairs that they call for
standing     how a job stands, and what it cost so far
sharing      what `summarizer run` leaves to a batch in the same folder

Everything is written before it is done and again after; what is written lies in ``DIR/batch``. Records are
those of ``summarizer.ledger``, in ``DIR`` itself.
"""
