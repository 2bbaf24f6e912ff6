from pathlib import Path

from django.db import migrations


SQL = Path(__file__).parents[1] / "sql" / "0001_subscriptions.sql"
DOWN = "DROP TABLE subscription_binding, subscription_feed, subscription_event, subscription"


class Migration(migrations.Migration):
    operations = (migrations.RunSQL(SQL.read_text("utf-8"), DOWN),)
