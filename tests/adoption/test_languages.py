"""Bases in the languages that are read and never written, one of each, and what their headings and words mean."""

import pytest

from sheetsync.method.policy import template
from sheetsync.values import Cell, fold
from tests.builders.adopted import Table, codes, fields, proposed, sections


def test_a_base_in_german() -> None:
    proposal = proposed(
        Kundenliste="""
Firma | Ansprechpartner | Telefon | E-Mail | Ort | Branche | Status | Betreuer | Letzter Kontakt | Nächster Kontakt | Auftragswert | Bemerkungen
Müller GmbH | Hans Weber | +49 30 901820 | hans@mueller.de | Berlin | Handel | Angebot gesendet | Schmidt | 46060 | 46090 | 12000 | ruft nächste Woche wieder an, will Rabatt
Bauer & Söhne KG | Eva Klein | +49 40 428280 | eva@bauer.de | Hamburg | Produktion | Verhandlung | Fischer | 46061 | 46091 | 8000 | wartet auf die Entscheidung der Geschäftsführung
Huber AG | Jan Wolf | +49 89 233960 | jan@huber.de | München | Handel | Gewonnen | Schmidt | 46062 | 46092 | 30000 |
Keller OHG | Ute Braun | +49 69 212010 | ute@keller.de | Frankfurt | Handel | Verloren | Fischer | 46063 | | 5000 | zu teuer
Lang e.K. | Max Roth | +49 221 22100 | max@lang.de | Köln | Handel | Neu | Schmidt | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Kundenliste": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Firma": "company",
        "Ansprechpartner": "person",
        "Telefon": "phone",
        "E-Mail": "email",
        "Ort": "city",
        "Branche": "category",
        "Status": "state",
        "Betreuer": "manager",
        "Letzter Kontakt": "last_contact",
        "Nächster Kontakt": "next_on",
        "Auftragswert": "amount",
        "Bemerkungen": "comment",
    }
    assert codes(proposal, "states") == {
        "Angebot gesendet": "contact_2",
        "Gewonnen": "client",
        "Neu": "new",
        "Verhandlung": "contact_3",
        "Verloren": "refusal",
    }
    assert [manager.name for manager in proposal.managers] == ["Schmidt", "Fischer"]


def test_a_base_in_spanish() -> None:
    proposal = proposed(
        Clientes="""
Empresa | Contacto | Teléfono | Correo electrónico | Ciudad | Estado | Responsable | Último contacto | Próximo contacto | Monto | Comentarios
Aceros del Norte SA | María López | +52 55 5123 4567 | maria@aceros.mx | México | Propuesta enviada | Ana Ruiz | 46060 | 46090 | 12000 | quiere un descuento y pide plazo de pago
Textiles Sol SL | Juan Pérez | +52 55 5123 4568 | juan@sol.mx | Puebla | En negociación | Luis Gil | 46061 | 46091 | 8000 | espera la aprobación de su director general
Grupo Mar SA de CV | Eva Ramos | +52 55 5123 4569 | eva@mar.mx | Mérida | Ganado | Ana Ruiz | 46062 | 46092 | 30000 |
Distribuidora Luz | Iván Cruz | +52 55 5123 4570 | ivan@luz.mx | León | Perdido | Luis Gil | 46063 | | 5000 | precio
Café Real | Rosa Díaz | +52 55 5123 4571 | rosa@real.mx | Toluca | Nuevo | Ana Ruiz | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Clientes": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Empresa": "company",
        "Contacto": "person",
        "Teléfono": "phone",
        "Correo electrónico": "email",
        "Ciudad": "city",
        "Estado": "state",
        "Responsable": "manager",
        "Último contacto": "last_contact",
        "Próximo contacto": "next_on",
        "Monto": "amount",
        "Comentarios": "comment",
    }
    assert codes(proposal, "states") == {
        "En negociación": "contact_3",
        "Ganado": "client",
        "Nuevo": "new",
        "Perdido": "refusal",
        "Propuesta enviada": "contact_2",
    }
    assert [manager.name for manager in proposal.managers] == ["Ana Ruiz", "Luis Gil"]


