"""Forms of the primitive types (datatypes.html#primitive): what passes and what does not, value by value."""

import orjson
import pytest

from yteso.fhir.definitions import PRIMITIVES
from yteso.fhir.structure import check
from yteso.fhir.structure.primitives import LONGEST, well_formed
from yteso.fhir.structure.quick import certain


RIGHT = {
    "date": "2026 2026-05 2026-05-31 2024-02-29 2000-02-29 2026-04-30 0001-01-01 9999-12-31",
    "dateTime": "2026 2026-05 2026-05-31 2026-05-31T08:30:00+07:00 2026-05-31T08:30:00.123456789Z "
    "2026-05-31T23:59:60-13:59 2024-02-29T00:00:00+14:00",
    "instant": "2026-05-31T08:30:00+07:00 2026-05-31T08:30:00.1Z 2016-12-31T23:59:60Z",
    "time": "00:00:00 23:59:60 08:30:00.25",
    "id": f"a A-1.b {'x' * 64}",
    "oid": "urn:oid:1.2.840.0 urn:oid:2.16.704",
    "uuid": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a",
    "uri": "http://a.vn urn:oid:1.2 #x a %20 https://a.vn/ố?x=1|2",
    "url": "https://a.vn/x",
    "canonical": "http://a.vn/x|1.0",
    "code": "a a-b ăâ 1",
    "base64Binary": "YQ== YWI= YWJj YWJjYWJj",
    "decimal": "0 -0 1.50 -1.5 1e5 1E-7 123456789012345678901234567890.5",
    "integer": "0 -1 2147483647 -2147483648",
    "unsignedInt": "0 2147483647",
    "positiveInt": "1 2147483647",
    "boolean": "true false",
}
WRONG = {
    "date": "26 0000 2026-5 2026-13 2026-00 2026-05-32 2026-05-00 2026-02-29 1900-02-29 2026-04-31 "
    "2026-05-31T08:30:00Z 20260531 31/05/2026 2026-05-31Z -2026 02026",
    "dateTime": "2026-05-31T08:30 2026-05-31T08:30:00 2026-05-31T24:00:00Z 2026-05-31t08:30:00z 2026-05-31T08:60:00Z "
    "2026-05-31T08:30:00+7 2026-05-31T08:30:00+0700 2026-05-31T08:30:00+14:30 2026-05T08:30:00Z 2026-05-31T "
    "2026-02-30T08:30:00Z 2026-05-31T08:30:61Z 2026-05-31T08:30:00.Z 2026-05-31T08:30:00,5Z",
    "instant": "2026-05-31 2026 2026-05-31T08:30:00 2026-02-30T08:30:00Z 2026-05-31T08:30Z",
    "time": "8:30:00 08:30 24:00:00 08:30:00Z 08:30:61",
    "id": f"a_b a/b ố {'x' * 65} #a",
    "oid": "1.2.3 urn:oid:3.1 urn:oid:1.02 urn:oid:1. urn:oid:1",
    "uuid": "61ebe359-bfdc-4613-8bf2-c5e300945f0a urn:uuid:61EBE359-BFDC-4613-8BF2-C5E300945F0A urn:uuid:1",
    "base64Binary": "YQ YQ= Y=== YWJjY YQ==YQ== a_b= ====",
    "decimal": ".5 1. 01 +1 1,5 1e 0x1 Infinity",
    "integer": "1.0 1e2 01 +1 2147483648 -2147483649 99999999999999999999",
    "unsignedInt": "-1 1.0 2147483648",
    "positiveInt": "0 -1 2147483648",
}
SPACED = {
    "uri": ["a b", " a", "a ", "a\nb", "a\t"],
    "url": ["a b"],
    "canonical": ["a b"],
    "code": [" a", "a ", "a  b", "a\n", "\ta"],
    "id": ["a ", " a", "a\n"],
    "date": ["2026 ", " 2026", "2026\n"],
    "dateTime": ["2026-05-31 08:30:00Z", "2026\n", "2026-05-31T08:30:00Z "],
    "string": ["a\x00", "\x01", "a\x0bb", "\x0c", "\x1f"],
    "markdown": ["a\x07"],
}
"""Wrong because of white space or control characters."""

SPACED_RIGHT = {
    "code": ["a b", "a b c"],
    "string": [" ", " a ", "a\nb\tc\r\n", "\x7f", "\u00a0", "{}", '{"id":', '\\"', "\\u0000", "ố 🏥"],
    "markdown": ["# a\n\n* b"],
    "base64Binary": ["YWJj\nYWJj", " YQ== "],
}


def written(table):
    return [(type, value) for type, values in table.items() for value in values.split()]


def listed(table):
    return [(type, value) for type, values in table.items() for value in values]


def in_an_extension(type, value):
    """The value in the one place where every primitive type may be."""
    bare = type in ("decimal", "integer", "unsignedInt", "positiveInt", "boolean")
    member = f'"value{type[0].upper()}{type[1:]}":{value if bare else orjson.dumps(value).decode()}'
    return f'{{"resourceType":"Basic","code":{{"text":"x"}},"extension":[{{"url":"a",{member}}}]}}'.encode()


@pytest.mark.parametrize(("type", "value"), written(RIGHT) + listed(SPACED_RIGHT))
def test_a_value_that_is_right(type, value):
    assert check(in_an_extension(type, value)) == []


@pytest.mark.parametrize(("type", "value"), written(WRONG) + listed(SPACED))
def test_a_value_that_is_wrong(type, value):
    data = in_an_extension(type, value)
    assert not certain(data)
    if value in (".5", "1.", "01", "+1", "1,5", "1e", "0x1", "Infinity"):
        assert [one.problem for one in check(data)] == ["not-json"]
    else:
        [one] = check(data)
        assert (one.location, one.problem, one.code) == ("Basic.extension[0].value", "format", "value")
        assert type in one.vi and type in one.en


@pytest.mark.parametrize("type", sorted(set(PRIMITIVES) - {"boolean", "xhtml"}))
def test_an_empty_value_is_wrong_whatever_its_type(type):
    data = in_an_extension(type, '""' if type in ("decimal", "integer", "unsignedInt", "positiveInt") else "")
    assert not certain(data)
    assert len(check(data)) == 1


@pytest.mark.parametrize("type", ["string", "markdown"])
def test_a_text_has_an_end(type):
    assert well_formed(type, "x" * LONGEST)
    assert not well_formed(type, "x" * (LONGEST + 1))


COMMON = {
    "date": ["2026", "2026-05", "2026-05-31", "2026-02-28", "2026-04-30"],
    "dateTime": ["2026", "2026-05-31", "2026-05-31T08:30:00+07:00", "2026-05-31T08:30:00.123Z"],
    "instant": ["2026-05-31T08:30:00.123+07:00"],
    "code": ["a"],
    "uri": ["http://a.vn"],
    "string": ["a\nb", " ", "ố"],
    "decimal": ["1.50", "1e5", "0"],
    "integer": ["-1"],
    "base64Binary": ["YQ==", "YWI=", "YWJj"],
    "boolean": ["true"],
}


@pytest.mark.parametrize(("type", "value"), listed(COMMON))
def test_the_quick_look_knows_what_is_common(type, value):
    assert certain(in_an_extension(type, value))


@pytest.mark.parametrize(("type", "value"), [("base64Binary", "YQ==" * 30_000 + "!"), ("code", "a " * 30_000)])
def test_a_long_value_takes_no_long_time(type, value):
    assert [one.problem for one in check(in_an_extension(type, value))] == ["format"]
