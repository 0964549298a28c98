"""Named refusals: each edge turns them into an answer once."""


class Refusal(Exception):
    """Something was asked that cannot be done; the message is a sentence for a person."""


class BadRequest(Refusal):
    """A request that no carrier of ours would make."""


class NotPublished(Refusal):
    """No configuration is live yet."""


class NoSuchTechnician(Refusal):
    """No technician has that e-mail address."""


class NoSuchRota(Refusal):
    """No rota has that name."""


class NoSuchCallback(Refusal):
    """There is no callback with that number."""


class IllegalMove(Refusal):
    """A state change that the table of moves does not allow."""


class NotChecked(Refusal):
    """A phone that cannot be rung for a check at the moment."""


class NotDialled(Refusal):
    """The dial policy forbids this number."""


class CannotSupervise(Refusal):
    """This call cannot be listened to, or not by this telephone."""