def test_a_base_in_portuguese() -> None:
    proposal = proposed(
        Base_de_clientes="""
Cliente | CNPJ | Contato | Celular | E-mail | Cidade | UF | Etapa do funil | Vendedor | Último contato | Próximo contato | Valor | Observações
Padaria Sol Ltda | 11.222.333/0001-81 | João Silva | (11) 98765-4321 | joao@sol.com.br | São Paulo | SP | Proposta enviada | Carla | 46060 | 46090 | 12000 | pediu desconto para fechar ainda este mês
Auto Peças Lima ME | 11.222.333/0001-82 | Ana Costa | (21) 98765-4322 | ana@lima.com.br | Rio | RJ | Negociação | Bruno | 46061 | 46091 | 8000 | aguarda aprovação da diretoria para continuar
Grupo Mar SA | 11.222.333/0001-83 | Eva Ramos | (31) 98765-4323 | eva@mar.com.br | BH | MG | Ganho | Carla | 46062 | 46092 | 30000 |
Lojas Luz | 11.222.333/0001-84 | Ivo Cruz | (41) 98765-4324 | ivo@luz.com.br | Curitiba | PR | Perdido | Bruno | 46063 | | 5000 | preço
Café Real | 11.222.333/0001-85 | Rosa Dias | (51) 98765-4325 | rosa@real.com.br | Poa | RS | Novo | Carla | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Base de clientes": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Cliente": "company",
        "CNPJ": "tax_number",
        "Contato": "person",
        "Celular": "phone",
        "E-mail": "email",
        "Cidade": "city",
        "UF": "-",
        "Etapa do funil": "state",
        "Vendedor": "manager",
        "Último contato": "last_contact",
        "Próximo contato": "next_on",
        "Valor": "amount",
        "Observações": "comment",
    }
    assert codes(proposal, "states") == {
        "Ganho": "client",
        "Negociação": "contact_3",
        "Novo": "new",
        "Perdido": "refusal",
        "Proposta enviada": "contact_2",
    }
    assert [manager.name for manager in proposal.managers] == ["Carla", "Bruno"]


def test_a_base_in_italian() -> None:
    proposal = proposed(
        Clienti="""
Ragione sociale | Partita IVA | Referente | Cellulare | Email | Città | Settore | Stato | Commerciale | Ultimo contatto | Prossimo contatto | Importo | Note
Rossi Srl | 00743110157 | Mario Bianchi | +39 02 1234567 | m@rossi.it | Milano | Commercio | Preventivo inviato | Conti | 46060 | 46090 | 12000 | chiede uno sconto e pagamento a sessanta giorni
Verdi SpA | 00743110158 | Anna Neri | +39 06 1234567 | a@verdi.it | Roma | Industria | In trattativa | Riva | 46061 | 46091 | 8000 | aspetta la conferma del direttore generale
Marino & C. Snc | 00743110159 | Eva Fabbri | +39 081 123456 | e@marino.it | Napoli | Commercio | Vinto | Conti | 46062 | 46092 | 30000 |
Luce Sas | 00743110150 | Ivo Croce | +39 011 123456 | i@luce.it | Torino | Commercio | Perso | Riva | 46063 | | 5000 | prezzo
Bar Reale | 00743110151 | Rosa Diana | +39 055 123456 | r@reale.it | Firenze | Commercio | Nuovo | Conti | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Clienti": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Ragione sociale": "company",
        "Partita IVA": "tax_number",
        "Referente": "person",
        "Cellulare": "phone",
        "Email": "email",
        "Città": "city",
        "Settore": "category",
        "Stato": "state",
        "Commerciale": "manager",
        "Ultimo contatto": "last_contact",
        "Prossimo contatto": "next_on",
        "Importo": "amount",
        "Note": "comment",
    }
    assert codes(proposal, "states") == {
        "In trattativa": "contact_3",
        "Nuovo": "new",
        "Perso": "refusal",
        "Preventivo inviato": "contact_2",
        "Vinto": "client",
    }
    assert [manager.name for manager in proposal.managers] == ["Conti", "Riva"]


