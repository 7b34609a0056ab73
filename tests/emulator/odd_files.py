"""Workbooks as other programs make them, with the parts that openpyxl does not write; and what lies in a zip.

Minimal, but each part is real: LibreOffice opens them. What must become of them is said by the tests.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def parts_of(path: Path) -> dict[str, bytes]:
    """Give all parts of a workbook by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """Write a zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


class Kit:
    """A workbook being given parts."""

    def __init__(self, path: Path) -> None:
        book = openpyxl.Workbook()
        data: Any = book.active
        data.title = "Data"
        for row in (["Name", "Sum"], ["a", 1], ["b", 2], ["c", 3], ["total", "=SUM(B2:B4)"]):
            data.append(row)
        other = book.create_sheet("Other sheet")
        other["A1"] = "=Data!B5*2"
        other["A2"] = "quiet"
        book.save(path)
        book.close()
        self.path = path
        self.parts = parts_of(path)

    def add(self, part: str, text: str | bytes, kind: str = "") -> Kit:
        self.parts[part] = text if isinstance(text, bytes) else text.encode()
        if kind:
            self.put(
                "[Content_Types].xml",
                "</Types>",
                f'<Override PartName="/{part}" ContentType="{kind}"/>',
            )
        return self

    def put(self, part: str, before: str, text: str) -> Kit:
        """Insert a text before another one."""
        old = self.parts[part].decode()
        assert before in old, old
        self.parts[part] = old.replace(before, text + before, 1).encode()
        return self

    def relate(self, owner: str, number: str, kind: str, target: str, mode: str = "") -> Kit:
        folder, _, file = owner.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels" if owner else "_rels/.rels"
        if rels not in self.parts:
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            self.parts[rels] = f'<Relationships xmlns="{space}"></Relationships>'.encode()
        kind = kind if kind.startswith("http") else f"{OFFICE}/{kind}"
        line = f'<Relationship Id="{number}" Type="{kind}" Target="{target}"{mode}/>'
        return self.put(rels, "</Relationships>", line)

    def save(self) -> Path:
        return write_parts(self.path, self.parts)


SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"


def png() -> bytes:
    """Give a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def anchored(row: int, what: str) -> str:
    """Give an anchor in columns D to F."""
    return (
        f"<xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row + 3}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{what}<xdr:clientData/></xdr:twoCellAnchor>"
    )


def shape(number: int, name: str) -> str:
    return (
        f'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{number}" name="{name}"/><xdr:cNvSpPr/></xdr:nvSpPr>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>'
    )


