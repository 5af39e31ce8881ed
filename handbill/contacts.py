"""Contacts as a reader meets them: the HTML of a number or address, tokens, and the contact list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from handbill.model import Channel, Contact, ContactKind, Html, Medium, Project, Region
from handbill.phrases import Phrases

_SCHEMES: Mapping[Channel, str] = {"phone": "tel:", "tty": "tel:", "text": "sms:", "web": "https://"}


class ChannelView(NamedTuple):
    """One way to reach a contact."""

    channel: Channel
    html: Html
    languages: Html | None


class ContactView(NamedTuple):
    """One contact in one language."""

    id: str
    kind: ContactKind
    region: Html
    name: Html
    note: Html
    hours: Html | None
    channels: tuple[ChannelView, ...]
    checked: str
    verified: bool
    answers: Html | None = None


class RegionView(NamedTuple):
    """A region and its contacts, in the order of contacts.toml."""

    id: str
    name: Html
    contacts: tuple[ContactView, ...]


def token_names(contacts: Sequence[Contact]) -> frozenset[str]:
    """Return every token that may stand in a message.

    A contact gives `name`, `hours` where it has some, and each of its channels.
    """
    return frozenset(name for contact in contacts for name in _fields(contact))


def digits(number: str) -> str:
    """Return a number as it is dialled: its digits, and a leading `+`.

    >>> digits("+44 (0)20 7946-0123")
    '+4402079460123'
    """
    return re.sub(r"(?!^\+)\D", "", number)


def href(channel: Channel, value: str) -> str:
    """Return the address behind a channel: `tel:`, `sms:` or `https:`."""
    return _SCHEMES[channel] + (value if channel == "web" else digits(value))


def html(channel: Channel, value: str, medium: Medium) -> Html:
    """Return a number or an address as HTML that stays left to right in any text."""
    if channel == "web":
        return Html(f'<a class="address" dir="ltr" href="{escape(href(channel, value))}">{escape(value)}</a>')
    if medium == "print":
        return Html(f'<span class="number" dir="ltr">{escape(value)}</span>')
    return Html(f'<a class="number" dir="ltr" href="{escape(href(channel, value))}">{escape(value)}</a>')


def tokens(contacts: Sequence[Contact], phrases: Phrases, medium: Medium) -> dict[str, str]:
    """Return token name → finished HTML."""
    found: dict[str, str] = {}
    for contact in contacts:
        found[f"{contact.id}.name"] = phrases.text(contact.name)
        if contact.hours is not None:
            found[f"{contact.id}.hours"] = phrases.text(contact.hours)
        for channel, value in contact.channels:
            found[f"{contact.id}.{channel}"] = html(channel, value, medium)
    return found


def plain_tokens(contacts: Sequence[Contact], phrases: Phrases) -> dict[str, str]:
    """Return token name → plain text."""
    found: dict[str, str] = {}
    for contact in contacts:
        found[f"{contact.id}.name"] = phrases.plain(contact.name)
        if contact.hours is not None:
            found[f"{contact.id}.hours"] = phrases.plain(contact.hours)
        found.update((f"{contact.id}.{channel}", value) for channel, value in contact.channels)
    return found


def view(
    contact: Contact, region: Region, phrases: Phrases, medium: Medium, written: Callable[[date], str]
) -> ContactView:
    """Return one contact of a region in one language; `written` writes a date out."""
    languages = dict(contact.languages)
    return ContactView(
        id=contact.id,
        kind=contact.kind,
        region=phrases.text(region.name),
        name=phrases.text(contact.name),
        note=phrases.text(contact.note),
        hours=None if contact.hours is None else phrases.text(contact.hours),
        channels=tuple(
            ChannelView(
                channel,
                html(channel, value, medium),
                phrases.text(languages[channel]) if channel in languages else None,
            )
            for channel, value in contact.channels
        ),
        checked=written(contact.checked),
        verified=contact.verified,
        answers=None if contact.answers is None else phrases.text(contact.answers),
    )


def regions(
    project: Project, phrases: Phrases, medium: Medium, written: Callable[[date], str]
) -> tuple[RegionView, ...]:
    """Return the regions that have contacts, with them."""
    views = (
        RegionView(
            region.id,
            phrases.text(region.name),
            tuple(
                view(contact, region, phrases, medium, written)
                for contact in project.contacts
                if contact.region == region.id
            ),
        )
        for region in project.regions
    )
    return tuple(found for found in views if found.contacts)


def _fields(contact: Contact) -> Iterator[str]:
    yield f"{contact.id}.name"
    if contact.hours is not None:
        yield f"{contact.id}.hours"
    for channel, _ in contact.channels:
        yield f"{contact.id}.{channel}"