def test_a_base_in_french() -> None:
    proposal = proposed(
        Suivi_clients="""
Raison sociale | SIRET | Nom du contact | Fonction | Téléphone | Courriel | Ville | Statut | Commercial | Dernier contact | Prochaine relance | Montant | Commentaires
Dupont SARL | 73282932000074 | Jean Martin | gérant | 01 42 68 53 00 | j@dupont.fr | Paris | Devis envoyé | Morel | 46060 | 46090 | 12000 | demande une remise et un délai de paiement
Petit SAS | 73282932000075 | Anne Noir | acheteuse | 04 91 13 89 00 | a@petit.fr | Marseille | En négociation | Blanc | 46061 | 46091 | 8000 | attend l'accord de son directeur général
Mer & Fils | 73282932000076 | Eve Fabre | gérante | 04 72 10 30 30 | e@mer.fr | Lyon | Gagné | Morel | 46062 | 46092 | 30000 |
Lumière SA | 73282932000077 | Yvan Croix | achats | 05 61 22 29 22 | y@lumiere.fr | Toulouse | Perdu | Blanc | 46063 | | 5000 | trop cher
Café Royal | 73282932000078 | Rose Didier | gérante | 04 93 13 20 00 | r@royal.fr | Nice | Nouveau | Morel | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Suivi clients": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Raison sociale": "company",
        "SIRET": "tax_number",
        "Nom du contact": "person",
        "Fonction": "role",
        "Téléphone": "phone",
        "Courriel": "email",
        "Ville": "city",
        "Statut": "state",
        "Commercial": "manager",
        "Dernier contact": "last_contact",
        "Prochaine relance": "next_on",
        "Montant": "amount",
        "Commentaires": "comment",
    }
    assert codes(proposal, "states") == {
        "Devis envoyé": "contact_2",
        "En négociation": "contact_3",
        "Gagné": "client",
        "Nouveau": "new",
        "Perdu": "refusal",
    }
    assert [manager.name for manager in proposal.managers] == ["Morel", "Blanc"]


def test_a_base_in_polish() -> None:
    proposal = proposed(
        Klienci_2026="""
Lp. | Nazwa firmy | NIP | Osoba kontaktowa | Telefon | Adres e-mail | Miasto | Branża | Etap | Handlowiec | Ostatni kontakt | Następny kontakt | Wartość | Uwagi
1 | Kowalski sp. z o.o. | 5260250274 | Jan Nowak | +48 22 694 60 00 | j@kowalski.pl | Warszawa | Handel | Oferta wysłana | Wiśniewska | 46060 | 46090 | 12000 | prosi o rabat i dłuższy termin płatności
2 | Zieliński S.A. | 5260250275 | Anna Mazur | +48 12 616 11 11 | a@zielinski.pl | Kraków | Produkcja | Negocjacje | Lis | 46061 | 46091 | 8000 | czeka na decyzję zarządu w przyszłym tygodniu
3 | Morze i Synowie | 5260250276 | Ewa Krawiec | +48 58 323 60 00 | e@morze.pl | Gdańsk | Handel | Wygrana | Wiśniewska | 46062 | 46092 | 30000 |
4 | Światło | 5260250277 | Iwo Krzyż | +48 71 777 77 77 | i@swiatlo.pl | Wrocław | Handel | Przegrana | Lis | 46063 | | 5000 | za drogo
5 | Kawa | 5260250278 | Róża Dyl | +48 61 878 50 00 | r@kawa.pl | Poznań | Handel | Nowy | Wiśniewska | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Klienci 2026": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Lp.": "-",
        "Nazwa firmy": "company",
        "NIP": "tax_number",
        "Osoba kontaktowa": "person",
        "Telefon": "phone",
        "Adres e-mail": "email",
        "Miasto": "city",
        "Branża": "category",
        "Etap": "state",
        "Handlowiec": "manager",
        "Ostatni kontakt": "last_contact",
        "Następny kontakt": "next_on",
        "Wartość": "amount",
        "Uwagi": "comment",
    }
    assert codes(proposal, "states") == {
        "Negocjacje": "contact_3",
        "Nowy": "new",
        "Oferta wysłana": "contact_2",
        "Przegrana": "refusal",
        "Wygrana": "client",
    }
    assert [manager.name for manager in proposal.managers] == ["Wiśniewska", "Lis"]


