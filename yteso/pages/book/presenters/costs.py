"""What a visit cost and who paid: the insurer's claim in plain words. Amounts in đồng."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yteso.pages.base import formats
from yteso.pages.book.presenters.resources import Resource, Visit, code, text
from yteso.pages.book.presenters.words import amount, word


@dataclass(frozen=True)
class Item:
    name: str
    group: str
    quantity: str
    price: str
    total: str
    insurer: str
    own: str


@dataclass(frozen=True)
class Costs:
    total: str
    insurer: str
    own: str
    other: str
    items: list[Item]


def costs(visit: Visit) -> Costs | None:
    """None when the visit states no costs."""
    claim = next(iter(visit.all("ExplanationOfBenefit")), None)
    if claim is None:
        return None
    sums = _amounts(claim.get("total", ()))
    if not sums.get("T_TONGCHI_BV") and not claim.get("item"):
        return None
    other = sums.get("T_NGUONKHAC")
    return Costs(
        total=dong(sums.get("T_TONGCHI_BV", 0)),
        insurer=dong(sums.get("T_BHTT", 0)),
        own=dong(_own(sums)),
        other=dong(other) if other else "",
        items=[_item(one, visit) for one in claim.get("item", ())],
    )


def dong(money: Decimal | int) -> str:
    return f"{formats.number(Decimal(money).quantize(Decimal(1), ROUND_HALF_UP))} đ"


def _own(sums: dict[str, Decimal]) -> Decimal:
    """The share of what the insurance covers, and what it does not cover."""
    return Decimal(sums.get("T_BNCCT", 0)) + Decimal(sums.get("T_BNTT", 0))


def _amounts(entries: list[Resource]) -> dict[str, Decimal]:
    return {
        code(one["category"], "tien"): one["amount"]["value"] for one in entries if "value" in one.get("amount", {})
    }


def _item(item: Resource, visit: Visit) -> Item:
    sums = _amounts(item.get("adjudication", ()))
    quantity = item.get("quantity", {})
    return Item(
        name=_name(item, visit),
        group=word("MA_NHOM", code(item.get("category"), "nhom"), visit.on),
        quantity=f"{amount(quantity.get('value'))} {quantity.get('unit', '').lower()}".strip(),
        price=dong(item.get("unitPrice", {}).get("value", 0)),
        total=dong(item.get("net", {}).get("value", 0)),
        insurer=dong(sums.get("T_BHTT", 0)),
        own=dong(_own(sums)),
    )


def _name(item: Resource, visit: Visit) -> str:
    """The row the item belongs to says the name; beds and odd rows say it themselves."""
    resource = visit.get(f"{visit.id}-{item.get('id', '')}") or {}
    concept = resource.get("medicationCodeableConcept") or resource.get("code") or _supplied(resource)
    product = item.get("productOrService", {})
    fallback = next((one.get("code", "") for one in product.get("coding", ())), "–")
    return text(concept) or text(product) or fallback


def _supplied(resource: Resource) -> Resource:
    return resource.get("suppliedItem", {}).get("itemCodeableConcept", {})
