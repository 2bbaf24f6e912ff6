"""A dossier on its way into a file, in a form that mistakes can be made in."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from yteso.sandbox.xml import STANDARD


@dataclass(slots=True)
class Parcel:
    """`children` are (table, document) in file order. The rest are ways in which a whole file can be wrong.

    `encode` writes a document into NOIDUNGFILE, `outer` changes the finished file, `undeclared` is how many dossiers
    too many the header promises, `header` replaces the facility code of the header when it is not None.
    """

    ma_lk: str
    left: int
    children: list[tuple[str, str]]
    encode: Callable[[str], str] | None = None
    outer: Callable[[bytes], bytes] | None = None
    undeclared: int = 0
    header: str | None = None
    broken: list[str] = field(default_factory=list)
    _rows: dict[str, list[str]] = field(default_factory=dict)

    def hoso(self) -> str:
        encode = self.encode or base64
        files = [
            f"<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>"
            f"{text if table in self.broken else encode(text) if text else ''}</NOIDUNGFILE></FILEHOSO>"
            for table, text in self.children
        ]
        return f"<HOSO>{''.join(files)}</HOSO>"

    def text(self, table: str) -> str:
        return next((text for name, text in self.children if name == table), "")

    def replace(self, table: str, text: str) -> None:
        self.children = [(name, text if name == table else old) for name, old in self.children]
        self._rows.pop(table, None)

    def rows(self, table: str) -> list[str]:
        """The rows of a table as written; the whole document of a table with one row."""
        if table not in self._rows:
            text, row = self.text(table), STANDARD.tables[table].row
            whole = [text] if text else []
            self._rows[table] = re.findall(f"<{row}>.*?</{row}>", text, re.DOTALL) if row else whole
        return self._rows[table]

    def value(self, table: str, row: int, name: str) -> str:
        """A value as text; `row` counts from 0. "" when empty."""
        found = re.search(f"<{name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</{name}>", self.rows(table)[row], re.DOTALL)
        return found[1] if found else ""

    def set(self, table: str, row: int, name: str, value: str) -> None:
        old = self.rows(table)[row]
        around = re.compile(f"(<{name}>(?:<!\\[CDATA\\[)?).*?((?:\\]\\]>)?</{name}>)", re.DOTALL)
        new = around.sub(lambda found: f"{found[1]}{value}{found[2]}", old)
        if not STANDARD.tables[table].row:
            self.replace(table, new)
            return
        head, _, tail = self.text(table).partition(old)
        self.replace(table, head + new + tail)


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()