def test_a_base_in_turkish() -> None:
    proposal = proposed(
        MÜŞTERİ_LİSTESİ="""
SIRA NO | FİRMA ADI | YETKİLİ KİŞİ | CEP TELEFONU | E-POSTA | ŞEHİR | SEKTÖR | DURUM | SATIŞ TEMSİLCİSİ | SON GÖRÜŞME | SONRAKİ ARAMA | TEKLİF TUTARI | AÇIKLAMA
1 | Yılmaz Ltd. Şti. | Ahmet Kaya | 0532 123 45 67 | a@yilmaz.com.tr | İstanbul | Ticaret | Teklif gönderildi | Ayşe | 46060 | 46090 | 12000 | indirim istiyor ve vade talep ediyor bizden
2 | Demir A.Ş. | Fatma Çelik | 0532 123 45 68 | f@demir.com.tr | Ankara | Üretim | Pazarlık | Mehmet | 46061 | 46091 | 8000 | genel müdürün onayını bekliyor bu hafta
3 | Deniz Tekstil | Elif Ak | 0532 123 45 69 | e@deniz.com.tr | İzmir | Ticaret | Kazanıldı | Ayşe | 46062 | 46092 | 30000 |
4 | Işık Gıda | Can Er | 0532 123 45 70 | c@isik.com.tr | Bursa | Ticaret | Kaybedildi | Mehmet | 46063 | | 5000 | pahalı
5 | Kahve Dünyası | Gül Su | 0532 123 45 71 | g@kahve.com.tr | Adana | Ticaret | Yeni | Ayşe | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"MÜŞTERİ LİSTESİ": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "SIRA NO": "-",
        "FİRMA ADI": "company",
        "YETKİLİ KİŞİ": "person",
        "CEP TELEFONU": "phone",
        "E-POSTA": "email",
        "ŞEHİR": "city",
        "SEKTÖR": "category",
        "DURUM": "state",
        "SATIŞ TEMSİLCİSİ": "manager",
        "SON GÖRÜŞME": "last_contact",
        "SONRAKİ ARAMA": "next_on",
        "TEKLİF TUTARI": "amount",
        "AÇIKLAMA": "comment",
    }
    assert codes(proposal, "states") == {
        "Kaybedildi": "refusal",
        "Kazanıldı": "client",
        "Pazarlık": "contact_3",
        "Teklif gönderildi": "contact_2",
        "Yeni": "new",
    }
    assert [manager.name for manager in proposal.managers] == ["Ayşe", "Mehmet"]


def test_a_base_in_ukrainian() -> None:
    proposal = proposed(
        Клієнти="""
Назва компанії | ЄДРПОУ | Контактна особа | Телефон | Ел. пошта | Місто | Статус | Відповідальний | Останній контакт | Наступний дзвінок | Сума угоди | Примітка
ТОВ «Ромашка» | 32855961 | Шевченко Тарас | +380 67 123 45 67 | a@r.ua | Київ | КП надіслано | Коваленко | 46060 | 46090 | 12000 | просить знижку та відстрочку платежу на місяць
ТОВ «Вектор» | 32855962 | Бондар Олена | +380 67 123 45 68 | b@r.ua | Львів | Переговори | Мельник | 46061 | 46091 | 8000 | чекає на рішення генерального директора
ПП «Південь» | 32855963 | Ткач Іван | +380 67 123 45 69 | c@r.ua | Одеса | Постійний клієнт | Коваленко | 46062 | 46092 | 30000 |
ФОП Кравець | 32855964 | Кравець Юрій | +380 67 123 45 70 | d@r.ua | Дніпро | Відмова | Мельник | 46063 | | 5000 | дорого
Кав'ярня | 32855965 | Рожко Ілля | +380 67 123 45 71 | e@r.ua | Харків | Новий | Коваленко | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Клієнти": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Назва компанії": "company",
        "ЄДРПОУ": "tax_number",
        "Контактна особа": "person",
        "Телефон": "phone",
        "Ел. пошта": "email",
        "Місто": "city",
        "Статус": "state",
        "Відповідальний": "manager",
        "Останній контакт": "last_contact",
        "Наступний дзвінок": "next_on",
        "Сума угоди": "amount",
        "Примітка": "comment",
    }
    assert codes(proposal, "states") == {
        "Відмова": "refusal",
        "КП надіслано": "contact_2",
        "Новий": "new",
        "Переговори": "contact_3",
        "Постійний клієнт": "client",
    }
    assert [manager.name for manager in proposal.managers] == ["Коваленко", "Мельник"]


