"""Keep the English words in step with the pages: `python -m yteso.pages.tools.catalogue [more.json]`.

The words in the source are Vietnamese. This collects them all, keeps the English ones known, drops those no page uses
any more, adds those of `more.json` ({"Vietnamese": "English" or ["singular", "plural"]}) and prints what still lacks
English. `make setup` compiles the result.
"""

import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po


PAGES = Path(__file__).parents[1]
ENGLISH = PAGES / "locale" / "en" / "LC_MESSAGES" / "django.po"

METHODS = [("**.py", "python"), ("**/templates/**.jinja", "jinja2")]
OPTIONS = {"**/templates/**.jinja": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
HEADER = b"""# The English words of the pages; the Vietnamese ones are in the source.
msgid ""
msgstr ""
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def collected() -> Catalog:
    """Every message of the pages, without translation."""
    found = Catalog()
    for file, _line, message, _comments, _context in extract_from_dir(PAGES, METHODS, OPTIONS, KEYWORDS):
        found.add(message, locations=[(file, 0)])
    return found


def known() -> Catalog:
    """The English catalogue as it stands."""
    if not ENGLISH.exists():
        return Catalog(locale="en")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def english(message: Message) -> tuple[str, ...]:
    """Its English words: one text, or singular and plural; empty texts where they are missing."""
    return (message.string or "",) if not isinstance(message.string, tuple | list) else tuple(message.string)


def missing(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not all(english(message))]


def update(more: dict[str, str | list[str]]) -> Catalog:
    before, now = known(), Catalog(locale="en", fuzzy=False)
    for message in sorted(collected(), key=lambda one: str(one.id)):
        if not message.id:
            continue
        one = message.id if isinstance(message.id, str) else message.id[0]
        old = before.get(message.id)
        string = more.get(one) or (old.string if old else None)
        files = sorted({(file, None) for file, _line in message.locations})
        now.add(message.id, tuple(string) if isinstance(string, list) else string, locations=files)
    return now


def main() -> None:
    more = json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else {}
    catalogue = update(more)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        file.write(HEADER)
        write_po(file, catalogue, width=120, omit_header=True)
    print(
        json.dumps(
            {one.id if isinstance(one.id, str) else one.id[0]: "" for one in missing(catalogue)},
            ensure_ascii=False,
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
