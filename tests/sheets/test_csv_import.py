"""A CSV file is read in the encoding in which it was written, as far as its words tell."""

from pathlib import Path

import pytest

from sheetsync.i18n import language
from sheetsync.sheets.connection.csv_import import lines_of

RU = """
Компания;Телефон;Состояние
ООО Ромашка;+7 912 345-67-89;Новый клиент
Лада;;1 контакт
""".strip()
FEW = "Company,Phone,Note\nAcme,123,да\nBeta,456,нет\nGamma,7,\n"
FR = "Société;Téléphone;Ville\nCafé Noël;123;Orléans\nÉlan;22;Besançon\n"
PT = "Nome da Empresa;Responsável\nComércio São João;João Pereira\nPadaria Açaí;Maria\n"
DE = "Firma;Ort\nMÜLLER & Söhne;Köln\nBäckerei Weiß;München\n"
PL = "Nazwa firmy;Opiekun\nZakłady Mięsne;Piotr Wiśniewski\nŁódź Meble;Żaneta Ćwik\n"
TR = "Firma;Yetkili\nYıldız Tekstil Ltd. Şti.;Ayşe\nDoğan Gıda;Çağrı\nİzmir Su;Işıl\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RU, "utf-8"),
        (RU, "utf-8-sig"),
        (RU, "utf-16"),
        (RU, "cp1251"),
        (RU, "koi8-r"),
        (RU, "cp866"),
        (FEW, "cp1251"),
        (FR, "cp1252"),
        (PT, "cp1252"),
        (DE, "cp1252"),
        (PL, "cp1250"),
        (TR, "cp1254"),
    ],
)
def test_a_file_is_read_in_the_encoding_it_was_written_in(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path, plain = tmp_path / "base.csv", tmp_path / "plain.csv"
    path.write_text(text, encoding=encoding)
    plain.write_text(text, encoding="utf-8")
    assert lines_of(path, language("en")) == lines_of(plain, language("en"))


def test_where_words_tell_too_little_a_file_is_taken_for_the_usual_encoding(
    tmp_path: Path,
) -> None:
    path = tmp_path / "base.csv"
    path.write_bytes("Company,Note\nAcme,да\n".encode("koi8-r"))
    read = "Company,Note\nAcme,да\n".encode("koi8-r").decode("cp1251").split()
    assert lines_of(path, language("en")) == [line.split(",") for line in read]