def test_a_base_in_kazakh() -> None:
    proposal = proposed(
        Клиенттер="""
Компания атауы | БСН | Байланыс тұлғасы | Телефон нөмірі | Эл. пошта | Қала | Күйі | Жауапты | Соңғы байланыс | Келесі қоңырау | Сомасы | Түсініктеме
ЖШС Алма | 010140000010 | Әлия Серік | 87011234567 | a@alma.kz | Алматы | Ұсыныс жіберілді | Нұрлан | 46060 | 46090 | 12000 | жеңілдік пен төлемді кейінге қалдыруды сұрайды
ЖШС Тау | 010140000011 | Ерлан Асқар | 87011234568 | b@tau.kz | Астана | Келіссөз | Айгүл | 46061 | 46091 | 8000 | бас директордың шешімін күтіп отыр қазір
ЖК Дала | 010140000012 | Гүлнар Оспан | 87011234569 | c@dala.kz | Шымкент | Тұрақты клиент | Нұрлан | 46062 | 46092 | 30000 |
ЖШС Жарық | 010140000013 | Болат Нұр | 87011234570 | d@jaryq.kz | Ақтау | Бас тартты | Айгүл | 46063 | | 5000 | қымбат
ЖК Кофе | 010140000014 | Рауан Тұр | 87011234571 | e@kofe.kz | Ақтөбе | Жаңа | Нұрлан | | 46099 | 4000 |
"""
    )

    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Клиенттер": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "Компания атауы": "company",
        "БСН": "tax_number",
        "Байланыс тұлғасы": "person",
        "Телефон нөмірі": "phone",
        "Эл. пошта": "email",
        "Қала": "city",
        "Күйі": "state",
        "Жауапты": "manager",
        "Соңғы байланыс": "last_contact",
        "Келесі қоңырау": "next_on",
        "Сомасы": "amount",
        "Түсініктеме": "comment",
    }
    assert codes(proposal, "states") == {
        "Бас тартты": "refusal",
        "Жаңа": "new",
        "Келіссөз": "contact_3",
        "Тұрақты клиент": "client",
        "Ұсыныс жіберілді": "contact_2",
    }
    assert [manager.name for manager in proposal.managers] == ["Нұрлан", "Айгүл"]


FOREIGN = {words.code: words for words in template("en").foreign_words}
KINDS = ["sections", "labels", "categories", "states", "reasons", "columns"]


def test_nine_languages_are_read_beside_the_two_that_are_written() -> None:
    assert sorted(FOREIGN) == ["de", "es", "fr", "it", "kk", "pl", "pt", "tr", "uk"]


