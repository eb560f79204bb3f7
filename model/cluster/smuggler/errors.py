"""What can go wrong, told in one sentence."""


class SmugglerError(Exception):
    """A failure that the person can do something about; its message is one sentence for them."""
