from pathlib import Path

from django.db import migrations


SQL = Path(__file__).parents[1] / "sql" / "0001_quality.sql"


class Migration(migrations.Migration):
    dependencies = (("intake", "0004_facts"), ("record", "0001_record"), ("people", "0001_people"))
    operations = (
        migrations.RunSQL(
            SQL.read_text("utf-8"),
            "DROP FUNCTION quality_latest; DROP TABLE quality_count, quality_delay, quality_rule, quality_expected",
        ),
    )
