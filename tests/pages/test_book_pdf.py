"""The book on paper: every word that was written is there, exactly, whatever it looks like."""

import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import book_data
import pytest
from cases import clean_visit, referred_visit
from pypdf import PdfReader

from yteso.pages.book.papers import compose
from yteso.pages.book.papers.blocks import Facts, Heading, Printed, Table, Text
from yteso.pages.book.papers.pdf import pdf
from yteso.pages.book.presenters.card import Card, Said
from yteso.pages.book.presenters.medicines import Medicines
from yteso.pages.book.presenters.visit import full


NOW = datetime(2026, 11, 22, 10, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with book_data.language():
        yield


NASTY = [
    '#set page(paper: "a0")', "#read(\"/etc/passwd\")", "$x^2$ và $$", "*đậm* _nghiêng_ `mã`", "= Không phải đề mục",
    "- gạch đầu dòng\n+ số\n/ mục: nghĩa", 'nháy "kép" và \'đơn\'', "gạch chéo \\ \\n \\u{41}", "<nhãn> @tham-khảo",
    "// không phải chú thích /* cũng không */", "~ -- --- ...", "[ngoặc] {ngoặc} (ngoặc)", "https://vi.du/mot-dia-chi",
    "từ" * 120, "ẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰỲỶỸỴĐ ảẩẳẻểỉỏổởủửỷ", "fi fl ffi ffl", "38,5 °C ≥ ≤ ± µ ² ³ × → ↑ ↓ α β",
    "H\u2082O", "a\u00a0b", "1 < 2 & 3 > 2", "",
]  # fmt: skip


def words(text: str) -> str:
    """Without what only lays it out: spaces, line breaks, places where a long word may break."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFC", text))


def read(file: bytes, document: Printed) -> str:
    """All text of the pages, without what repeats on each."""
    reader = PdfReader(io.BytesIO(file))
    found = ""
    for number, page in enumerate(reader.pages, 1):
        text = words(page.extract_text())
        foot = words(f"{document.footer}{number}/{len(reader.pages)}")
        assert words(document.running) in text
        assert foot in text
        found += text.replace(words(document.running), "", 1).replace(foot, "", 1)
    return found


def strings(document: Printed) -> list[str]:
    """Every text of the document, in order."""
    found = []
    for block in document.blocks:
        match block:
            case Heading():
                found.append(block.text)
            case Facts():
                found += [text for row in block.rows for text in row]
            case Table():
                found += [*block.head, *(text for row in block.rows for text in row)]
            case Text():
                found += [block.label, block.text]
    return [text for text in found if text]


def printed(*blocks: object, language: str = "vi") -> Printed:
    return Printed(
        "Sổ thử", "Sổ sức khỏe điện tử · Người Thử", "In từ yteso lúc 10:05 22/11/2026", language, list(blocks)
    )


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_text_is_data_in_every_kind_of_block(text) -> None:
    document = printed(
        Heading(text or "Đề mục"),
        Facts([("Nhãn " + text, text)]),
        Table(["Cột", text], [[text, text], ["a", text]], [1, 1], [1]),
        Text(text, "Nhãn " + text),
    )
    found = read(pdf(document), document)
    for one in strings(document):
        assert words(one) in found, one


def test_everything_of_a_visit_is_on_paper() -> None:
    visit = full(book_data.visit_of(clean_visit()), facility=lambda code: f"Bệnh viện {code}")
    document = compose.one_visit(visit, "NGƯỜI BỆNH THỬ", NOW)
    found = read(pdf(document), document)
    assert found == words("".join(strings(document)))
    for text in (
        "Viêm phổi, không đặc hiệu",
        "Mỗi lần 1 viên, ngày 2 lần",
        "Thấp ↓",
        "Đám mờ đáy phổi phải",
        "933.002 đ",
    ):
        assert words(text) in found


def test_nasty_words_of_a_facility_stand_on_paper_as_written() -> None:
    dossier = referred_visit()
    nasty = " ".join(text for text in NASTY if "\n" not in text)
    for table, names in {
        "XML1": ["HO_TEN", "LY_DO_VV", "CHAN_DOAN_RV", "PP_DIEU_TRI", "GHI_CHU"],
        "XML2": ["TEN_THUOC", "HAM_LUONG", "LIEU_DUNG", "CACH_DUNG"],
        "XML3": ["TEN_DICH_VU"],
        "XML4": ["TEN_CHI_SO", "MO_TA", "KET_LUAN", "DON_VI_DO"],
        "XML5": ["DIEN_BIEN_LS"],
        "XML7": ["PP_DIEUTRI", "TEN_BS"],
        "XML13": ["DAU_HIEU_LS", "QT_BENHLY", "HUONG_DIEU_TRI"],
    }.items():
        for row in dossier.tables[table]:
            row.update({name: nasty for name in names if name in row})
    visit = full(book_data.visit_of(dossier), facility=lambda code: nasty)
    document = compose.one_visit(visit, nasty, NOW)
    file = pdf(document)
    assert len(PdfReader(io.BytesIO(file)).pages) > 2
    text = "".join(words(page.extract_text()) for page in PdfReader(io.BytesIO(file)).pages)
    assert text.count(words(nasty)) >= 15


def test_the_file_says_what_it_is() -> None:
    reader = PdfReader(io.BytesIO(pdf(printed(Text("a")))))
    assert reader.metadata.title == "Sổ thử"
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert PdfReader(io.BytesIO(pdf(printed(Text("a"), language="en")))).trailer["/Root"]["/Lang"] == "en"


def test_pages_are_numbered_and_carry_the_moment_of_printing() -> None:
    document = printed(*(Text("dòng", "nhãn") for _ in range(120)))
    reader = PdfReader(io.BytesIO(pdf(document)))
    assert len(reader.pages) > 2
    last = words(reader.pages[-1].extract_text())
    assert words(f"In từ yteso lúc 10:05 22/11/2026{len(reader.pages)}/{len(reader.pages)}") in last


def test_the_font_is_ours_and_travels_with_the_file() -> None:
    reader = PdfReader(io.BytesIO(pdf(printed(Heading("Ộ"), Text("Ữ")))))
    fonts = reader.pages[0]["/Resources"]["/Font"]
    names = {fonts[key].get_object()["/BaseFont"].partition("+")[2] for key in fonts}
    assert {name.partition("-")[0] for name in names} == {"BeVietnamPro"}


CARD = Card(
    name="Nguyễn Thị Ữ",
    birth="12/03/1965",
    age="61 tuổi",
    sex="Nữ",
    number="001065000001",
    blood=[Said("O+", "12/07/2026, Bệnh viện A"), Said("A+", "01/02/2025, Bệnh viện B")],
    allergies=[Said("Penicillin", "12/07/2026, Bệnh viện A")],
    illnesses=[],
    weight=Said("62,5 kg", "12/07/2026"),
    height=None,
    insurance=[Said("DN4019900000001", "đến 31/12/2026")],
    phone="0900000000",
    address="Số 1 phố Thử",
)


def test_the_whole_book_has_the_card_and_every_visit_on_its_own_page() -> None:
    visits = [full(book_data.visit_of(made()), facility=str) for made in (clean_visit, referred_visit)]
    document = compose.whole_book(CARD, Medicines([], []), visits, NOW)
    found = read(pdf(document), document)
    for text in strings(document):
        assert words(text) in found, text
    for text in ("O+ (12/07/2026, Bệnh viện A)", "A+ (01/02/2025, Bệnh viện B)", "Penicillin", "Nguyễn Thị Ữ"):
        assert words(text) in found
    pages = [words(page.extract_text()) for page in PdfReader(io.BytesIO(pdf(document))).pages]
    assert sum(words("Lượt khám") in page and words("Người bệnh") in page for page in pages) == 2


def test_an_empty_book_prints_too() -> None:
    document = compose.whole_book(CARD, Medicines([], []), [], NOW)
    assert words("Chưa có lượt khám nào.") in read(pdf(document), document)
