"""Writing national tables as text: templates made once from the field tables, then filled with %."""

from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from yteso import standards
from yteso.sandbox import data


STANDARD = standards.standard("3176")
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
CDATA = frozenset(
    data.words(
        "HO_TEN DIA_CHI LY_DO_VV LY_DO_VNT CHAN_DOAN_VAO CHAN_DOAN_RV PP_DIEU_TRI PP_DIEUTRI GHI_CHU TEN_THUOC "
        "HAM_LUONG DANG_BAO_CHE LIEU_DUNG CACH_DUNG TT_THAU TEN_VAT_TU TEN_DICH_VU TEN_CHI_SO MO_TA KET_LUAN "
        "DIEN_BIEN_LS HOI_CHAN PHAU_THUAT TEN_BS HO_TEN_CHA HO_TEN_ME QT_BENHLY TOMTAT_KQ DAU_HIEU_LS "
        "TINH_TRANG_CT HUONG_DIEU_TRI PHUONGTIEN_VC HOTEN_NGUOI_HT HO_TEN_NND NOI_CU_TRU_NND NOICAP_CCCD_NND "
        "HO_TEN_CON NOI_SINH_CON TINH_TRANG_CON NGUOI_DO_DE NGUOI_GHI_PHIEU"
    )
)
"""Free text travels in CDATA, numbers and codes plain, as most producers write them."""

HEAD = (
    DECLARATION + '<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI>'
    "<THONGTINHOSO><NGAYLAP>{made}</NGAYLAP><SOLUONGHOSO>{declared}</SOLUONGHOSO><DANHSACHHOSO>"
)
TAIL = "</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>\n"


class Blank(dict[str, str]):
    """A row whose missing fields are empty text."""

    def __missing__(self, name: str) -> str:
        return ""


def row_template(table: str, constants: Mapping[str, str], variables: Sequence[str]) -> str:
    """One row of `table` with `constants` written in and a %s for each of `variables` (given in decree order)."""
    fields = [name for name in STANDARD.tables[table].fields if name in set(variables)]
    if fields != list(variables):
        raise ValueError(f"{table}: variables out of decree order: {variables}")
    values = dict.fromkeys(variables, "%s") | {name: _safe(name, text) for name, text in constants.items()}
    return _element(STANDARD.tables[table].row, _fields(table, values))


def flat_template(table: str) -> str:
    """The only row of `table` with a %(NAME)s for every field; fill it with a `Blank`."""
    values = {name: f"%({name})s" for name in STANDARD.tables[table].fields}
    row, inner = STANDARD.tables[table].row, _fields(table, values)
    return document(table, [_element(row, inner) if row else inner])


def document(table: str, rows: Iterable[str]) -> str:
    """The child document of `table` around its rows."""
    shape, inner = STANDARD.tables[table], "\n".join(rows)
    if shape.list:
        inner = f"<{shape.list}>\n{inner}\n</{shape.list}>"
    return f"{DECLARATION}<{shape.root}>\n{inner}\n</{shape.root}>"


def envelope(facility: str, made: str, dossiers: Sequence[str], declared: int | None = None) -> bytes:
    """The outer file; `made` is yyyymmdd."""
    head = HEAD.format(facility=facility, made=made, declared=len(dossiers) if declared is None else declared)
    return "".join((head, *dossiers, TAIL)).encode()


def _element(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _fields(table: str, values: Mapping[str, str]) -> str:
    elements = (_element(name, _wrapped(name, values.get(name, ""))) for name in STANDARD.tables[table].fields)
    return "".join(f"\n  {element}" for element in elements)


def _wrapped(name: str, text: str) -> str:
    return f"<![CDATA[{text}]]>" if name in CDATA and text else text


def _safe(name: str, text: str) -> str:
    return (text if name in CDATA else escape(text)).replace("%", "%%")
