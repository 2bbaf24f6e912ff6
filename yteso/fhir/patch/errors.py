"""Why a patch is refused. `where` is a place in the patch; no text repeats what was sent."""


class _Refused(ValueError):
    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en
        self.where = ""

    def at(self, where: str) -> "_Refused":
        self.where = self.where or where
        return self


class NoPatch(_Refused):
    """This is no sound patch, whatever it is applied to."""


class NotApplicable(_Refused):
    """This resource cannot be changed so."""
