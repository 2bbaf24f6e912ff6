"""The collectors of memory, told what kind of work is ahead."""

import ctypes
import gc


_TRIM_ABOVE, _ASK_FOR, _MAP_ABOVE = -1, -2, -3
"""What `mallopt` of the C library calls M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD."""


def settle() -> None:
    """Keep what is loaded out of the collector's way, and let it look less often: a dossier is thousands of small
    objects that all go at once."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """A file comes and goes within milliseconds: giving its pages back to the system and asking for them again costs a
    sixth of receiving it. Up to 64 MB are kept. Only glibc has this."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_MAP_ABOVE, 8 << 20)
        mallopt(_TRIM_ABOVE, 64 << 20)
        mallopt(_ASK_FOR, 8 << 20)
