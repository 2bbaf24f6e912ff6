"""What was stored before it was indexed as today is found as soon as the node is brought up to date."""

from asking import Asker, compact, patient, save, token, visit
from django.core.management import call_command

from yteso.config.database import connect
from yteso.fhir import indexing
from yteso.record.ids import fhir_id
from yteso.record.words import INDEXED


def test_older_documents_are_found_after_the_update(conn, node) -> None:
    asker = Asker(token(conn, "emr", "system/*.*"))
    one = {"resourceType": "Organization", "id": "g", "name": "Bệnh viện"}
    assert asker.ask("/Organization/g", "PUT", compact(one), Content_Type="application/fhir+json").status == 201
    save(conn, patient(), *(visit(f"v{n}") for n in range(3)))
    conn.execute("UPDATE record_document SET tokens = '{7}' WHERE kind = 'visit'")
    conn.execute("UPDATE record_document SET tokens = '{}' WHERE kind <> 'visit'")
    conn.commit()
    assert asker.get("/Patient?name=an").ids == []
    with connect(autocommit=True) as own:
        assert indexing.refresh(own) == 5
        assert indexing.refresh(own) == 0
    assert asker.get("/Patient?name=an").ids == [f"Patient/{fhir_id(patient().subject)}"]
    assert asker.get("/Organization?name=benh").ids == ["Organization/g"]
    kept = conn.execute("SELECT tokens FROM record_document WHERE kind = 'visit'").fetchall()
    assert all({7, INDEXED} < set(tokens) for (tokens,) in kept)


def test_it_comes_with_the_schema(conn, node) -> None:
    save(conn, visit())
    call_command("migrate", "server", "0001", verbosity=0)
    call_command("migrate", "server", verbosity=0)
    (tokens,) = conn.execute("SELECT tokens FROM record_document").fetchone()
    assert INDEXED in tokens


def test_portion_by_portion(conn, monkeypatch) -> None:
    monkeypatch.setattr(indexing, "PORTION", 2)
    save(conn, *(visit(f"v{n}") for n in range(5)))
    with connect(autocommit=True) as own:
        assert indexing.refresh(own) == 5
