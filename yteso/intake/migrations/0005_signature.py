from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_facts")]

    operations = [
        migrations.AddField(model_name="submission", name="signature", field=models.JSONField(null=True)),
    ]
