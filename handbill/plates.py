"""The plates of a print shop: a PDF whose colours are inks, declared as PDF/X-4 (ISO 15930-7).

A part of what `pdf` does, and the second module that knows pikepdf. Which inks a colour takes is told to it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import pikepdf
from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Pdf,
)


@dataclass(frozen=True, slots=True)
class Shop:
    """What makes a file one for a print shop: PDF/X-4 (ISO 15930-7)."""

    profile: bytes
    """The ICC profile of the printing condition that its inks are for."""
    condition: str
    """The condition's name in the registry of the ICC."""
    edition: str
    """The code of the edition; it ends with year and month, which date the file."""
    colour: Callable[[tuple[float, float, float]], tuple[float, float, float, float]]
    """From red, green and blue to the four inks, all of them 0 to 1."""
    jpeg: Callable[[bytes], tuple[bytes, bool]]
    """From a JPEG to one in inks; whether in all four, stored the other way round, or in black alone."""
    points: Callable[[bytes, int, int], tuple[bytes, bool]]
    """The same of points of RGB, with width and height; they are stored as they are."""


ALL_INKS = "/All"
"""The name of the colour space of `all_inks` on a page."""


def all_inks(out: Pdf) -> Object:
    """The colour space of marks that stand on every plate (ISO 32000-2, 8.6.6.4)."""
    full = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return out.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, out.make_indirect(full)]))


class Separation:
    """Writes the colours of one source as inks, in place; what is shared between pages is done once."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._done: set[tuple[int, int]] = set()
        self._inks: dict[tuple[float, ...], list[Decimal]] = {}

    def form(self, form: Object) -> None:
        """Write a form's operators anew, and all that it draws with."""
        if form.objgen in self._done:
            return
        self._done.add(form.objgen)
        operators = self._operators(form)
        form.write(pikepdf.unparse_content_stream(operators))
        if "/CS" in form.get("/Group", Dictionary()):
            form["/Group"]["/CS"] = Name.DeviceCMYK
        resources = form.get("/Resources", Dictionary())
        for drawn in resources.get("/XObject", Dictionary()).values():
            if drawn.get("/Subtype") == Name.Form:
                self.form(drawn)
            elif drawn.get("/Subtype") == Name.Image:
                self._image(drawn)
        for pattern in resources.get("/Pattern", Dictionary()).values():
            if pattern.get("/PatternType") == 1:
                self.form(pattern)
            elif "/Shading" in pattern:
                self._shading(pattern["/Shading"])
        for shading in resources.get("/Shading", Dictionary()).values():
            self._shading(shading)

    def _operators(self, form: Object) -> list[ContentStreamInstruction | ContentStreamInlineImage]:
        written: list[ContentStreamInstruction | ContentStreamInlineImage] = []
        spaces: dict[bool, str] = {}  # by whether it is that of lines
        kept: list[dict[bool, str]] = []
        for instruction in pikepdf.parse_content_stream(form):
            operator, operands = str(instruction.operator), instruction.operands
            lines = operator.isupper()
            match operator:
                case "q":
                    kept.append(dict(spaces))
                case "Q" if kept:
                    spaces = kept.pop()
                case "g" | "G" | "rg" | "RG":
                    spaces.pop(lines, None)
                    instruction = self._ink(operands, "K" if lines else "k")
                case "k" | "K":
                    spaces.pop(lines, None)
                case "cs" | "CS":
                    spaces[lines] = str(operands[0])
                    if spaces[lines] in _SCREEN:
                        operator_of = Operator(operator)
                        instruction = ContentStreamInstruction([Name.DeviceCMYK], operator_of)
                case "sc" | "SC" | "scn" | "SCN" if spaces.get(lines) in _SCREEN:
                    instruction = self._ink(operands, operator)
            written.append(instruction)
        return written

    def _ink(self, operands: Iterable[Object], operator: str) -> ContentStreamInstruction:
        inks = self._inks_of([float(operand) for operand in operands])
        return ContentStreamInstruction(inks, Operator(operator))

    def _inks_of(self, colour: list[float]) -> list[Decimal]:
        red, green, blue = colour if len(colour) == 3 else colour * 3
        key = (red, green, blue)
        if key not in self._inks:
            self._inks[key] = [Decimal(f"{ink:.4f}").normalize() + 0 for ink in self._shop.colour(key)]
        return self._inks[key]

    def _shading(self, shading: Object) -> None:
        """Write the colours of a gradient as inks."""
        if str(shading["/ColorSpace"]) not in _SCREEN or shading.objgen in self._done:
            return
        shading["/ColorSpace"] = Name.DeviceCMYK
        if shading.is_indirect:
            self._done.add(shading.objgen)
        self._function(shading["/Function"])

    def _function(self, function: Object) -> None:
        if function.is_indirect:
            if function.objgen in self._done:
                return
            self._done.add(function.objgen)
        if function["/FunctionType"] == 3:
            for part in function["/Functions"]:
                self._function(part)
        else:
            for end in ("/C0", "/C1"):
                function[end] = Array(self._inks_of([float(part) for part in function[end].as_list()]))

    def _image(self, image: Object) -> None:
        """Write a picture in RGB as inks; greys, masks and what is in inks already stay as they are."""
        if image.objgen in self._done or image.get("/ColorSpace") != Name.DeviceRGB:
            return
        self._done.add(image.objgen)
        width, height = int(image["/Width"]), int(image["/Height"])
        if image.get("/Filter") == Name.DCTDecode:
            content, coloured = self._shop.jpeg(image.read_raw_bytes())
            image.write(content, filter=Name.DCTDecode)
            if coloured:
                image["/Decode"] = Array([1, 0] * 4)
        else:
            content, coloured = self._shop.points(image.read_bytes(), width, height)
            image.write(content)
        image["/ColorSpace"] = Name.DeviceCMYK if coloured else Name.DeviceGray


_SCREEN = ("/DeviceRGB", "/DeviceGray")


def declare(out: Pdf, title: str, language: str, shop: Shop) -> None:
    """Say that a file is PDF/X-4, for which inks, and what ISO 15930-7 wants to know besides."""
    out.docinfo["/Trapped"] = Name("/False")
    profile = out.make_stream(shop.profile)
    profile["/N"] = 4
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=shop.condition,
        RegistryName="http://www.color.org",
        Info=shop.condition,
        DestOutputProfile=profile,
    )
    out.Root["/OutputIntents"] = Array([intent])
    mark = hashlib.blake2b(digest_size=16)
    for part in (title, language, shop.edition):
        mark.update(part.encode() + b"\0")
    xmp = _XMP.format(
        title=escape(title),
        language=escape(language),
        made=f"{shop.edition[-7:]}-01T00:00:00Z",
        edition=escape(shop.edition),
        id=_ID.sub(r"\1-\2-\3-\4-\5", mark.hexdigest()),
    )
    metadata = out.make_stream(xmp.encode())
    metadata["/Type"], metadata["/Subtype"] = Name.Metadata, Name.XML
    out.Root["/Metadata"] = metadata


_ID = re.compile(r"(.{8})(.{4})(.{4})(.{4})(.{12})")

_XMP = """\
<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<pdf:Trapped>False</pdf:Trapped>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<xmp:MetadataDate>{made}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{id}</xmpMM:DocumentID>
<xmpMM:VersionID>{edition}</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
