from pathlib import Path

from django.db import migrations


SQL = Path(__file__).parents[1] / "sql" / "0002_reads.sql"


class Migration(migrations.Migration):
    dependencies = (("access", "0001_initial"),)
    operations = (
        migrations.RunSQL(SQL.read_text("utf-8"), "DROP TABLE access_read; DROP FUNCTION access_read_kept()"),
    )
