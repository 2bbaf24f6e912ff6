"""Fuzz the reader and the checker for some minutes: `make fuzz MINUTES=30`.

Each target runs under atheris (guided by coverage) and under hypothesis (which makes what it finds small). What breaks
the program is kept in corpus-found/ under the name of its target; `make test` replays all of it. Memory is bounded by
rlimit, each input by a time limit. Exit code 1 when something was found.
"""

import argparse
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path


HERE = Path(__file__).parent
FOUND = HERE / "corpus-found"
WORK = HERE.parents[1] / ".fuzz"
"""Inputs that reached new code, kept between runs on this machine."""

NAMES = ("reader", "wrapped", "checker", "signed")
ENGINES = ("atheris", "hypothesis")
SECONDS_PER_INPUT = 10
"""Of the processor's time; libFuzzer, which knows the wall clock only, waits six times as long."""
MEMORY = 4 << 30
LONGEST = {"reader": 16_384, "wrapped": 4_096, "checker": 4_096, "signed": 1_024}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--minutes", type=float, default=30, help="for each target and engine (default 30)")
    words.add_argument("--target", choices=NAMES, action="append", help="only this one; may be repeated")
    words.add_argument("--engine", choices=ENGINES, action="append", help="only this one; may be repeated")
    words.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = words.parse_args()
    targets, engines = chosen.target or NAMES, chosen.engine or ENGINES
    if chosen.here:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        return {"atheris": with_atheris, "hypothesis": with_hypothesis}[engines[0]](targets[0], chosen.minutes * 60)
    broken = [f"{engine} {target}" for target in targets for engine in engines if _run(target, engine, chosen.minutes)]
    print("found:", ", ".join(broken) or "nothing")
    return bool(broken)


def _run(target: str, engine: str, minutes: float) -> int:
    """In a process of its own: what it finds ends it."""
    print(f"{engine} {target}: {minutes:g} minutes", flush=True)
    command = [sys.executable, __file__, "--here", "--target", target, "--engine", engine, "--minutes", str(minutes)]
    return subprocess.run(command).returncode


def with_atheris(name: str, seconds: float) -> int:
    import atheris

    with atheris.instrument_imports(include=["yteso"]):
        import targets
    corpus = WORK / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_seeds(name, targets)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = {
        "max_total_time": int(seconds),
        "timeout": 6 * SECONDS_PER_INPUT,
        "rss_limit_mb": MEMORY >> 20,
        "max_len": LONGEST[name],
        "len_control": 0,
        "artifact_prefix": f"{FOUND}/{name}-",
        "verbosity": 1,
        "print_final_stats": 1,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)], targets.TARGETS[name]
    )
    atheris.Fuzz()
    return 0


def with_hypothesis(name: str, seconds: float) -> int:
    import targets
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    last = b""
    signal.signal(signal.SIGVTALRM, _too_slow)

    @settings(max_examples=2_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=LONGEST[name]))
    def holds(data: bytes) -> None:
        nonlocal last
        last = data
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_PER_INPUT)
        targets.TARGETS[name](data)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    until = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < until:
        try:
            holds()
        except BaseException:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            (FOUND / f"{name}-hypothesis-{rounds}").write_bytes(last)
            raise
        rounds += 1
    print(f"{rounds * 2_000} inputs", flush=True)
    return 0


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"one input took more than {SECONDS_PER_INPUT} s")


def _seeds(name: str, targets) -> list[bytes]:
    """Whole files for the reader; for the others a few lengths of every byte."""
    if name == "reader":
        return [
            targets.envelopes.envelope(targets.envelopes.hoso(visit.tables, standard=visit.standard))[: LONGEST[name]]
            for visit in targets.VISITS
        ]
    return [bytes(range(256)) * times for times in (1, 4)] + [bytes([byte]) * 64 for byte in range(8)]


if __name__ == "__main__":
    sys.exit(main())
