"""What becomes of bookings at one event, in plain Python."""

from pdu_bookings.rules.waiting_list import first_come, offer_until

PLACED = ("confirmed", "awaiting_approval", "offered")

BEST_FIRST = (*PLACED, "waitlisted")


class Model:
    """Who has a place, who waits and in which order: what the rules of the house come to."""

    def __init__(self, places, starts_at, *, approval):
        self.places, self.starts_at, self.approval = places, starts_at, approval
        self.states, self.until, self.owners = [], {}, []
        self.first = set()

    def having(self, *states):
        return [n for n, state in enumerate(self.states) if state in states]

    def of(self, person):
        mine = [n for n in self.having(*BEST_FIRST) if self.owners[n] == person]
        return mine[0] if mine else None

    @property
    def line(self):
        return sorted(self.having("waitlisted"), key=lambda n: (n not in self.first, n))

    @property
    def free(self):
        return self.places - len(self.having(*PLACED))

    @property
    def yes(self):
        return "awaiting_approval" if self.approval else "confirmed"

    def ask(self, person, now):
        if (n := self.of(person)) is not None:
            if self.states[n] == "waitlisted":
                self.accept(n, now)
            return n
        if now >= self.starts_at:
            return None
        may = self.free > 0 and (not self.line or first_come(now, self.starts_at))
        self.states.append(self.yes if may else "waitlisted")
        self.owners.append(person)
        return len(self.states) - 1

    def end(self, n, state, now):
        self.states[n] = state
        self.serve(now)

    def serve(self, now):
        until = offer_until(now, self.starts_at) if now < self.starts_at else None
        while until and self.line and self.free > 0:
            n = self.line[0]
            self.states[n], self.until[n] = "offered", until

    def expire(self, now):
        for n in self.having("offered"):
            if self.until[n] <= now:
                self.states[n] = "offer_expired"
        self.serve(now)

    def accept(self, n, now):
        """Whether the answer is yes."""
        if self.states[n] in {"confirmed", "awaiting_approval"}:
            return True
        mine = self.states[n] == "offered" and now < self.until[n]
        near = now < self.starts_at and first_come(now, self.starts_at)
        if mine or (self.states[n] == "waitlisted" and near and self.free > 0):
            self.states[n] = self.yes
            return True
        return False

    def merge(self, kept, gone, now):
        self.owners = [kept if owner == gone else owner for owner in self.owners]
        if now >= self.starts_at:
            return
        mine = [n for n in self.having(*BEST_FIRST) if self.owners[n] == kept]
        for n in sorted(mine, key=lambda n: (BEST_FIRST.index(self.states[n]), n))[1:]:
            self.states[n] = "cancelled_by_pdu"
        self.serve(now)
