"""What is wrong with a value set that was asked of, as the client is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from yteso.fhir import terminology
from yteso.fhir.server.faults import Fault, shown


@contextmanager
def faults() -> Iterator[None]:
    """Raises Fault instead of the errors of the terminology."""
    try:
        yield
    except terminology.UnknownSet:
        raise Fault(
            404,
            "not-found",
            "Không có tập giá trị này; các tập có ở /fhir/R4/ValueSet.",
            "There is no such value set; /fhir/R4/ValueSet lists them.",
        ) from None
    except terminology.Unlisted as error:
        raise Fault(
            422,
            "not-supported",
            f"Hệ mã {error} không có ở đây nên không liệt kê được.",
            f"The codes of {error} are not known here and cannot be listed.",
        ) from None
    except terminology.FilterError as error:
        raise Fault(
            422,
            "not-supported",
            f"Không áp dụng được điều kiện {shown(str(error).split()[0])} của tập giá trị.",
            f"The filter {shown(str(error).split()[0])} of the value set cannot be applied.",
        ) from None
    except terminology.TooMany as error:
        raise Fault(
            422,
            "too-costly",
            f"Tập này có {error} mã: thêm count và offset, hoặc filter.",
            f"This value set has {error} codes: add count and offset, or filter.",
        ) from None
