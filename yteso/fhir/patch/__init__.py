"""Changes of a resource: JSON Patch (RFC 6902), FHIRPath Patch (fhirpatch.html), and the difference of two versions.

Everything takes and gives JSON text; a number keeps its text (1.50). The result is not checked: that is what
`structure.check` is for. What a patch leaves empty is gone, since FHIR knows no empty elements.
"""

from yteso.fhir.patch.comparing import difference
from yteso.fhir.patch.errors import NoPatch, NotApplicable
from yteso.fhir.patch.json_patch import apply_json_patch
from yteso.fhir.patch.operations import apply_fhirpath_patch


__all__ = ["NoPatch", "NotApplicable", "apply_fhirpath_patch", "apply_json_patch", "difference"]