@pytest.mark.parametrize("code", sorted(FOREIGN))
def test_a_language_has_words_for_every_code_of_the_method(code: str) -> None:
    policy = template("en")
    for kind in ("sections", "labels", "categories", "states"):
        assert set(getattr(FOREIGN[code], kind)) == set(policy.codes(kind))
    assert set(FOREIGN[code].reasons) <= set(policy.codes("reasons"))
    of_team = {column.field for column in policy.columns if column.owner == "team"}
    assert of_team - set(FOREIGN[code].columns) == {"on_expiry", "extended_to"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_means_one_thing_in_all_languages(kind: str) -> None:
    meanings: dict[str, set[str]] = {}
    for words in template("en").spellings:
        for code, spellings in getattr(words, kind).items():
            for spelling in spellings:
                meanings.setdefault(fold(spelling), set()).add(code)
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


def test_a_word_without_its_accents_is_known_too() -> None:
    rows = """
TELEFONO | EMPRESA | ETAPA | RESPONSABLE
+52 55 5123 4567 | Aceros del Norte SA | En negociacion | Ana
+52 55 5123 4568 | Textiles Sol SL | Ganado | Ana
+52 55 5123 4569 | Grupo Mar SA | Perdido | Luis
"""
    proposal = proposed(Hoja1=rows)
    assert fields(proposal.tabs[0]) == {
        "TELEFONO": "phone",
        "EMPRESA": "company",
        "ETAPA": "state",
        "RESPONSABLE": "manager",
    }
    assert codes(proposal)["En negociacion"] == "contact_3"


def test_a_language_that_nobody_knows_is_guessed_at_by_what_its_columns_hold() -> None:
    proposal = proposed(
        Sheet1="""
კომპანია | ტელეფონი | ელფოსტა | სტატუსი | მენეჯერი | ბოლო კონტაქტი
შპს ალფა | +995 32 212 34 56 | a@a.ge | ახალი | გიორგი მაისურაძე | 46060
შპს ბეტა | +995 32 212 34 57 | b@b.ge | მოლაპარაკება | გიორგი მაისურაძე | 46061
შპს გამა | +995 32 212 34 58 | c@c.ge | ახალი | მარიამ გელაშვილი | 46062
შპს დელტა | +995 32 212 34 59 | d@d.ge | უარი | მარიამ გელაშვილი | 46063
"""
    )
    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Sheet1": "mixed?"}
    assert proposal.tabs[0].header == 0
    assert fields(proposal.tabs[0]) == {
        "კომპანია": "company?",
        "ტელეფონი": "phone",
        "ელფოსტა": "email",
        "სტატუსი": "state?",
        "მენეჯერი": "manager?",
        "ბოლო კონტაქტი": "last_contact?",
    }


def test_two_rows_in_letters_that_nobody_knows() -> None:
    proposal = proposed(
        Sheet1=[
            ["שם החברה", "טלפון", "סטטוס"],
            ["אלפא", "0521234567", "חדש"],
            ["ביתא", "0521234568", "חדש"],
        ]
    )
    assert sections(proposal) == {"Sheet1": "mixed?"}
    assert fields(proposal.tabs[0]) == {
        "שם החברה": "company?",
        "טלפון": "phone?",
        "סטטוס": "state?",
    }


def test_known_headings_are_believed_above_formulas_and_samples() -> None:
    headings: list[Cell] = ["Client", "Phone", "Status", "Manager"]
    meant = {"Client": "company", "Phone": "phone", "Status": "state", "Manager": "manager"}
    formulas: Table = [[f"=Source!{column}{row}" for column in "ABCD"] for row in (2, 3, 4)]
    assert fields(proposed(Sheet1=[headings, *formulas]).tabs[0]) == meant
    samples: Table = [[f"Company {row}", "xxx-xxxx", "Status", "Name"] for row in (1, 2, 3, 4)]
    assert fields(proposed(Sheet1=[headings, *samples]).tabs[0]) == meant
