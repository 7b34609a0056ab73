"""A base with all that a team has in its spreadsheet besides clients: a dashboard, names, rules, lists, groups, a chart, a pivot's source.

One tab of clients, as teams have it before any program comes, or the method's six; written as Excel
would, so that what openpyxl does not know is put in by hand.
"""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

CLIENTS = "База"
DASHBOARD = "Дашборд"
LISTS = "Списки"
HEADINGS = ("Компания", "Телефон", "Статус", "Менеджер", "Сумма", "Доля", "Регион")
STATES = ("1 контакт", "Отказ", "Клиент")
REGIONS = ("Север", "Юг")
FIRST = 2


def write_furnished(path: Path, states: Sequence[str] = STATES * 2, title: str = CLIENTS) -> Path:
    """Write a base of one tab, a client for each state, with a total below and all else around."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    sheet.append(HEADINGS)
    last = FIRST + len(states) - 1
    for number, state in enumerate(states):
        row = FIRST + number
        share = f"=E{row}/SUM(E${FIRST}:E${last})"
        phone = f"+7 912 000-00-{number:02d}"
        sheet.append(
            [f"ООО «Фирма {number}»", phone, state, "Иванов", 100 + number, share, "Север"]
        )
        sheet.cell(row, 5).number_format = '#,##0.00 "р."'
        sheet.cell(row, 6).number_format = "0%"
    sheet.append([])
    sheet.append(["Итого", None, None, None, f"=SUM(E{FIRST}:E{last})"])
    _dress(sheet, last)
    _dashboard(workbook, title, last)
    lists = workbook.create_sheet(LISTS)
    for state in STATES:
        lists.append([state])
    for region in REGIONS:
        lists.append([None, region])
    names = {
        "Суммы": f"{title}!$E${FIRST}:$E${last}",
        "Первая": f"{title}!$A${FIRST}",
        "Последние": f"{title}!$A${last - 1}:$B${last}",
    }
    for name, text in names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=text)
    workbook.save(path)
    workbook.close()
    _with_list_of_regions(path, last)
    return path


def _dress(sheet: Worksheet, last: int) -> None:
    """Give the clients' tab its rules, lists, filter, groups, looks and print area."""
    rows = f"{FIRST}:{{}}{last}"
    red = PatternFill(bgColor="FFFFC7CE")
    # openpyxl has no types for its rules.
    refused = CellIsRule(  # type: ignore[no-untyped-call]
        operator="equal", formula=['"Отказ"'], fill=red
    )
    sheet.conditional_formatting.add(f"C{rows.format('C')}", refused)
    scale = ColorScaleRule(  # type: ignore[no-untyped-call]
        start_type="min", start_color="FFFFFFFF", end_type="max", end_color="FF63BE7B"
    )
    sheet.conditional_formatting.add(f"E{rows.format('E')}", scale)
    for formula, column in (('"Иванов,Петров"', "D"), (f"{LISTS}!$A$1:$A$3", "C")):
        listed = DataValidation(type="list", formula1=formula)
        listed.add(f"{column}{rows.format(column)}")
        sheet.add_data_validation(listed)
    sheet.auto_filter.ref = f"A1:G{last}"
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions["A"].width = 40
    sheet.column_dimensions.group("D", "E", hidden=False)
    sheet.row_dimensions.group(FIRST + 1, FIRST + 3, hidden=False)
    sheet.sheet_format.outlineLevelRow = 1
    sheet.print_area = f"A1:G{last}"
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    sheet["A3"].font = Font(bold=True, color="FFFF0000")
    sheet["B3"].comment = Comment("звонить", "sheetsync")


def _dashboard(workbook: openpyxl.Workbook, title: str, last: int) -> None:
    """Give the workbook a tab of figures over the clients, and a chart of them."""
    figures = workbook.create_sheet(DASHBOARD)
    figures.append(["Отказы", f'=COUNTIF({title}!C{FIRST}:C{last},"Отказ")'])
    figures.append(["Сумма", f"=SUM({title}!E{FIRST}:E{last})"])
    figures.append(["По имени", "=SUM(Суммы)"])
    figures.append(["Третий", f"={title}!E4"])
    figures.append(["Весь столбец", f"=SUM({title}!E:E)"])
    figures.append(["Последние", f"=SUM({title}!E{last - 1}:E{last})"])
    sheet = workbook[title]
    chart = BarChart()
    amounts = Reference(sheet, min_col=5, min_row=1, max_row=last)
    chart.add_data(amounts, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=FIRST, max_row=last))
    figures.add_chart(chart, "D2")


_EXTENSION = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    ' uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations'
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1>'
    "<xm:f>{lists}!$B$4:$B$5</xm:f></x14:formula1><xm:sqref>G{first}:G{last}</xm:sqref>"
    "</x14:dataValidation></x14:dataValidations></ext></extLst>"
)


def _with_list_of_regions(path: Path, last: int) -> None:
    """Put a list of another tab where Excel keeps it: among the extensions of the clients' tab."""
    text = _EXTENSION.format(lists=LISTS, first=FIRST, last=last)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    sheet = parts[name].decode()
    # Parts of the sheet that come before its extensions end with the margins or the drawing.
    parts[name] = re.sub("</worksheet>$", f"{text}</worksheet>", sheet.strip()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