def drawn(kit: Kit) -> Kit:
    """Add a picture and a shape."""
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Picture 1"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{DRAWING}" '
        f'xmlns:r="{OFFICE}">{anchored(1, picture)}{anchored(6, shape(3, "Box"))}</xdr:wsDr>'
    )
    kit.add("xl/media/image1.png", png())
    kit.put(
        "[Content_Types].xml", "<Override", '<Default Extension="png" ContentType="image/png"/>'
    )
    kit.add(
        "xl/drawings/drawing1.xml",
        text,
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    kit.relate("xl/drawings/drawing1.xml", "rId1", "image", "../media/image1.png")
    kit.relate(SHEET, "rId1", "drawing", "/xl/drawings/drawing1.xml")
    return kit.put(SHEET, "</worksheet>", f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/>')


def pivoted(kit: Kit) -> Kit:
    """Add a pivot table on the other tab, made of the data."""
    cache = (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshOnLoad="1" recordCount="0">'
        '<cacheSource type="worksheet"><worksheetSource ref="A1:B4" sheet="Data"/></cacheSource><cacheFields count="2">'
        '<cacheField name="Name" numFmtId="0"><sharedItems count="3"><s v="a"/><s v="b"/><s v="c"/></sharedItems>'
        '</cacheField><cacheField name="Sum" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" '
        'containsNumber="1" containsInteger="1" minValue="1" maxValue="3"/></cacheField></cacheFields>'
        "</pivotCacheDefinition>"
    )
    table = (
        f'<pivotTableDefinition xmlns="{MAIN}" name="Pivot1" cacheId="7" dataCaption="Values" outline="1">'
        '<location ref="D3:E7" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2">'
        '<pivotField axis="axisRow" showAll="0"><items count="4"><item x="0"/><item x="1"/><item x="2"/>'
        '<item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields>'
        '<rowFields count="1"><field x="0"/></rowFields><dataFields count="1">'
        '<dataField name="Sum of Sum" fld="1"/></dataFields></pivotTableDefinition>'
    )
    records = f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>'
    start = "xl/pivotCache/pivotCache"
    kit.add(f"{start}Definition1.xml", cache, SPREADSHEET + "pivotCacheDefinition+xml")
    kit.add(f"{start}Records1.xml", records, SPREADSHEET + "pivotCacheRecords+xml")
    kit.add("xl/pivotTables/pivotTable1.xml", table, SPREADSHEET + "pivotTable+xml")
    kit.relate(f"{start}Definition1.xml", "rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")
    kit.relate(
        "xl/pivotTables/pivotTable1.xml", "rId1", "pivotCacheDefinition", f"/{start}Definition1.xml"
    )
    kit.relate("xl/worksheets/sheet2.xml", "rId1", "pivotTable", "../pivotTables/pivotTable1.xml")
    kit.relate(BOOK, "rId77", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    caches = f'<pivotCaches xmlns:r="{OFFICE}"><pivotCache cacheId="7" r:id="rId77"/></pivotCaches>'
    return kit.put(BOOK, "</workbook>", caches)


def sliced(kit: Kit) -> Kit:
    """Add a slicer to the pivot table's cache, on the other tab."""
    pivoted(kit)
    kind = "application/vnd.ms-excel."
    schema = "http://schemas.microsoft.com/office/2007/relationships/"
    cache = (
        f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_Name" sourceName="Name"><pivotTables>'
        '<pivotTable tabId="2" name="Pivot1"/></pivotTables></slicerCacheDefinition>'
    )
    slicer = f'<slicers xmlns="{X14}"><slicer name="Name" cache="Slicer_Name" caption="Name" rowHeight="225425"/></slicers>'
    kit.add("xl/slicerCaches/slicerCache1.xml", cache, kind + "slicerCache+xml")
    kit.add("xl/slicers/slicer1.xml", slicer, kind + "slicer+xml")
    kit.relate(BOOK, "rId78", schema + "slicerCache", "slicerCaches/slicerCache1.xml")
    kit.relate("xl/worksheets/sheet2.xml", "rId2", schema + "slicer", "../slicers/slicer1.xml")
    book = (
        f'<extLst><ext uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" xmlns:x14="{X14}"><x14:slicerCaches>'
        f'<x14:slicerCache xmlns:r="{OFFICE}" r:id="rId78"/></x14:slicerCaches></ext></extLst>'
    )
    sheet = (
        f'<extLst><ext uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}" xmlns:x14="{X14}"><x14:slicerList>'
        f'<x14:slicer xmlns:r="{OFFICE}" r:id="rId2"/></x14:slicerList></ext></extLst>'
    )
    kit.put(BOOK, "</workbook>", book)
    return kit.put("xl/worksheets/sheet2.xml", "</worksheet>", sheet)


def talked(kit: Kit) -> Kit:
    """Add a threaded comment on B2, with the old-style note that stands for it."""
    threads = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    person, thread = (
        "{00000000-0000-0000-0000-00000000000A}",
        "{00000000-0000-0000-0000-00000000000B}",
    )
    kind = "application/vnd.ms-excel."
    kit.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{threads}"><person displayName="Anna" id="{person}" userId="a" providerId="None"/></personList>',
        kind + "person+xml",
    )
    kit.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{threads}"><threadedComment ref="B2" dT="2026-01-01T00:00:00.00" personId="{person}" '
        f'id="{thread}"><text>Why?</text></threadedComment></ThreadedComments>',
        kind + "threadedcomments+xml",
    )
    kit.add(
        "xl/comments1.xml",
        f'<comments xmlns="{MAIN}"><authors><author>tc={thread}</author></authors><commentList><comment ref="B2" '
        'authorId="0"><text><t>[Threaded comment] Why?</t></text></comment></commentList></comments>',
        SPREADSHEET + "comments+xml",
    )
    box = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="_x0000_s1" type="#_x0000_t202" '
        'style="position:absolute;width:108pt;height:59pt;visibility:hidden"><x:ClientData ObjectType="Note">'
        "<x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData></v:shape></xml>"
    )
    kit.add(
        "xl/drawings/vmlDrawing1.vml",
        box,
        "application/vnd.openxmlformats-officedocument.vmlDrawing",
    )
    schema = "http://schemas.microsoft.com/office/2017/10/relationships/"
    kit.relate(BOOK, "rId79", schema + "person", "persons/person.xml")
    kit.relate(
        SHEET, "rId11", schema + "threadedComment", "../threadedComments/threadedComment1.xml"
    )
    kit.relate(SHEET, "rId12", "comments", "../comments1.xml")
    kit.relate(SHEET, "rId13", "vmlDrawing", "../drawings/vmlDrawing1.vml")
    return kit.put(SHEET, "</worksheet>", f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId13"/>')


def furnished(kit: Kit) -> Kit:
    """Add custom XML, printer settings, an external link and macros."""
    kit.add("customXml/item1.xml", '<order xmlns="urn:x"><id>7</id></order>')
    kit.relate("", "rId90", "customXml", "customXml/item1.xml")
    kit.add(
        "xl/printerSettings/printerSettings1.bin",
        b"\x00\x01printer",
        SPREADSHEET + "printerSettings",
    )
    kit.relate(SHEET, "rId21", "printerSettings", "../printerSettings/printerSettings1.bin")
    kit.put(
        SHEET,
        "</worksheet>",
        f'<pageSetup xmlns:r="{OFFICE}" orientation="landscape" r:id="rId21"/>',
    )
    link = (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="S"/>'
        "</sheetNames></externalBook></externalLink>"
    )
    kit.add("xl/externalLinks/externalLink1.xml", link, SPREADSHEET + "externalLink+xml")
    kit.relate(
        "xl/externalLinks/externalLink1.xml",
        "rId1",
        "externalLinkPath",
        "other.xlsx",
        ' TargetMode="External"',
    )
    kit.relate(BOOK, "rId80", "externalLink", "externalLinks/externalLink1.xml")
    references = f'<externalReferences xmlns:r="{OFFICE}"><externalReference r:id="rId80"/></externalReferences>'
    kit.put(BOOK, "<calcPr", references)
    kit.add("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macros", "application/vnd.ms-office.vbaProject")
    return kit.relate(
        BOOK,
        "rId81",
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        "vbaProject.bin",
    )


def extended(kit: Kit) -> Kit:
    """Add what Excel 2010 brought: a sparkline, a dropdown over another tab, a data bar with its extension."""
    sheet = (
        f'<extLst xmlns:x14="{X14}" xmlns:xm="{XM}"><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
        '<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1>'
        "<xm:f>'Other sheet'!$A$2:$A$4</xm:f></x14:formula1><xm:sqref>C2:C4</xm:sqref></x14:dataValidation>"
        '</x14:dataValidations></ext><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"><x14:sparklineGroups>'
        "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Data!B2:B4</xm:f><xm:sqref>D2</xm:sqref>"
        "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    bar = (
        '<conditionalFormatting sqref="B2:B4"><cfRule type="dataBar" priority="1"><dataBar><cfvo type="min"/>'
        '<cfvo type="max"/><color rgb="FF638EC6"/></dataBar><extLst><ext '
        f'uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}" xmlns:x14="{X14}"><x14:id>{{1}}</x14:id></ext></extLst></cfRule>'
        "</conditionalFormatting>"
    )
    kit.put(SHEET, "<pageMargins", bar)
    return kit.put(SHEET, "</worksheet>", sheet)
