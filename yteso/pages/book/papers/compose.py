"""A visit, and the whole book, as blocks."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yteso.pages.base import formats
from yteso.pages.book.papers.blocks import Block, Facts, Heading, Printed, Table, Text
from yteso.pages.book.presenters.card import Card, Said
from yteso.pages.book.presenters.drugs import Drug
from yteso.pages.book.presenters.medicines import Medicines
from yteso.pages.book.presenters.results import Group
from yteso.pages.book.presenters.slips import Paper
from yteso.pages.book.presenters.visit import Full


def one_visit(visit: Full, name: str, now: datetime) -> Printed:
    return _printed(f"{visit.head.diagnosis}, {visit.head.when}", name, now, visit_blocks(visit, costly=True))


def whole_book(card: Card, taken: Medicines, visits: list[Full], now: datetime) -> Printed:
    """The card, current medicines, the list of visits, then each visit from a new page."""
    blocks: list[Block] = [Heading(_("Sổ sức khỏe")), *card_blocks(card), *medicine_blocks(taken)]
    if visits:
        blocks.append(Heading(_("Các lượt khám"), 2))
        blocks.append(_list_of(visits))
    else:
        blocks.append(Text(_("Chưa có lượt khám nào.")))
    for visit in visits:
        blocks += visit_blocks(visit, new_page=True)
    return _printed(f"{_('Sổ sức khỏe')}, {card.name}", card.name, now, blocks)


def _printed(title: str, name: str, now: datetime, blocks: list[Block]) -> Printed:
    return Printed(
        title=title,
        running=" · ".join(part for part in (_("Sổ sức khỏe điện tử"), name) if part),
        footer=_("In từ yteso lúc %(moment)s") % {"moment": formats.moment(now)},
        language=(get_language() or "vi")[:2],
        blocks=blocks,
    )


def _list_of(visits: list[Full]) -> Table:
    rows = [[one.head.when, one.head.diagnosis, one.head.facility, one.head.kind] for one in visits]
    return Table([_("Ngày"), _("Chẩn đoán"), _("Cơ sở"), _("Loại")], rows, [3, 5, 5, 4])


def card_blocks(card: Card) -> list[Block]:
    def said(found: list[Said], nothing: str) -> str:
        return "\n".join(f"{one.value} ({one.source})" if one.source else one.value for one in found) or nothing

    born = " · ".join(part for part in (card.birth, card.age) if part)
    rows = [
        (_("Họ và tên"), card.name),
        (_("Ngày sinh"), born),
        (_("Giới tính"), card.sex),
        (_("Số định danh"), card.number),
        (_("Địa chỉ"), card.address),
        (_("Điện thoại"), card.phone),
        (_("Nhóm máu"), said(card.blood, _("Chưa có thông tin"))),
        (_("Dị ứng"), said(card.allergies, _("Chưa cơ sở nào ghi nhận"))),
        (_("Bệnh điều trị dài ngày"), said(card.illnesses, _("Chưa cơ sở nào ghi nhận"))),
        (_("Cân nặng"), said([card.weight] if card.weight else [], "")),
        (_("Chiều cao"), said([card.height] if card.height else [], "")),
        (_("Thẻ bảo hiểm y tế"), said(card.insurance, "")),
    ]
    vital = {_("Nhóm máu"), _("Dị ứng")}
    known = [(label, value) for label, value in rows if value]
    return [Facts(known, strong=[number for number, (label, _value) in enumerate(known) if label in vital])]


def medicine_blocks(taken: Medicines) -> list[Block]:
    if not taken.running:
        return []
    rows = [[_drug_name(one.drug), one.drug.dose, one.facility, one.until] for one in taken.running]
    head = [_("Thuốc"), _("Liều dùng"), _("Nơi kê"), _("Đến hết ngày")]
    return [Heading(_("Thuốc đang dùng"), 2), Table(head, rows, [5, 6, 4, 3])]


def visit_blocks(visit: Full, *, new_page: bool = False, costly: bool = False) -> list[Block]:
    """`costly`: with every item of the costs."""
    head = visit.head
    blocks: list[Block] = [
        Heading(head.diagnosis, 1, new_page),
        Text(" · ".join(part for part in (head.when, head.facility, head.kind) if part), quiet=True),
    ]
    if visit.diagnoses:
        blocks.append(Heading(_("Chẩn đoán"), 2))
        blocks.append(Facts([(one.role, f"{one.name} ({one.code})") for one in visit.diagnoses]))
    blocks += [Heading(_("Lượt khám"), 2), Facts(visit.facts)]
    if visit.drugs:
        blocks += [Heading(_("Thuốc"), 2), _drugs(visit.drugs)]
    if visit.results:
        blocks.append(Heading(_("Kết quả xét nghiệm, hình ảnh"), 2))
        for group in visit.results:
            blocks += _group(group)
    blocks += _procedures(visit) + _course(visit)
    for paper in visit.papers:
        blocks += paper_blocks(paper)
    return blocks + _costs(visit, costly)


def _drug_name(drug: Drug) -> str:
    return f"{drug.name} {drug.strength}".strip()


def _drugs(drugs: list[Drug]) -> Table:
    head = [_("Thuốc"), _("Liều dùng"), _("Cách dùng"), _("Số lượng"), _("Ngày kê")]
    rows = [
        [_drug_name(one), one.dose, "\n".join(part for part in (one.route, one.how) if part), one.quantity, one.ordered]
        for one in drugs
    ]
    return Table(head, rows, [5, 5, 5, 2, 3])


def _group(group: Group) -> list[Block]:
    blocks: list[Block] = [Heading(group.name, 3)]
    blocks.append(Text(" · ".join(part for part in (group.kind, group.when) if part), quiet=True))
    if group.lines:
        head = [_("Chỉ số"), _("Giá trị"), _("Đơn vị"), _("Khoảng tham chiếu"), _("Nhận xét")]
        rows = [
            [" – ".join(part for part in (one.name, one.also) if part), one.value, one.unit, one.range, one.flag_words]
            for one in group.lines
        ]
        blocks.append(Table(head, rows, [6, 3, 3, 4, 3], [1]))
    for one in group.findings:
        blocks += [Text(one.description, _("Mô tả"))] if one.description else []
        blocks += [Text(one.conclusion, _("Kết luận"))] if one.conclusion else []
    return blocks + ([Text(group.conclusion, _("Kết luận"))] if group.conclusion else [])


def _procedures(visit: Full) -> list[Block]:
    if not visit.procedures:
        return []
    rows = [[one.name, one.when, one.where] for one in visit.procedures]
    head = [_("Tên"), _("Lúc"), _("Vị trí")]
    return [Heading(_("Khám, thủ thuật, phẫu thuật"), 2), Table(head, rows, [6, 3, 3])]


def _course(visit: Full) -> list[Block]:
    blocks: list[Block] = []
    if visit.signs:
        head = [_("Lúc"), _("Mạch"), _("Nhiệt độ"), _("Nhịp thở"), _("Huyết áp")]
        rows = [[one.when, one.pulse, one.temperature, one.breaths, one.pressure] for one in visit.signs]
        blocks += [Heading(_("Dấu hiệu sinh tồn"), 2), Table(head, rows, [3, 2, 2, 2, 2])]
    if visit.notes:
        blocks.append(Heading(_("Diễn biến"), 2))
        blocks.append(Facts([(one.when, "\n".join(one.parts)) for one in visit.notes]))
    return blocks


def paper_blocks(paper: Paper) -> list[Block]:
    number = _("Số %(number)s") % {"number": paper.number} if paper.number else ""
    day = _("Ngày %(day)s") % {"day": paper.day}
    blocks: list[Block] = [Heading(paper.title, 2), Text(" · ".join(p for p in (number, day) if p), quiet=True)]
    return [*blocks, Facts(paper.lines), *(Text(text, label) for label, text in paper.texts)]


def _costs(visit: Full, costly: bool) -> list[Block]:
    costs = visit.costs
    if costs is None:
        return []
    rows = [
        (_("Tổng chi phí"), costs.total),
        (_("Bảo hiểm y tế trả"), costs.insurer),
        (_("Bạn trả"), costs.own),
        (_("Nguồn khác trả"), costs.other),
    ]
    blocks: list[Block] = [Heading(_("Chi phí"), 2), Facts([(label, value) for label, value in rows if value])]
    if costly and costs.items:
        head = [_("Khoản"), _("Số lượng"), _("Đơn giá"), _("Thành tiền"), _("Bảo hiểm trả"), _("Bạn trả")]
        items = [[one.name, one.quantity, one.price, one.total, one.insurer, one.own] for one in costs.items]
        blocks.append(Table(head, items, [6, 3, 3, 3, 3, 3], [1, 2, 3, 4, 5]))
    return blocks
