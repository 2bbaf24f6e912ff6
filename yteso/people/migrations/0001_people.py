from pathlib import Path

from django.db import migrations


SQL = Path(__file__).parents[1] / "sql" / "0001_people.sql"


class Migration(migrations.Migration):
    operations = (
        migrations.RunSQL(
            SQL.read_text("utf-8"),
            "DROP TABLE people_link, people_subject, people_person;"
            "DROP FUNCTION people_link_kept(), people_link_present()",
        ),
    )
