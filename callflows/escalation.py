"""Escalation by the caller: how this one may ask for support management now (R22, A17)."""

from callflows.model import Escalation
from callflows.session import Session
from routing.decisions import QueueClass
from routing.tickets import Found


def way_to_escalate(session: Session) -> Escalation:
    """By telephone inside the caller's own support hours, in the ticket at any time.

    Which hours it is was decided with the call and is not decided again (A7): a caller who came
    a minute before closing may still escalate while they wait. Without a ticket that the help desk
    has confirmed there is nothing to escalate.
    """
    if session.decision is None or not isinstance(session.desk, Found):
        return Escalation.WITHOUT_TICKET
    if session.decision.queue_class == QueueClass.BUSINESS:
        return Escalation.BY_TELEPHONE
    return Escalation.IN_TICKET
