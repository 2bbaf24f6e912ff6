from django.conf import settings
from django.db import models


class Role(models.TextChoices):
    """What an account acts as. The interface names the roles; the stored word is the English one."""

    FACILITY = "facility"
    CITIZEN = "citizen"
    STEWARD = "steward"
    AUTHORITY = "authority"
    OPERATOR = "operator"


class Membership(models.Model):
    """A role that an account may act in: staff of a facility, a person reading their own book, an authority of a
    province (the first two characters of its facilities' codes)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    facility = models.CharField(max_length=5, blank=True)
    person = models.UUIDField(null=True, blank=True)
    province = models.CharField(max_length=2, blank=True)

    class Meta:
        db_table = "access_membership"
        constraints = (
            models.CheckConstraint(
                name="membership_facility_named", condition=~models.Q(role=Role.FACILITY) | ~models.Q(facility="")
            ),
            models.CheckConstraint(
                name="membership_citizen_is_a_person",
                condition=~models.Q(role=Role.CITIZEN) | models.Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_authority_has_a_province",
                condition=~models.Q(role=Role.AUTHORITY) | models.Q(province__regex=r"^\S{2}$"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.facility}"
