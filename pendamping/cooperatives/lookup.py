"""How routes of every feature find a cooperative: through the policy, so that a foreign one is simply not there."""

from pendamping.accounts.models import User
from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.policy import visible_cooperatives
from pendamping.kernel.access import today
from pendamping.kernel.database import reading
from pendamping.kernel.errors import NotThere


def cooperative_or_404(user: User, code: str) -> Cooperative:
    cooperative = reading().scalar(visible_cooperatives(user, today=today()).where(Cooperative.code == code))
    if cooperative is None:
        raise NotThere
    return cooperative
