from django.db import models


class Facility(models.Model):
    """A place of care by the insurer's 5-character code (MACSKCB)."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.TextField()
    kind = models.CharField(max_length=32, blank=True)
    province = models.CharField(max_length=2, blank=True)
    address = models.TextField(blank=True)

    class Meta:
        db_table = "registry_facility"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
