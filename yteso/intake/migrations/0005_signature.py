from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField(model_name="submission", name="signature", field=models.JSONField(null=True)),
    ]
