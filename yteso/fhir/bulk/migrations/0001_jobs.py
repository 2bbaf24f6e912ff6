from pathlib import Path

from django.db import migrations


SQL = Path(__file__).parents[1] / "sql" / "0001_jobs.sql"


class Migration(migrations.Migration):
    operations = (migrations.RunSQL(SQL.read_text("utf-8"), "DROP TABLE bulk_part, bulk_file, bulk_job"),)
