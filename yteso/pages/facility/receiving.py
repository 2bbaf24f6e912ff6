"""From the upload form to the door of the intake."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from yteso.config.database import connect
from yteso.intake import service


@dataclass
class Taken:
    """The submissions made, those of them that had been sent before, and what to say of files not taken."""

    numbers: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)


def receive_all(files: list[UploadedFile], *, facility: str, account: str) -> Taken:
    """Hand each file to the door; one that cannot be taken does not hold up the others."""
    taken = Taken()
    if not files:
        taken.problems.append(_problem(_("Hãy chọn ít nhất một tệp")))
        return taken
    with connect() as conn:
        for file in files:
            try:
                work, new = service.receive(conn, file, name=file.name, facility=facility, account=account)
            except service.TooLarge:
                taken.problems.append(_problem(_("Tệp %(name)s lớn hơn 100 MB") % {"name": file.name}))
            else:
                if work.id in taken.numbers:
                    continue
                taken.numbers.append(work.id)
                if not new:
                    taken.again.append(work.id)
    return taken


def _problem(text: str) -> dict[str, str]:
    return {"text": text, "href": "#files"}
