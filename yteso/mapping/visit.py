"""One visit on its way to FHIR: what the compiled templates share, and the order in which they run."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from yteso import catalogues
from yteso.mapping import allergies, compiler, index, renames, rest, vitals
from yteso.mapping.derived import CATEGORIES, Link
from yteso.mapping.labels import labels
from yteso.mapping.laboratory import CHILD
from yteso.mapping.names import rows
from yteso.mapping.values import Memo, quote
from yteso.record import ids
from yteso.standards.shapes import ByShape


if TYPE_CHECKING:  # the reader stands above the mapping; only the shape of what it gives is needed here
    from yteso.intake.dossier import Dossier, Header

Row = dict[str, str]
Keyed = tuple[Row, str, str]
"""A row, its local id, and its number where the id does not carry it."""
LOCAL_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
LETTERS = {row["table"]: row["letter"] for row in rows("letters.csv")}
KINDS = {row["ma_nhom"]: row["kind"] for row in rows("service_kinds.csv")}
ADULT = 16


@dataclass(slots=True)
class Identity:
    """Who the visit says the patient is, as text. `birth` is yyyymmdd with "0000" or "00" where unknown."""

    number: str
    card: str
    name: str
    birth: str
    sex: str
    address: str
    phone: str


@dataclass(slots=True)
class Mapped:
    """A visit as FHIR; `patient` is the living Patient. `tokens` are those of the codes, `words` and `patient_words`
    all that the two documents are found by.

    `written` are its resources, the Encounter first: (type, id, JSON as a text of which each character is a byte).
    """

    subject: UUID
    document: UUID
    facility: str
    source: str
    started: datetime
    ended: datetime
    patient: bytes
    written: list[tuple[str, str, str]]
    tokens: set[int]
    labels: list[str]
    identity: Identity

    @property
    def resources(self) -> list[tuple[str, str, bytes]]:
        """(type, id, JSON)"""
        return [(kind, name, text.encode("latin-1")) for kind, name, text in self.written]

    @property
    def words(self) -> set[int]:
        kinds = {kind for kind, _, _ in self.written}
        return self.tokens | index.visit_words(kinds, self.written[0][2].encode("latin-1"))

    @property
    def patient_words(self) -> set[int]:
        return index.patient_words(self.patient)


def _moment(text: str) -> datetime | None:
    digits = text[:12].ljust(12, "0")
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        year, month, day, hour, minute = int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 12, 2))
        return datetime(year, month, day, hour, minute, tzinfo=LOCAL_TIME)
    except ValueError:
        return None


MOMENTS: Memo = Memo(_moment)


@cache
def writers(table: str, kind: str = "") -> ByShape:
    """The functions that write the rows of a table, by shape."""
    return compiler.compile_group(table, kind).writers


def write(c: "Visit", of: ByShape, found: Iterable[Keyed]) -> None:
    for row, key, stt in found:
        of[tuple(row)](row, key, stt, c)


class Visit:
    """Context of the generated writers: names, dates, links between rows, and what they have written so far."""

    def __init__(self, dossier: "Dossier", header: "Header"):
        self.standard = dossier.standard or "3176"
        self.tables = {
            table: [renames.forward(table, row, self.standard) for row in found]
            if renames.any_in(table, self.standard)
            else found
            for table, found in dossier.tables.items()
        }
        self.x1: Row = (self.tables.get("XML1") or [{}])[0]
        self.facility = self.x1.get("MA_CSKCB", "").strip() or header.facility.strip()
        source, patient = self.x1.get("MA_LK", "") or dossier.ma_lk, self.x1.get("MA_BN", "")
        if not (self.facility and source.strip() and patient.strip()):
            raise ValueError("a visit needs its facility (MA_CSKCB), MA_LK and MA_BN to be mapped")
        self.source = source.strip()
        self.facility_text = quote(self.facility)[1:-1]
        self.subject = ids.subject_id(self.facility, patient.strip())
        self.document = ids.document_id("visit", self.facility, self.source)
        self.patient_id, self.document_id = ids.fhir_id(self.subject), ids.fhir_id(self.document)
        self.stem = self.document_id + "-"
        self.about = (
            f'"subject":{{"reference":"Patient/{self.patient_id}"}},'
            f'"encounter":{{"reference":"Encounter/{self.document_id}"}}'
        )
        self.started, self.ended = self._period(header)
        self.icd = catalogues.icd10(self.ended.date())
        self.sex = self._sex()
        self.resources: list[tuple[str, str, str]] = []
        self.out = self.resources.append
        self.parts: dict[str, list[str]] = defaultdict(list)
        self.tokens: set[int] = set()
        self.token = self.tokens.add
        self.sequence = 0
        self.services: dict[str, Service] = {}
        self.links: dict[str, Link] = {}
        self.unsplit: set[str] = set()
        self.labels: list[str] = []

    def _period(self, header: "Header") -> tuple[datetime, datetime]:
        get = self.x1.get
        start, end = MOMENTS[get("NGAY_VAO", "")], MOMENTS[get("NGAY_RA", "")]
        made = header.made and datetime(header.made.year, header.made.month, header.made.day, tzinfo=LOCAL_TIME)
        start = start or end or MOMENTS[get("NGAY_TTOAN", "")] or made or datetime(1900, 1, 1, tzinfo=LOCAL_TIME)
        return start, max(start, end or start)

    def _sex(self) -> str:
        """For reference ranges: "male", "female", "" or child."""
        year = self.x1.get("NGAY_SINH", "")[:4]
        if year.isascii() and year.isdigit() and self.started.year - int(year) < ADULT:
            return CHILD
        return {"1": "male", "2": "female"}.get(self.x1.get("GIOI_TINH", ""), "")

    def ids(self, resource_type: str) -> list[str]:
        return [name for kind, name, _ in self.resources if kind == resource_type and name[len(self.stem)] in "vky"]

    def codes(self) -> list[str]:
        """ICD-10 codes of the whole visit."""
        joined = [self.x1.get("MA_BENH_CHINH", ""), self.x1.get("MA_BENH_KT", "")]
        joined += [row.get("MA_BENH", "") for table in ("XML2", "XML3") for row in self.tables.get(table, ())]
        return [code for text in set(joined) for code in text.split(";") if code]


def service_kind(row: Row) -> str:
    kind = KINDS.get(row.get("MA_NHOM", ""), "")
    return kind or ("supply" if "MA_VAT_TU" in row and "MA_DICH_VU" not in row else "procedure")


def keyed(letter: str, found: list[Row]) -> list[Keyed]:
    """Rows with their local ids: the letter of the table and STT, an ordinal where STT repeats or says nothing."""
    numbers = [row.get("STT", "") for row in found]
    if len({*numbers}) == len(numbers) and all(map(_carried, numbers)):
        return [(row, letter + number, "") for row, number in zip(found, numbers, strict=True)]
    seen: dict[str, int] = {}
    keys = []
    for row in found:
        number = row.get("STT", "")
        carried = _carried(number)
        key = letter + number if carried else letter
        seen[key] = times = seen.get(key, 0) + 1
        keys.append((row, key if times == 1 else f"{key}.{times}", "" if carried else number))
    return keys


def _carried(number: str) -> bool:
    return number.isdigit() and number.isascii() and len(number) <= 10


def split(c: Visit, name: str) -> list[Row]:
    """Rows made of the parallel `;` lists of XML1; notes in the visit which fields do not survive that exactly."""
    fields = rest.PSEUDO[name]
    columns = {f: [part.strip() for part in c.x1.get(f, "").split(";")] for f in fields if f in c.x1}
    length = len(columns.get(fields[0], ()))
    made = [{f: parts[i] for f, parts in columns.items() if i < len(parts) and parts[i]} for i in range(length)]
    made = [row for row in made if row.get(fields[0])]
    c.unsplit.update(f for f in columns if rest.joined(made, f) != c.x1[f])
    return made


@dataclass(slots=True)
class Service:
    """A diagnostic row of XML3 and what its results of XML4 say about it."""

    key: str
    moment: str | None
    link: Link
    results: list[str] = field(default_factory=list)
    conclusion: str = ""


def _diagnostic(c: Visit, services: list[tuple[Row, str, str]]) -> dict[str, list[Service]]:
    by_code: dict[str, list[Service]] = {}
    for row, key, _ in services:
        if service_kind(row) == "diagnostic":
            link = Link(f'{{"reference":"ServiceRequest/{c.stem}{key}q"}}', CATEGORIES[row["MA_NHOM"]])
            c.services[key] = service = Service(key, row.get("NGAY_KQ"), link)
            by_code.setdefault(row.get("MA_DICH_VU", ""), []).append(service)
    by_code.pop("", None)
    return by_code


def _link_results(c: Visit) -> tuple[list, list]:
    """Ties each result of XML4 to the service of XML3 that gave it: same code, and same moment if there are several."""
    services = keyed(LETTERS["XML3"], c.tables.get("XML3", []))
    results = keyed(LETTERS["XML4"], c.tables.get("XML4", []))
    by_code = _diagnostic(c, services)
    for row, key, _ in results:
        candidates = by_code.get(row.get("MA_DICH_VU", ""))
        if candidates:
            chosen = candidates[0]
            if len(candidates) > 1:
                moment = row.get("NGAY_KQ")
                chosen = next((service for service in candidates if service.moment == moment), chosen)
            c.links[key] = chosen.link
            chosen.results.append(key)
            if "KET_LUAN" in row and not chosen.conclusion:
                chosen.conclusion = quote(row["KET_LUAN"])
    return services, results


def map_visit(dossier: "Dossier", header: "Header") -> Mapped:
    """The FHIR resources of one dossier (XML1–XML11, XML13–XML15). Pure: no I/O, the same result every time.

    Raises ValueError when the dossier names no facility, MA_LK or MA_BN; nothing else in it makes this fail.
    """
    c = Visit(dossier, header)
    services, results = _link_results(c)
    c.labels = labels(c.tables, c.codes())
    for name in rest.PSEUDO:
        _write_split(c, name)
    if not c.ids("Coverage"):
        write(c, writers("SELFPAY"), [({}, "v0", "")])
    write(c, writers("XML2"), keyed("m", c.tables.get("XML2", [])))
    for service in services:
        write(c, writers("XML3", service_kind(service[0])), [service])
    write(c, writers("XML4"), results)
    for table, letter in LETTERS.items():
        if table not in ("XML1", "XML2", "XML3", "XML4") and table in c.tables:
            write(c, writers(table), keyed(letter, c.tables[table]))
    for row, key, _ in keyed(LETTERS["XML5"], c.tables.get("XML5", [])):
        vitals.observations(row, key, c)
    allergies.intolerances(c)
    return _finished(c)


def _write_split(c: Visit, name: str) -> None:
    """Ids count the parts: a card number or a diagnosis has no place in an address that ends up in logs."""
    letter = rest.LETTER[name]
    write(c, writers(name), [(row, f"{letter}{number}", "") for number, row in enumerate(split(c, name), 1)])


def _finished(c: Visit) -> Mapped:
    others, c.resources = c.resources, c.resources[:]
    c.out = c.resources.append
    x1_from = len(c.resources)
    write(c, writers("XML1"), [(c.x1, "", "")])
    written = c.resources[x1_from:] + others
    stated = c.parts["Encounter.contained"][0]
    patient = stated.replace('"id":"x"', f'"id":"{c.patient_id}"', 1)
    return Mapped(
        c.subject,
        c.document,
        c.facility,
        c.source,
        c.started,
        c.ended,
        patient.encode("latin-1"),
        written,
        c.tokens,
        c.labels,
        _identity(c.x1),
    )


def _identity(x1: Row) -> Identity:
    get = x1.get
    birth = get("NGAY_SINH", "")[:8]
    return Identity(
        number=get("SO_CCCD", ""),
        card=get("MA_THE_BHYT", "").partition(";")[0].strip(),
        name=get("HO_TEN", ""),
        birth=birth and birth.ljust(8, "0"),
        sex=get("GIOI_TINH", ""),
        address=get("DIA_CHI", ""),
        phone=get("DIEN_THOAI", ""),
    )
