"""What can go wrong, told in one sentence."""


class SmugglerError(Exception):
    """A failure that the user can do something about; its message is one sentence for them."""
