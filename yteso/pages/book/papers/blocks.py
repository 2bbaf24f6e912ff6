"""What stands on a printed page, in order: headings, facts, tables, paragraphs. The look is Typst's business."""

from dataclasses import asdict, dataclass, field


Row = list[str]


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1
    new_page: bool = False
    kind: str = "heading"


@dataclass(frozen=True)
class Facts:
    """Label and value, line by line; the lines in `strong` stand out."""

    rows: list[tuple[str, str]]
    strong: list[int] = field(default_factory=list)
    kind: str = "facts"


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the line, one per column; columns in `right` hold numbers."""

    head: Row
    rows: list[Row]
    widths: list[int]
    right: list[int] = field(default_factory=list)
    kind: str = "table"


@dataclass(frozen=True)
class Text:
    """A paragraph; `label` stands above it."""

    text: str
    label: str = ""
    quiet: bool = False
    kind: str = "text"


Block = Heading | Facts | Table | Text


@dataclass(frozen=True)
class Printed:
    """A whole document. `running` repeats at the head of every page, `footer` at its foot beside the page number."""

    title: str
    running: str
    footer: str
    language: str
    blocks: list[Block]

    def plain(self) -> dict[str, object]:
        return asdict(self)
