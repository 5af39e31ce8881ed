"""Parts the lam-alef ligatures of an Arabic font, so that a PDF set in it can be read, searched and copied.

A PDF says of each glyph which characters it stands for, and Poppler and PDFium (so Chrome) read a glyph of
several Arabic letters backwards: الآن is found as اآلن. Here each لا becomes two glyphs that look and sit as
the one did: the lam draws the whole ligature but for a hamza or madda, and the alef takes its share of the
width and that sign. Made for Vazirmatn: it names glyphs as that font does, and fails on one that lacks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fontTools.otlLib.builder import buildCoverage
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

# By their names in the font, which are those of Unicode's presentation forms.
_LAMS = ("uniFEDF", "uniFEE0")  # beginning a joined group of letters, and within one
_ALEFS = ("uniFE8E", "uniFE82", "uniFE84", "uniFE88")  # ا آ أ إ, joined to what is before
_LIGATURES = {
    ("uniFEDF", "uniFE8E"): "uniFEFB",
    ("uniFEDF", "uniFE82"): "uniFEF5",
    ("uniFEDF", "uniFE84"): "uniFEF7",
    ("uniFEDF", "uniFE88"): "uniFEF9",
    ("uniFEE0", "uniFE8E"): "uniFEFC",
    ("uniFEE0", "uniFE82"): "uniFEF6",
    ("uniFEE0", "uniFE84"): "uniFEF8",
    ("uniFEE0", "uniFE88"): "uniFEFA",
}
_LAM_PARTS = {lam: f"{lam}.apart" for lam in _LAMS}
_ALEF_PARTS = {alef: f"{alef}.apart" for alef in _ALEFS}


def part(font: TTFont) -> None:
    """Changes the font so that no lam and alef are one glyph, nor the four letters of الله."""
    _draw(font)
    _shape(font)
    _place_marks(font)
    _keep_distances(font)


def _draw(font: TTFont) -> None:
    width = font["hmtx"]["uniFE8E"][0]
    for lam, bare in zip(_LAMS, ("uniFEFB", "uniFEFC"), strict=True):
        _add_glyph(font, _LAM_PARTS[lam], font["hmtx"][bare][0] - width, [(bare, -width, 0)])
    for alef in _ALEFS:
        drawn = font["glyf"][_LIGATURES["uniFEDF", alef]]
        signs = [
            (component.glyphName, component.x, component.y)
            for component in (drawn.components if drawn.isComposite() else ())
            if component.glyphName != "uniFEFB"
        ]
        _add_glyph(font, _ALEF_PARTS[alef], width, signs)


def _add_glyph(font: TTFont, name: str, width: int, drawn: list[tuple[str, int, int]]) -> None:
    glyph = Glyph()
    if drawn:
        glyph.numberOfContours, glyph.components = -1, []
    for source, x, y in drawn:
        component = GlyphComponent()
        component.glyphName, component.x, component.y, component.flags = source, x, y, 0
        glyph.components.append(component)
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, getattr(glyph, "xMin", 0))
    font["GDEF"].table.GlyphClassDef.classDefs[name] = 1  # a base, to which marks attach


def _shape(font: TTFont) -> None:
    """In the place of ligatures: a lam changes before an alef, then an alef after such a lam."""
    table = font["GSUB"].table
    for rule in _rules(table):
        for first, ligatures in list(getattr(rule, "ligatures", {}).items()):
            rest = [one for one in ligatures if one.LigGlyph not in {*_LIGATURES.values(), "uniFDF2"}]
            rule.ligatures[first] = rest
            if not rest:
                del rule.ligatures[first]
    chosen = [
        _add_in_context(font, _LAM_PARTS, after=_ALEFS),
        _add_in_context(font, _ALEF_PARTS, before=_LAM_PARTS.values()),
    ]
    _add_to_feature(table, lambda tag, _: tag == "rlig", chosen)


def _add_in_context(
    font: TTFont, parts: dict[str, str], before: Iterable[str] = (), after: Iterable[str] = ()
) -> int:
    table = font["GSUB"].table
    swap = otTables.SingleSubst()
    swap.mapping = parts
    record = otTables.SubstLookupRecord()
    record.SequenceIndex, record.LookupListIndex = 0, _add_lookup(table, 1, [swap])
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackCoverage = [_coverage(font, before)] if before else []
    rule.InputCoverage = [_coverage(font, parts)]
    rule.LookAheadCoverage = [_coverage(font, after)] if after else []
    rule.SubstLookupRecord = [record]
    return _add_lookup(table, 6, [rule])


def _place_marks(font: TTFont) -> None:
    """Marks on a part go where they went on its half of the ligature."""
    table = font["GPOS"].table
    for index, lookup in enumerate(list(table.LookupList.Lookup)):
        placed = [_on_bases(font, rule) for rule in _subtables(lookup) if rule.LookupType == 5]
        if placed:
            added = _add_lookup(table, 4, placed)
            _add_to_feature(table, lambda _, lookups, index=index: index in lookups, [added])


def _on_bases(font: TTFont, rule: otTables.MarkLigPos) -> otTables.MarkBasePos:
    width = font["hmtx"]["uniFE8E"][0]
    anchors = {}
    for (lam, alef), ligature in _LIGATURES.items():
        attached = rule.LigatureArray.LigatureAttach[rule.LigatureCoverage.glyphs.index(ligature)]
        on_lam, on_alef = attached.ComponentRecord
        anchors[_ALEF_PARTS[alef]] = [_anchor(one, 0) for one in on_alef.LigatureAnchor]
        if alef == "uniFE8E":
            anchors[_LAM_PARTS[lam]] = [_anchor(one, -width) for one in on_lam.LigatureAnchor]
    made = otTables.MarkBasePos()
    made.Format, made.ClassCount = 1, rule.ClassCount
    made.MarkCoverage, made.MarkArray = rule.MarkCoverage, rule.MarkArray
    made.BaseCoverage, made.BaseArray = _coverage(font, anchors), otTables.BaseArray()
    made.BaseArray.BaseRecord = []
    for glyph in made.BaseCoverage.glyphs:
        record = otTables.BaseRecord()
        record.BaseAnchor = anchors[glyph]
        made.BaseArray.BaseRecord.append(record)
    made.BaseArray.BaseCount = len(anchors)
    return made


def _anchor(old: otTables.Anchor, x: int) -> otTables.Anchor:
    made = otTables.Anchor()
    made.Format, made.XCoordinate, made.YCoordinate = 1, old.XCoordinate + x, old.YCoordinate
    return made


def _keep_distances(font: TTFont) -> None:
    """Rules on a ligature after something go for the lam, and those on one before something, for the alef."""
    for rule in _rules(font["GPOS"].table):
        if isinstance(rule, otTables.SinglePos):
            covered = rule.Coverage.glyphs
            added = [lam for lam in _LAM_PARTS.values() if _like(lam) in covered]
            if added:
                assert rule.Format == 1, "one value for all"
                rule.Coverage = _coverage(font, covered + added)
    for rule in (*_rules(font["GPOS"].table), *_rules(font["GSUB"].table)):
        if isinstance(rule, (otTables.ChainContextPos, otTables.ChainContextSubst)) and rule.Format == 3:
            for name in ("BacktrackCoverage", "InputCoverage", "LookAheadCoverage"):
                parts = _ALEF_PARTS if name == "BacktrackCoverage" else _LAM_PARTS
                setattr(rule, name, [_widened(font, one, parts.values()) for one in getattr(rule, name)])


def _widened(font: TTFont, coverage: otTables.Coverage, parts: Iterable[str]) -> otTables.Coverage:
    added = [one for one in parts if _like(one) in coverage.glyphs and one not in coverage.glyphs]
    return _coverage(font, coverage.glyphs + added) if added else coverage


def _like(part: str) -> str:
    """The ligature that has the side of a part which faces away from the other part."""
    letter = part.removesuffix(".apart")
    return _LIGATURES[letter, "uniFE8E"] if letter in _LAMS else _LIGATURES["uniFEE0", letter]


def _subtables(lookup: otTables.Lookup) -> Iterator[object]:
    return (getattr(rule, "ExtSubTable", rule) for rule in lookup.SubTable)


def _rules(table: object) -> list[object]:
    return [rule for lookup in table.LookupList.Lookup for rule in _subtables(lookup)]


def _coverage(font: TTFont, glyphs: Iterable[str]) -> otTables.Coverage:
    return buildCoverage(set(glyphs), font.getReverseGlyphMap(rebuild=True))


def _add_lookup(table: object, kind: int, rules: list[object]) -> int:
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.SubTable, lookup.SubTableCount = kind, rules, len(rules)
    lookup.LookupFlag = 1 if kind == 4 else 9  # from right to left; marks between letters are passed over
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    return table.LookupList.LookupCount - 1


def _add_to_feature(table: object, chosen: Callable[[str, list[int]], bool], lookups: list[int]) -> None:
    for record in table.FeatureList.FeatureRecord:
        if chosen(record.FeatureTag, record.Feature.LookupListIndex):
            record.Feature.LookupListIndex = [*record.Feature.LookupListIndex, *lookups]
            record.Feature.LookupCount = len(record.Feature.LookupListIndex)
