"""The Ray that is there, or one of our own on this machine: on loopback, with a token, telling nobody."""

import os
import secrets
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from summarizer.errors import SettingsError, WorkersLost

_STORE = 100 * 2**20
"""Bytes of shared memory: nothing large goes through it."""


@contextmanager
def cluster(cpus: int = 2) -> Iterator[None]:
    """Have Ray ready while the block runs.

    Where Ray is connected already, it is used as it is, and stays. Where ``RAY_ADDRESS`` names a cluster
    (``auto``, ``HOST:PORT``), that is joined. Else one is started on this machine, and ended with the block:
    it listens on loopback only, asks for a token that nobody else has, and reports no usage.

    Args:
        cpus: Processes that one on this machine may run at once.

    Raises:
        SettingsError: Ray is not installed.
        WorkersLost: The cluster cannot be joined, or none be started.
    """
    needed()
    _prepare()
    import ray

    if ray.is_initialized():
        yield
        return
    folder = None if os.environ.get("RAY_ADDRESS") else tempfile.mkdtemp(prefix="ray-")
    with _silent():
        try:
            with _handlers_kept():
                _init(ray, cpus, folder)
            yield
        finally:
            ray.shutdown()
            if folder:
                shutil.rmtree(folder, ignore_errors=True)


def needed() -> None:
    """Refuse what needs Ray where there is none.

    Raises:
        SettingsError: Ray is not installed.
    """
    if find_spec("ray") is None:
        raise SettingsError("Ray is not installed.", mend="pip install 'grounded-summarizer[ray]'.")


def _init(ray: Any, cpus: int, folder: str | None) -> None:
    quiet = {"log_to_driver": False, "logging_level": "error"}
    try:
        if folder is None:
            ray.init(address=os.environ["RAY_ADDRESS"], **quiet)
        else:
            ray.init(
                address="local",
                num_cpus=cpus,
                num_gpus=0,
                include_dashboard=False,
                object_store_memory=_STORE,
                _node_ip_address="127.0.0.1",
                _temp_dir=folder,
                **quiet,
            )
    except Exception as error:  # noqa: BLE001 - it raises whatever stands in its way
        where = f"the cluster at {os.environ['RAY_ADDRESS']}" if folder is None else "Ray on this machine"
        raise WorkersLost(
            f"{where} cannot be used: {type(error).__name__}: {' '.join(str(error).split())[:300]}",
            mend="Look whether it runs: ray status.",
        ) from None


def _prepare() -> None:
    """Set what Ray reads from the environment, now and later; what somebody set is left."""
    ours = {"RAY_USAGE_STATS_ENABLED": "0"}
    if not os.environ.get("RAY_ADDRESS"):
        # The one switch that makes all its servers listen on loopback only, on Linux, too.
        ours |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
        if not any(name.startswith("RAY_AUTH_") for name in os.environ):
            ours |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    for name, value in ours.items():
        os.environ.setdefault(name, value)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Ray's own messages off standard output, which is for records; it has no public switch for that."""
    from ray._private import worker

    before = getattr(worker, "_worker_logs_enabled", None)
    if before is None:
        yield
        return
    worker._worker_logs_enabled = False  # noqa: SLF001 - see above
    try:
        yield
    finally:
        worker._worker_logs_enabled = before  # noqa: SLF001 - see above


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """Put back what heeded signals before: Ray takes SIGTERM for itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
