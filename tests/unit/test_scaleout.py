"""Scaling out costs nobody who does not ask for it."""

import subprocess
import sys


def test_ray_is_imported_by_nobody_who_does_not_ask_for_it() -> None:
    """Neither by the package, nor by a plain run, nor with the door to it; without it that is told."""
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "import summarizer.cli.run, summarizer.scaleout\n"
        "from summarizer import Settings\n"
        "from summarizer.errors import SettingsError\n"
        "try: summarizer.scaleout.RayWorkers(Settings(), 1, 1)\n"
        "except SettingsError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "pip install 'grounded-summarizer[ray]'" in done.stdout
