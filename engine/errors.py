"""The two ways in which an operation fails; either reaches the user as one printable line, whatever names it quotes."""

from .text import one_line


class BadInput(ValueError):
    """What was given cannot be used. The message names the file or value, what is wrong and what would be right."""

    def __init__(self, message: str):
        super().__init__(one_line(message))


class WorkFailed(RuntimeError):
    """What was given is fine, but the work could not be done (a full disk, a library that is not installed)."""

    def __init__(self, message: str):
        super().__init__(one_line(message))
