"""A reader who adds and subtracts: how much of what is withheld the shown numbers give away.

Everything that is shown is an equation over whole numbers that are not negative. A solver says how
small and how large each withheld number can be.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import lil_array


@dataclass
class Reader:
    """What a reader knows: numbers by name, and equations between them."""

    names: dict = field(default_factory=dict)
    equations: list = field(default_factory=list)
    least: dict = field(default_factory=dict)
    known: dict = field(default_factory=dict)

    def sees(self, name, number):
        """A number that is shown."""
        self._place(name)
        self.known[name] = number

    def sees_that_there_is(self, name):
        """A number that is withheld, and is not 0: else there would be no row for it."""
        self._place(name)
        self.least[name] = 1

    def knows_that_they_add_up(self, parts, whole):
        """What everybody knows about a table."""
        row = dict.fromkeys(map(self._place, parts), 1)
        row[self._place(whole)] = -1
        self.equations.append((row, 0, 0))

    def can_tell(self, name, *, less=None):
        """The least and the most that a number can be, or by how much it exceeds another."""
        wanted = np.zeros(len(self.names))
        wanted[self.names[name]] = 1
        if less is not None:
            wanted[self.names[less]] = -1
        return self._best(wanted, 1), self._best(wanted, -1)

    def _place(self, name):
        return self.names.setdefault(name, len(self.names))

    def _best(self, wanted, sign):
        count = len(self.names)
        low, high = np.zeros(count), np.full(count, np.inf)
        for known, number in self.known.items():
            low[self.names[known]] = high[self.names[known]] = number
        for one, number in self.least.items():
            low[self.names[one]] = max(low[self.names[one]], number)
        matrix = lil_array((len(self.equations), count))
        for place, (row, _, _) in enumerate(self.equations):
            for column, factor in row.items():
                matrix[place, column] = factor
        bounds = [(least, most) for _, least, most in self.equations]
        found = milp(
            wanted * sign,
            integrality=np.ones(count),
            bounds=(low, high),
            constraints=LinearConstraint(matrix.tocsr(), *np.array(bounds).T) if bounds else None,
        )
        if found.status == 3:
            return np.inf * -sign
        assert found.status == 0, "what is shown contradicts itself"
        return round(found.fun) * sign
