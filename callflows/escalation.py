"""What the rules let this caller have: support management (R22, A17), or a callback (A5)."""

from callflows.model import AfterWaiting, Escalation
from callflows.session import Session
from routing.decisions import QueueClass
from routing.switches import Sev1Weekend
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


def after_waiting(session: Session) -> AfterWaiting:
    """A callback at once for Severity 1 at the weekend, where the rules connect first and call
    back then (A5); everybody else chooses."""
    decision = session.decision
    if decision is None or decision.queue_class != QueueClass.SEV1_WEEKEND:
        return AfterWaiting.CHOICE
    then_called = decision.switches.get("sev1_weekend") == Sev1Weekend.CONNECT_THEN_CALLBACK
    return AfterWaiting.CALLBACK if then_called else AfterWaiting.CHOICE
