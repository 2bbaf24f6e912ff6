"""What arrived, and what came of it. Rows are written by `intake.store` with COPY; pages read them here."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models.functions import Now

from yteso.intake.receipt import receipt


class Status(models.TextChoices):
    RECEIVED = "received"
    PROCESSING = "processing"
    DONE = "done"
    REFUSED = "refused"


class Submission(models.Model):
    """One file as it arrived, and its receipt. The same bytes from the same sender are one submission."""

    facility = models.CharField(max_length=5)
    account = models.TextField(blank=True)
    name = models.TextField()
    sha256 = models.BinaryField()
    size = models.BigIntegerField()
    standard = models.CharField(max_length=4, blank=True)
    declared = models.IntegerField(null=True)
    signature = models.JSONField(null=True)
    made = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    received = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    seen = models.IntegerField(default=0)
    dossiers = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    with_warnings = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    tallied = models.BooleanField(db_default=False)
    """Counted into the figures about its facility; set back to False by whoever changes what its dossiers mean."""

    class Meta:
        db_table = "intake_submission"
        constraints = (models.UniqueConstraint("facility", "sha256", name="intake_submission_once"),)
        indexes = (
            models.Index("facility", models.F("received").desc(), name="intake_submission_recent"),
            models.Index(
                "id", name="intake_submission_waiting", condition=models.Q(status__in=("received", "processing"))
            ),
            models.Index("id", name="intake_submission_untallied", condition=models.Q(tallied=False)),
        )

    @property
    def receipt(self) -> str:
        """The number the sender keeps: the day it arrived and its place in the node's own count."""
        return receipt(self.received, self.id)

    def __str__(self) -> str:
        return self.receipt


class Original(models.Model):
    """The bytes as sent, packed by `intake.original`, in parts of a few megabytes."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, db_index=False, related_name="originals")
    part = models.IntegerField()
    body = models.BinaryField()
    pk = models.CompositePrimaryKey("submission_id", "part")

    class Meta:
        db_table = "intake_original"

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.part}"


class Outcome(models.TextChoices):
    ACCEPTED = "accepted"
    WARNINGS = "warnings"
    REFUSED = "refused"


class DossierResult(models.Model):
    """What became of one dossier of a submission, and what it says of its own quality (`intake.facts`)."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, db_index=False, related_name="results")
    position = models.IntegerField()
    ma_lk = models.TextField()
    patient = models.TextField(blank=True)
    standard = models.CharField(max_length=4, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    saved = models.CharField(max_length=8, blank=True)
    document = models.UUIDField(null=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    critical = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    digest = models.BinaryField(null=True)
    month = models.DateField(null=True)
    subject = models.UUIDField(null=True)
    facts = ArrayField(models.SmallIntegerField(), null=True)
    expected = models.JSONField(null=True)

    class Meta:
        db_table = "intake_dossier"
        constraints = (models.UniqueConstraint("submission", "position", name="intake_dossier_once"),)
        indexes = (
            # A hash: what a file calls MA_LK may be longer than an ordered index can hold.
            HashIndex("ma_lk", name="intake_dossier_by_link"),
            models.Index(
                "submission",
                name="intake_dossier_mended",
                condition=models.Q(outcome=Outcome.REFUSED) | models.Q(saved="changed"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.position}"


class Withdrawal(models.Model):
    """A dossier taken back by the facility that sent it, and why. Rows are only ever added."""

    facility = models.CharField(max_length=5)
    ma_lk = models.TextField()
    document = models.UUIDField()
    reason = models.TextField()
    account = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "intake_withdrawal"
        indexes = (
            models.Index("facility", models.F("at").desc(), name="intake_withdrawal_recent"),
            models.Index("document", name="intake_withdrawal_by_document"),
        )

    def __str__(self) -> str:
        return f"{self.facility} {self.ma_lk}"


class FindingRow(models.Model):
    """One finding, of a dossier or (without one) of the whole file. Words come from `intake.messages`."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, db_index=False, related_name="findings")
    dossier = models.ForeignKey(
        DossierResult, null=True, on_delete=models.CASCADE, db_index=False, related_name="findings"
    )
    rule = models.CharField(max_length=24)
    severity = models.CharField(max_length=8)
    tbl = models.CharField(max_length=8, blank=True)
    row = models.IntegerField(null=True)
    field = models.CharField(max_length=32, blank=True)
    value = models.TextField(blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        db_table = "intake_finding"
        indexes = (
            models.Index("submission", "rule", name="intake_finding_by_rule"),
            models.Index("dossier", name="intake_finding_by_dossier"),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.tbl}.{self.field}"


class RuleSetting(models.Model):
    """One wish of a province for one rule (`intake.policy.Setting`). Rows are added, never changed or removed."""

    province = models.CharField(max_length=2)
    rule = models.CharField(max_length=24)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    on = models.BooleanField(null=True)
    severity = models.CharField(max_length=8, null=True)
    tolerance = models.FloatField(null=True)
    reason = models.TextField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "intake_rule_setting"
        indexes = (models.Index("province", "id", name="intake_rule_setting_of"),)

    def __str__(self) -> str:
        return f"{self.province} {self.rule}"


class FacilityList(models.Model):
    """One list approved for a facility, as it was given (`intake.facility_lists`); the last one of a name counts."""

    facility = models.CharField(max_length=5)
    name = models.CharField(max_length=16)
    body = models.TextField()
    sha256 = models.BinaryField()
    loaded_by = models.TextField()
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "intake_facility_list"
        indexes = (models.Index("facility", "name", models.F("id").desc(), name="intake_facility_list_last"),)

    def __str__(self) -> str:
        return f"{self.facility} {self.name}"
