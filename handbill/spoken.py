"""One locale while it is being made: guides filled in its words, for the web or for print."""

from __future__ import annotations

from dataclasses import dataclass

from handbill import contacts, fill, render
from handbill.markdown import Inline
from handbill.model import Diagnostic, Edition, Html, Language, Medium, Project
from handbill.phrases import Phrases
from handbill.render import Jinja, Voice
from handbill.source import INTERFACE, Source, Translations


@dataclass(frozen=True, slots=True)
class Spoken:
    """One locale while it is being made."""

    source: Source
    jinja: Jinja
    translations: Translations
    own: Phrases
    """The source language's phrases, for what falls back."""

    @property
    def language(self) -> Language:
        """The locale's language."""
        return self.translations.phrases.language

    @property
    def is_source(self) -> bool:
        """Whether this is the source locale, where nothing is translated."""
        return self.language == self.own.language

    def voice(self, medium: Medium) -> Voice:
        """Return what every page, or every booklet, of the locale shares."""
        return render.voice(self.source.project, self.translations.phrases, medium, self.unreviewed())

    def unreviewed(self, *guides: str) -> bool:
        """Whether a page with these guides must say that no native speaker has read it."""
        return not self.translations.checked.issuperset((INTERFACE, *guides))

    def edition(self, form: fill.Form, setting: fill.Setting) -> Edition:
        """Return a document, made ready for its medium, filled in this locale."""
        translations = None if self.is_source else self.translations.guides[form.document.guide]
        return fill.fill(form, translations, setting)

    def source_edition(self, form: fill.Form, setting: fill.Setting) -> Edition:
        """Return a document that is held for this locale: all of it in the source language, marked so."""
        return fill.fill(form, {}, setting)

    def setting(self, medium: Medium, voice: Voice) -> tuple[fill.Setting, tuple[Diagnostic, ...]]:
        """Return what text of this locale needs in a medium; links come with each form."""
        words, problems = render.fill_template(self.jinja, "web/untranslated.html", voice.context)
        inline, more = self._inline(self.translations.phrases, medium)
        source_inline, same = self._inline(self.own, medium)
        setting = fill.Setting(
            language=self.language,
            source=self.own.language,
            inline=inline,
            source_inline=source_inline,
            fallback_notice=words.strip(),
        )
        return setting, tuple(dict.fromkeys((*problems, *more, *same)))

    def _inline(self, phrases: Phrases, medium: Medium) -> tuple[Inline, tuple[Diagnostic, ...]]:
        listed = self.source.project.contacts
        reference = ""
        problems: tuple[Diagnostic, ...] = ()
        if medium == "print":
            context = render.voice(self.source.project, phrases, medium, False).context
            reference, problems = render.page_reference(self.jinja, context)
        inline = Inline(
            direction=phrases.language.direction,
            tokens=contacts.tokens(listed, phrases, medium),
            plain_tokens=contacts.plain_tokens(listed, phrases),
            links={},
            images="../" if medium == "web" else "",
            page_reference=reference,
        )
        return inline, problems


def notice(project: Project, phrases: Phrases, discreet: bool) -> tuple[Html, str]:
    """Return the safety notice as HTML and as plain text."""
    text = project.site.notice_neutral if discreet else project.site.notice
    return phrases.text(text), phrases.plain(text)
