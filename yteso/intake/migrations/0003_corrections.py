import django.contrib.postgres.indexes
from django.db import migrations, models


KEPT = """
CREATE FUNCTION intake_withdrawal_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'intake_withdrawal is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER intake_withdrawal_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON intake_withdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION intake_withdrawal_kept();
"""
FREE = "DROP TRIGGER intake_withdrawal_kept ON intake_withdrawal; DROP FUNCTION intake_withdrawal_kept()"


class Migration(migrations.Migration):
    dependencies = (("intake", "0002_rule_setting"),)

    operations = (
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facility", models.CharField(max_length=5)),
                ("ma_lk", models.TextField()),
                ("document", models.UUIDField()),
                ("reason", models.TextField()),
                ("account", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "intake_withdrawal"},
        ),
        migrations.AddIndex(
            "Withdrawal",
            models.Index(models.F("facility"), models.F("at").desc(), name="intake_withdrawal_recent"),
        ),
        migrations.AddIndex("Withdrawal", models.Index(models.F("document"), name="intake_withdrawal_by_document")),
        migrations.RunSQL(KEPT, FREE),
        migrations.AddField("Submission", "made", models.DateField(null=True)),
        migrations.AddIndex(
            "DossierResult",
            django.contrib.postgres.indexes.HashIndex(models.F("ma_lk"), name="intake_dossier_by_link"),
        ),
        migrations.AddIndex(
            "DossierResult",
            models.Index(
                models.F("submission"),
                name="intake_dossier_mended",
                condition=models.Q(("outcome", "refused"), ("saved", "changed"), _connector="OR"),
            ),
        ),
    )
