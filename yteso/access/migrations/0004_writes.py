from pathlib import Path

from django.db import migrations


SQL = Path(__file__).parents[1] / "sql" / "0004_writes.sql"


class Migration(migrations.Migration):
    dependencies = (("access", "0003_province"),)
    operations = (
        migrations.RunSQL(SQL.read_text("utf-8"), "DROP TABLE access_write; DROP FUNCTION access_write_kept()"),
    )
