from django.db import migrations


SQL = "ALTER TABLE intake_original ALTER COLUMN body SET STORAGE {}"


class Migration(migrations.Migration):
    """Originals are packed before they come: the server need not try again."""

    dependencies = [("intake", "0005_signature")]

    operations = [migrations.RunSQL(SQL.format("EXTERNAL"), SQL.format("EXTENDED"))]
