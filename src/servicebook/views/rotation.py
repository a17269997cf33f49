"""Which standard a team talks about on which day: a rule that one standard more or less hardly moves.

A *round* is a number of whole weeks that depends on nothing but how many standards a job has; rounds are
counted from one Monday for everybody. In a round every standard has one day, and the days left over are for
practice. A round is cut into blocks of weeks, and a standard stays in its block from round to round.

For its block, its week and its day a standard asks for the places in an order of its own, and of those that
ask for one place the highest weights keep it: rendezvous hashing (D. G. Thaler and C. V. Ravishankar, "Using
Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998) with places that
fill up. A weight is a hash of the job, the round, the standard and the place and of nothing else, and so it
is of no matter who asks first (D. Gale and L. S. Shapley, "College Admissions and the Stability of
Marriage", American Mathematical Monthly 69(1), 1962).

What that gives:

- A standard comes again after 31 days or more, unless its job has so few that a round is shorter than six
  weeks.
- One standard more takes, in each round, a free day of its week. Where there is none, one of those in the
  week has to ask for its next, and so on until a week has room (before that, the same among blocks). The
  weeks that somebody enters or leaves change, and no others; one standard less is the same backwards.
  `tests/test_rotation.py` counts these weeks for the jobs of the reference playbook.
- Only where a round has no room for one more, it grows by half and everything is laid anew: on five days a
  week that is beyond 4, 8, 12, 16, 27, 42, 61, 89 and 132 standards. How many weeks that is, measured:
  `docs/decisions/0010-a-calendar-that-stays.md`.
- A standard that gets another id keeps its days: it is weighed by the first id that it had.
- A closed day is no place; whose week is full then asks for another in its block, then in the round. In a
  round with fewer open days than standards, some are left out.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Collection, Sequence
from hashlib import blake2b, shake_128
from math import gcd
from struct import unpack

# A Monday, from which rounds are counted.
_FIRST = dt.date(2001, 1, 1)
_WEEK = dt.timedelta(days=7)
# No standard comes again before so many days have passed.
APART = 31


class Rotation:
    """The days of one job's standards, by their identities (the first ids that they had)."""

    def __init__(self, job: str, identities: Collection[str], days: int, closed: Collection[dt.date]) -> None:
        """`days` is how many of each week are worked, from Monday on; on those in `closed` nobody meets."""
        self._job = job
        self._days = days
        self._closed = frozenset(closed)
        self._blocks = _blocks_for(len(identities), days)
        self._weeks = sum(self._blocks)
        room = [_room(weeks, days) for weeks in self._blocks]
        placed, _ = _place(sorted(identities), room, job)
        self._members = [sorted(one for one in placed if placed[one] == i) for i in range(len(room))]
        self._rounds: dict[int, list[list[str]]] = {}

    def week(self, monday: dt.date) -> dict[dt.date, str | None]:
        """Return the open days of a week, each with the standard's identity; None is a day for practice."""
        number, place = divmod((monday - _FIRST).days // 7, self._weeks)
        if number not in self._rounds:
            self._rounds[number] = self._round(number)
        members, days = self._rounds[number][place], self._open(monday)
        placed, _ = _place(members, [1] * len(days), f"{self._job} {number} {place}")
        standing = {days[i]: one for one, i in placed.items()}
        return {day: standing.get(day) for day in days}

    def _round(self, number: int) -> list[list[str]]:
        """Return the standards of each week of a round."""
        start, key = number * self._weeks, f"{self._job} {number}"
        room = [len(self._open(_FIRST + (start + i) * _WEEK)) for i in range(self._weeks)]
        found: list[list[str]] = [[] for _ in room]
        waiting: list[str] = []
        first = 0
        for weeks, members in zip(self._blocks, self._members, strict=True):
            placed, left = _place(members, room[first : first + weeks], key)
            for one, place in placed.items():
                found[first + place].append(one)
            waiting += left
            first += weeks
        placed, _ = _place(waiting, [most - len(held) for most, held in zip(room, found, strict=True)], key)
        for one, place in placed.items():
            found[place].append(one)
        return found

    def _open(self, monday: dt.date) -> list[dt.date]:
        days = (monday + dt.timedelta(days=i) for i in range(self._days))
        return [day for day in days if day not in self._closed]


def _blocks_for(count: int, days: int) -> list[int]:
    """Return the weeks of each block of the shortest round that has room for so many standards."""
    weeks, blocks = 1, [1]
    while sum(_room(block, days) for block in blocks) < count:
        weeks = max(weeks + 1, weeks * 3 // 2)
        blocks = _cut(weeks, days)
    return blocks


def _cut(weeks: int, days: int) -> list[int]:
    """Return a round's blocks: as few, and as even, as keep a standard far from itself a round later."""
    # From the last day of a block to its first day a round later.
    longest = max(1, weeks - -(-(APART + days - 8) // 7))
    count = -(-weeks // longest)
    return [weeks // count + (i < weeks % count) for i in range(count)]


def _room(weeks: int, days: int) -> int:
    """Return how many standards a block takes: of a long one 19 days in 20, since some are holidays."""
    return weeks * days * 19 // 20


def _place(identities: Sequence[str], room: Sequence[int], key: str) -> tuple[dict[str, int], list[str]]:
    """Return the place of each identity, and those that found none. `room` is how many a place takes."""
    if not room:
        return {}, sorted(identities)
    kept: list[list[tuple[int, str, int]]] = [[] for _ in room]
    lots = {one: _Lots(key, one, len(room)) for one in identities}
    waiting, left = [(one, 0) for one in identities], []
    while waiting:
        one, asked = waiting.pop()
        if asked == len(room):
            left.append(one)
            continue
        place = lots[one].choice(asked)
        insort(kept[place], (lots[one].weight(place), one, asked))
        if len(kept[place]) > room[place]:
            _, lightest, before = kept[place].pop(0)
            waiting.append((lightest, before + 1))
    return {one: i for i, held in enumerate(kept) for _, one, _ in held}, sorted(left)


class _Lots:
    """What is drawn for an identity among `count` places: the order that it asks in, its weight for each."""

    def __init__(self, key: str, one: str, count: int) -> None:
        self._drawn = shake_128(repr((key, one)).encode())
        self._first: int
        self._step: int
        self._first, self._step = unpack(">2Q", self._drawn.digest(16))
        self._count = count
        while gcd(self._step, count) != 1:
            self._step += 1

    def choice(self, asked: int) -> int:
        """Return the place that the identity asks for after so many others: each of `count` once."""
        return (self._first + asked * self._step) % self._count

    def weight(self, place: int) -> int:
        """Return the weight of the identity for a place."""
        # Drawn when it is asked for, since most never are: of a thousand weeks a standard asks for a few.
        return int.from_bytes(self._drawn.digest(8 * (place + 3))[-8:])


def weight(*parts: object) -> int:
    """Return the weight of these parts together: a number as good as drawn by lot, the same everywhere."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest())
