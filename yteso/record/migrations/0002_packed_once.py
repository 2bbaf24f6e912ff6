from django.db import migrations


SQL = """ALTER TABLE record_document ALTER COLUMN body SET STORAGE {0};
         ALTER TABLE record_history ALTER COLUMN body SET STORAGE {0}"""


class Migration(migrations.Migration):
    """Bodies are packed before they come: the server need not try again."""

    dependencies = (("record", "0001_record"),)
    operations = (migrations.RunSQL(SQL.format("EXTERNAL"), SQL.format("EXTENDED")),)
