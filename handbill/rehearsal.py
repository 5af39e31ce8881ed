"""A project in the pseudo-locales: the same guides and templates, in the words of nobody.

What it makes is built like any other site, but is never to be published: in place of the translations it has
the two made-up languages of `pseudo`, so that what is wrong with a page shows before a translator begins.
"""

from __future__ import annotations

from dataclasses import replace

from handbill import extract, languages, po, pseudo
from handbill.model import PSEUDO_LOCALES, Catalog, Project, Rule
from handbill.phrases import Phrases
from handbill.source import Source, Translations


def project(real: Project) -> Project:
    """Return a project with the pseudo-locales in place of those it is translated to."""
    rules = tuple((locale, Rule()) for locale in PSEUDO_LOCALES)
    return replace(real, site=replace(real.site, locales=PSEUDO_LOCALES, rules=rules))


def translations(source: Source, locale: str) -> Translations:
    """Return everything there is to say, said in a pseudo-locale."""
    messages, _ = extract.interface(source.project)
    header = po.header("handbill", languages.model_locale(locale))
    form_of = po.plural_form(Catalog("", (header,)))
    forms = range(1 + max(map(form_of, range(1000))))
    spoken = Phrases(
        language=source.languages[locale],
        source=source.source_language,
        singular={
            (message.context, message.text): pseudo.template_string(message.text, locale)
            for message in messages
            if message.plural is None
        },
        plural={
            (message.context, message.text): tuple(
                pseudo.template_string(message.text if form == form_of(1) else message.plural, locale)
                for form in forms
            )
            for message in messages
            if message.plural is not None
        },
        plural_form=form_of,
    )
    guides = {
        id: {message.text: pseudo.guide_message(message.text, locale) for message in document.messages}
        for id, document in source.documents.items()
    }
    return Translations(guides, spoken, {}, frozenset())
