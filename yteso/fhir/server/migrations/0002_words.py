from django.db import migrations

from yteso.config import database
from yteso.fhir import indexing


def forwards(*_: object) -> None:
    with database.connect(autocommit=True) as conn:
        indexing.refresh(conn)


class Migration(migrations.Migration):
    """What was stored before is indexed as today; portion by portion, so that it may be stopped and goes on."""

    atomic = False
    dependencies = (("server", "0001_tokens"), ("record", "0002_packed_once"))
    operations = (migrations.RunPython(forwards, migrations.RunPython.noop),)
