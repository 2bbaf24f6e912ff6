"""Papers of a visit: discharge letter, summary, referral, re-examination and others, field by field.

A paper is read back into its national table, so that it says what the facility wrote in it, no less; the labels are
those of the decree.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yteso import catalogues, mapping, record, standards
from yteso.pages.base import formats
from yteso.pages.book.presenters.resources import Name, Visit
from yteso.pages.book.presenters.words import english, plain, word


REFERRAL, APPOINTMENT, DISCHARGE, SUMMARY = "XML13", "XML14", "XML7", "XML8"

TITLES = {
    REFERRAL: gettext_lazy("Giấy chuyển cơ sở khám bệnh, chữa bệnh"),
    APPOINTMENT: gettext_lazy("Giấy hẹn khám lại"),
    DISCHARGE: gettext_lazy("Giấy ra viện"),
    SUMMARY: gettext_lazy("Tóm tắt hồ sơ bệnh án"),
    "XML9": gettext_lazy("Giấy chứng sinh"),
    "XML10": gettext_lazy("Giấy nghỉ dưỡng thai"),
    "XML11": gettext_lazy("Giấy nghỉ việc hưởng bảo hiểm xã hội"),
}
NUMBERS = ("SO_CHUYENTUYEN", "SO_GIAYHEN_KL", "SO_LUU_TRU", "SO_SERI", "SO_CT", "SO")
DATES = ("NGAY_CT", "NGAY_RA")

LONG = {
    *("QT_BENHLY", "TOMTAT_KQ", "PP_DIEUTRI", "PP_DIEU_TRI", "GHI_CHU", "DAU_HIEU_LS", "TINH_TRANG_CT"),
    *("HUONG_DIEU_TRI", "CHAN_DOAN_VAO", "CHAN_DOAN_RV", "NGUYENNHAN_DINHCHI", "TINH_TRANG_CON"),
}
"""Fields that are paragraphs; the others are lines."""

HIDDEN = frozenset(["MA_LK", "STT", "DU_PHONG"])
"""Keys between tables; they say nothing to a reader."""

FACILITIES = frozenset(["MA_CSKCB", "MA_CSKCB_DI", "MA_CSKCB_DEN"])
DAYS = frozenset(["GT_THE_TU", "GT_THE_DEN"])
"""Lists of days, one per insurance card."""

NAMED = {"MA_BENH_CHINH": "icd10", "MA_BENH_KT": "icd10", "MA_QUOCTICH": "country"}


@dataclass(frozen=True)
class Paper:
    """`table` and `place` (which of its kind in the visit) name it; `lines` are label and value, `texts` paragraphs."""

    visit: str
    table: str
    place: int
    title: str
    number: str
    day: str
    facility: str
    lines: list[tuple[str, str]]
    texts: list[tuple[str, str]]


KINDS = {"XML7": "Composition", "XML8": "Composition", "XML13": "ServiceRequest", "XML14": "Appointment"}
LETTERS = {"XML7": "d", "XML8": "a", "XML9": "i", "XML10": "j", "XML11": "l", "XML13": "r", "XML14": "p"}


def has_papers(visit: Visit) -> bool:
    return any(visit.has(KINDS.get(table, "Basic"), letter) for table, letter in LETTERS.items())


def papers(visit: Visit, facility: Name) -> list[Paper]:
    if not has_papers(visit):
        return []
    tables = mapping.unmap([one for one in visit.document.body if _speaks_of_papers(one)])
    return [
        _paper(table, place, row, visit, facility)
        for table in TITLES
        for place, row in enumerate(tables.get(table, ()), 1)
    ]


def _speaks_of_papers(resource: record.Resource) -> bool:
    """The papers themselves, and what they repeat of the visit; leaving out the rest makes reading ten times faster."""
    kind, id, _body = resource
    if kind == "ServiceRequest":
        return id.partition("-")[2].startswith(LETTERS[REFERRAL])
    return kind in ("Encounter", "Condition", "Coverage", "Composition", "Appointment", "Basic")


def _paper(table: str, place: int, row: dict[str, str], visit: Visit, facility: Name) -> Paper:
    fields = standards.STANDARDS["3176"].tables[table].fields
    lines, texts = [], []
    for name in sorted(row, key=lambda one: fields[one].order if one in fields else len(fields)):
        value = row[name]
        if name in HIDDEN or not value.strip("0 "):
            continue
        label = _label(name, fields.get(name))
        (texts if name in LONG else lines).append((label, shown(fields.get(name), name, value, visit.on, facility)))
    day = next((row[name] for name in DATES if row.get(name)), "")
    return Paper(
        visit=visit.id,
        table=table,
        place=place,
        title=str(TITLES[table]),
        number=next((row[name] for name in NUMBERS if row.get(name)), ""),
        day=formats.national(day[:8]) or formats.day(visit.ended),
        facility=facility(visit.facility),
        lines=lines,
        texts=texts,
    )


def _label(name: str, field: standards.Field | None) -> str:
    """The decree's label; without "Mã" (code) where words stand in place of the code."""
    if field is None:
        return name
    label = (english() and field.label_en) or field.label_vi
    in_words = name in FACILITIES or name in NAMED or field.code_list in standards.CODE_LISTS
    return plain(label.removeprefix("Mã ")) if in_words else label


def shown(field: standards.Field | None, name: str, value: str, on: date, facility: Name) -> str:
    """A national value for people: dates as dates, codes as their words."""
    if name in FACILITIES:
        return facility(value)
    if name in NAMED:
        return "; ".join(_named(NAMED[name], one.strip(), on) for one in value.split(";") if one.strip())
    if name in DAYS:
        return "; ".join(formats.national(one.strip()) for one in value.split(";"))
    if field is None:
        return value
    if field.type in ("date", "datetime"):
        return formats.national(value[:8] if value[8:] == "0000" else value)
    if field.code_list in standards.CODE_LISTS:
        return plain("; ".join(word(field.code_list, one.strip(), on) for one in value.split(";")))
    return value


def _named(catalogue: str, code: str, on: date) -> str:
    if catalogue == "country":
        return _("Việt Nam") if code == "000" else code
    known = catalogues.icd10(on).get(code)
    return f"{known.name_vi} ({code})" if known else code
