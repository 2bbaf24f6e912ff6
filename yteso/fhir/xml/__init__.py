"""FHIR resources as XML and back (xml.html): nothing is lost on the way, a decimal keeps its text (1.50).

Give `to_xml` what `structure.check` accepts, and check what `to_json` gives. Both raise `Unreadable` where a resource
cannot be said in the other format. Narratives come back equal as XML; white space within their tags and the kind of
quotes may differ.
"""

from yteso.fhir.structure.reading import Unreadable
from yteso.fhir.xml.layout import laid_out
from yteso.fhir.xml.parsing import to_json
from yteso.fhir.xml.writing import to_xml


__all__ = ["Unreadable", "laid_out", "to_json", "to_xml"]
