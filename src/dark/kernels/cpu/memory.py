"""Memory for large arrays that is reused, instead of fetched from the system again and again."""

import ctypes
import sys
from functools import cache

MMAP_THRESHOLD, TRIM_THRESHOLD, LARGEST = -3, -1, 2**31 - 1  # from malloc.h


@cache
def keep_freed_memory():
    """Have the C library keep blocks of any size when they are freed.

    GNU's gives those above 32 MB back to the system at once, and to write to new ones, which the system has
    to clear page by page, takes twice as long. A network frees and needs the same sizes in every step.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            library.mallopt(MMAP_THRESHOLD, LARGEST)
            library.mallopt(TRIM_THRESHOLD, LARGEST)
