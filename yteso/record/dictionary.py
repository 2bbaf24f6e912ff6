"""zstd dictionaries for document bodies: the text that all visits share, kept once in the program.

A dictionary in `data/` is never changed after a release, because stored bodies need it to be read. A better one gets
the next number, and that number becomes the format of bodies written from then on.
"""

import random
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import zstandard


SIZE = 64 * 1024
SAMPLE = 60_000
"""Bytes looked at of one body: enough for every kind of resource, without the long visits crowding out the others."""


@cache
def dictionary(format: int) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(files(__package__).joinpath(f"data/body-{format}.zdict").read_bytes())


def train(bodies: Iterable[bytes]) -> bytes:
    """A dictionary for these unpacked bodies (a few thousand); must be synthetic, since parts of them end up in it."""
    samples = [body[:SAMPLE] for body in bodies]
    random.Random(1).shuffle(samples)  # noqa: S311 (no secret: the same bodies give the same dictionary)
    return zstandard.train_dictionary(SIZE, samples).as_bytes()
