"""Is this an expression, all of it? fhirpathpy itself reads as far as it can and passes over the rest."""

from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser


LONGEST = 2_000
"""Characters of an expression."""


class _Strict(ErrorListener):
    def syntaxError(self, *_: object) -> None:
        raise ValueError("not FHIRPath")


def check(expression: str) -> None:
    """Raises ValueError."""
    if len(expression) > LONGEST:
        raise ValueError("too long")
    lexer = FHIRPathLexer(InputStream(expression))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for one in (lexer, parser):
        one.removeErrorListeners()
        one.addErrorListener(_Strict())
    parser.entireExpression()
