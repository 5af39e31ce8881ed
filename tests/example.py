"""Guides, projects and surroundings to try the phases on, made from the sample project."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from handbill import contacts, fill, languages, links, po, store
from handbill.load import load
from handbill.markdown import Inline
from handbill.model import Document, Guide, Language, Medium, Place, Project, Text
from handbill.parse import parse
from handbill.phrases import Phrases

TESTS = Path(__file__).parent


def files(folder: Path) -> dict[str, bytes]:
    """Return path below the folder → content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@cache
def sample() -> Project:
    """Return the sample project, without templates."""
    project, problems = load(files(TESTS / "sample"), defaults={})
    assert project, problems
    return project


def guide(body: str, id: str = "case") -> Guide:
    """Return a guide whose body begins on the first line of its file."""
    path = f"content/guides/{id}.md"
    front = Place(path)
    return Guide(
        id=id,
        path=path,
        title=Text("The title", front),
        summary=Text("The summary.", front),
        audience="survivor",
        facts=(),
        reviewed=date(2026, 11, 1),
        review_after=12,
        discreet=False,
        body=body,
        body_line=1,
        reviewed_place=front,
    )


def project_with(*guides: Guide) -> Project:
    """Return the sample project with more guides."""
    return replace(sample(), guides=(*sample().guides, *guides))


def documents(project: Project) -> dict[str, Document]:
    """Return the parsed guides of a project."""
    return {guide.id: parse(guide)[0] for guide in project.guides}


def language(locale: str) -> Language:
    """Return a language that CLDR knows."""
    found = languages.language(locale)
    assert found
    return found


def phrases(locale: str, singular: Mapping[str, str] | None = None) -> Phrases:
    """Return the interface of a locale whose source is English."""
    words = {(None, source): target for source, target in (singular or {}).items()}
    return Phrases(language(locale), language("en"), words, {}, lambda count: int(count != 1))


def inline(locale: str, medium: Medium, targets: Mapping[str, str]) -> Inline:
    """Return what inline text needs in a locale, with the sample's contacts."""
    known = sample().contacts
    return Inline(
        direction=language(locale).direction,
        tokens=contacts.tokens(known, phrases(locale), medium),
        plain_tokens=contacts.plain_tokens(known, phrases(locale)),
        links=targets,
        images="../" if medium == "web" else "",
    )


def setting(locale: str, medium: Medium) -> fill.Setting:
    """Return where text is filled in: a locale whose source is English, and a medium."""
    return fill.Setting(
        language=language(locale),
        source=language("en"),
        inline=inline(locale, medium, {}),
        source_inline=inline("en", medium, {}),
        fallback_notice="(not translated)",
    )


def targets(project: Project, medium: Medium, booklet: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Return for each guide: link target as written → `href`; in print, within a booklet of these guides."""
    parsed = documents(project)
    if medium == "web":
        return links.web_links(project, parsed)
    return links.print_links(project, parsed, booklet)


def adapted(document: Document, medium: Medium) -> Document:
    """Return a document as the main line adapts it to a medium."""
    if medium == "web":
        return fill.adapt(document, anchor_prefix="", image_prefix="../")
    return fill.adapt(document, anchor_prefix=f"{document.guide}.", image_prefix="")


# --- on disk -----------------------------------------------------------------------------------------

INTERFACE = "locales/es/LC_MESSAGES/interface.po"


def write_project(folder: Path, overlay: Path | None = None) -> None:
    """Write the sample project, with a folder laid over it: `delete.txt` names the files to leave out.

    The sample's Spanish catalog has the sample's own words only; those of the engine's templates come from
    this repository's Spanish, so that a change of a template leaves the sample as complete as the repository.
    """
    project = files(TESTS / "sample") | (files(overlay) if overlay else {})
    for path in project.pop("delete.txt", b"").decode().split():
        del project[path]
    if INTERFACE in project:
        project[INTERFACE] = _with_engine_words(project[INTERFACE])
    for path, content in project.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def _with_engine_words(content: bytes) -> bytes:
    text = po.decode(content, INTERFACE)
    assert isinstance(text, str)
    catalog, problems = po.read(text, INTERFACE)
    if problems:
        return content
    engine, _ = po.read((store.ENGINE / INTERFACE).read_text(encoding="utf-8"), INTERFACE)
    known = {(entry.msgctxt, entry.msgid) for entry in catalog.entries}
    more = tuple(entry for entry in engine.entries if (entry.msgctxt, entry.msgid) not in known)
    return po.write(replace(catalog, entries=(*catalog.entries, *more))).encode()
