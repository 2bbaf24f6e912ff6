"""The garbage collector, told what kind of work is ahead."""

import gc


def settle() -> None:
    """Keep what is loaded out of the collector's way, and let it look less often: a dossier is thousands of small
    objects that all go at once."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
