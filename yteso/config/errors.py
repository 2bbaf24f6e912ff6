"""What is wrong with how a node was set up."""


class SettingError(ValueError):
    """An environment variable that cannot be used; the words say which, and why."""
