"""The order in which guides are read: on the first page, from one to the next, and in booklets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from handbill.model import Booklet, Guide, Project


@dataclass(frozen=True, slots=True)
class Around:
    """What a guide's page leads on to. A discreet guide names only what is discreet too."""

    previous: str | None
    """Id of the guide that is read before it."""
    next: str | None
    booklets: tuple[Booklet, ...]
    """Those that it is printed in, in their order."""


def in_order(project: Project) -> tuple[Guide, ...]:
    """Return the guides as the booklets order them; one that is in no booklet comes last."""
    places = {id: place for place, id in enumerate(_printed(project))}
    return tuple(sorted(project.guides, key=lambda guide: places.get(guide.id, len(places))))


def around(project: Project) -> Mapping[str, Around]:
    """Return for each guide what stands around it.

    A guide is read between its neighbours in the first booklet for its own audience that it is in; one that
    is in none, between those guides of its audience that are in none either.
    """
    guides = {guide.id: guide for guide in project.guides}
    printed = {
        id: [booklet for booklet in project.booklets if id in booklet.guides] for id in _printed(project)
    }
    lines = [(booklet.audience, booklet.guides) for booklet in project.booklets]
    loose = [guide for guide in project.guides if guide.id not in printed]
    for audience in dict.fromkeys(guide.audience for guide in loose):
        lines.append((audience, tuple(guide.id for guide in loose if guide.audience == audience)))
    neighbours: dict[str, tuple[str | None, str | None]] = {}
    for audience, line in lines:
        before = {later: earlier for earlier, later in pairwise(line)}
        after = dict(pairwise(line))
        for id in line:
            if guides[id].audience == audience:
                neighbours.setdefault(id, (before.get(id), after.get(id)))

    def named(id: str, other: str | None) -> str | None:
        return other if other and (guides[other].discreet or not guides[id].discreet) else None

    found = {}
    for id in guides:
        previous, following = neighbours.get(id, (None, None))
        found[id] = Around(
            named(id, previous),
            named(id, following),
            tuple(
                booklet
                for booklet in printed.get(id, ())
                if all(named(id, other) for other in booklet.guides)
            ),
        )
    return found


def _printed(project: Project) -> tuple[str, ...]:
    """Return the ids of the guides that are in booklets, each once."""
    return tuple(dict.fromkeys(id for booklet in project.booklets for id in booklet.guides))
