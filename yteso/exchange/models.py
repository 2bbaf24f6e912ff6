"""Accounts of software, their sessions, the keys they repeat a sending with, and how often they knock."""

from django.db import models


class Credential(models.Model):
    """An account that the software of one facility sends with. `secret` is a slow hash of the portal's password form.

    People sign in with accounts of their own (`access.Membership`); a credential opens no page.
    """

    name = models.CharField(max_length=64, unique=True)
    facility = models.CharField(max_length=5)
    secret = models.CharField(max_length=256)
    created = models.DateTimeField(auto_now_add=True)
    created_by = models.TextField()
    revoked = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_credential"

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A session of a credential: the SHA-256 of the token that was given out, never the token."""

    digest = models.BinaryField(primary_key=True)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="tokens")
    expires = models.DateTimeField()

    class Meta:
        db_table = "exchange_token"

    def __str__(self) -> str:
        return f"{self.credential_id} until {self.expires:%d/%m/%Y %H:%M}"


class IdempotencyKey(models.Model):
    """A key a sender chose for one sending, the bytes it stands for, and whether they were new."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=64)
    sha256 = models.BinaryField()
    new = models.BooleanField(null=True)
    pk = models.CompositePrimaryKey("credential_id", "key")

    class Meta:
        db_table = "exchange_idempotency_key"

    def __str__(self) -> str:
        return self.key


class Tally(models.Model):
    """How often something was done since `started`; one row for each thing that is counted."""

    what = models.CharField(max_length=40, primary_key=True)
    started = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        db_table = "exchange_tally"

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"
