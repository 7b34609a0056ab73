"""Bases unlike each other, invented as small tables: what each of their tabs, columns and words is taken for."""

from tests.builders.adopted import codes, fields, proposed, sections


def test_a_title_and_two_rows_of_headings() -> None:
    proposal = proposed(
        Отдел_продаж="""
РЕЕСТР КЛИЕНТОВ 2026 | | | | | | | | |
Клиент | | Контакты | | | Работа | | | Деньги |
Название | ИНН | ФИО ЛПР | Тел. ЛПР | e-mail клиента | Кто ведет клиента | Этап воронки | Дата посл. контакта | Сумма, тыс. руб. | Вер-ть, %
ООО «Ромашка» | 7707083893 | Иванов Пётр Ильич | +7 916 123-45-67 | a@romashka.ru | Смирнова | думает | 46060 | 120 | 50
АО «Вектор» | 7736050003 | Петрова Анна Олеговна | 8 (916) 765-43-21 | b@vektor.ru | Козлов | КП выслано | 46061 | 250 | 30
ТД «Юг» | 7702070139 | Сидоров Олег Ильич | 89161112233 | c@yug.ru | Козлов | торгуемся | 46062 | 80 | 70
ИП Громов | 7728168971 | Громов Иван | 8916 222 33 44 | g@ya.ru | Смирнова | счёт выставлен | 46050 | 99 | 90
ООО «Лютик» | 7710140679 | Котова Ирина | 8-916-333-44-55 | l@lut.ru | Смирнова | не берут трубку | 46051 | 45 | 10
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Отдел продаж": "working"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Название": "company",
        "ИНН": "tax_number",
        "ФИО ЛПР": "person",
        "Тел. ЛПР": "phone",
        "e-mail клиента": "email",
        "Кто ведет клиента": "manager",
        "Этап воронки": "state",
        "Дата посл. контакта": "last_contact",
        "Сумма, тыс. руб.": "amount",
        "Вер-ть, %": "probability",
    }
    assert [tab.header for tab in proposal.tabs] == [2]
    assert codes(proposal, "states") == {
        "КП выслано": "contact_2",
        "думает": "contact_2",
        "не берут трубку": None,
        "счёт выставлен": "deal",
        "торгуемся": "contact_3",
    }
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Смирнова", (), True),
        ("Козлов", (), True),
    ]


def test_a_tab_for_each_manager_beside_a_price_list() -> None:
    proposal = proposed(
        Иванов="""
Клиент | Тел | Статус | Комментарий | Когда звонить
Ромашка | 89161234567 | в работе | Просили перезвонить в среду после обеда | 46060
Вектор | 89161234568 | отказ | Дорого, ушли к другим поставщикам | 46061
Юг | 89161234569 | Постоянник | Берёт каждый месяц по 20 тонн | 46062
""",
        Петрова="""
Клиент | Тел | Статус | Комментарий | Когда звонить
Альфа | 89161234577 | отгружено | Ждём закрывающие документы от бухгалтерии | 46060
Бета | 89161234578 | слился | Не выходит на связь уже третий месяц | 46061
Гамма | 89161234579 | ждём оплату | Обещали оплатить до конца недели точно | 46062
""",
        Прайс="""
Наименование | Цена | Кол-во
Труба | 100 | 5
Балка | 200 | 7
Лист | 300 | 9
""",
        KPI="""
Менеджер | План | Факт
Иванов | 100 | 90
Петрова | 100 | 95
""",
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Иванов": "mixed", "Петрова": "mixed"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == [
        ("Прайс", "not_clients"),
        ("KPI", "not_clients"),
    ]
    assert fields(proposal.tabs[0]) == {
        "Клиент": "company",
        "Тел": "phone",
        "Статус": "state",
        "Комментарий": "comment",
        "Когда звонить": "next_on",
    }
    assert fields(proposal.tabs[1]) == {
        "Клиент": "company",
        "Тел": "phone",
        "Статус": "state",
        "Комментарий": "comment",
        "Когда звонить": "next_on",
    }
    assert codes(proposal, "states") == {
        "Постоянник": "client",
        "в работе": "contact_1",
        "ждём оплату": "deal",
        "отгружено": "deal_support",
        "отказ": "refusal",
        "слился": "refusal",
    }


def test_several_fields_in_one_column() -> None:
    proposal = proposed(
        База="""
Организация, ИНН | Контакт (ФИО, телефон, почта) | Город | Статус/комментарий | Ответственный
ООО «Ромашка», 7707083893 | Иванов Пётр, +7 916 123-45-67, a@romashka.ru | Москва | на согласовании | Смирнова А.
АО «Вектор», 7736050003 | Петрова Анна, 8 (916) 765-43-21, b@vektor.ru | Казань | отказ | Смирнова
ТД «Юг», 7702070139 | Сидоров Олег 89161112233 c@yug.ru | Тула | КП | смирнова
ИП Громов | Громов Иван 8916 222 33 44 | Москва | думает | Козлов
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"База": "mixed?"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Организация, ИНН": "company+tax_number",
        "Контакт (ФИО, телефон, почта)": "person+phone+email",
        "Город": "city",
        "Статус/комментарий": "state+comment?",
        "Ответственный": "manager",
    }
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Смирнова", ("смирнова", "Смирнова А."), False),
        ("Козлов", (), True),
    ]


def test_phones_and_addresses_in_one_column() -> None:
    proposal = proposed(
        Лист1="""
Фирма | Телефон, почта | Стадия | Менеджер
Ромашка | +7 916 123-45-67, a@romashka.ru | новый | Анна
Вектор | 8 (916) 765-43-21 / b@vektor.ru | сделка | Олег
Юг | 89161112233, c@yug.ru | отказ | Олег
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Лист1": "mixed"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Фирма": "company",
        "Телефон, почта": "phone+email",
        "Стадия": "state",
        "Менеджер": "manager",
    }
    assert codes(proposal, "states") == {"новый": "new", "отказ": "refusal", "сделка": "deal"}
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Олег", (), True),
        ("Анна", (), True),
    ]


def test_no_headings_at_all() -> None:
    proposal = proposed(
        Лист2="""
ООО «Ромашка» | 89161234567 | a@romashka.ru | Иванов Пётр Ильич | думает | 7707083893
АО «Вектор» | 89161234568 | b@vektor.ru | Петрова Анна Олеговна | отказ | 7736050003
ТД «Юг» | 89161234569 | c@yug.ru | Сидоров Олег Ильич | клиент | 7702070139
ООО «Лютик» | 89161234561 | d@yug.ru | Котова Ирина Львовна | КП | 7728168971
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Лист2": "mixed?"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "0": "company?",
        "1": "phone?",
        "2": "email?",
        "3": "person?",
        "4": "state?",
        "5": "tax_number?",
    }
    assert [tab.header for tab in proposal.tabs] == [-1]
    assert codes(proposal, "states") == {
        "КП": "contact_2",
        "думает": "contact_2",
        "клиент": "client",
        "отказ": "refusal",
    }


def test_an_english_pipeline() -> None:
    proposal = proposed(
        Pipeline_2026="""
Account | Primary contact | Work email | Cell | Owner | Stage | ACV | Close date | Next step | Follow-up | Notes | Website
Acme Inc | John Smith | john@acme.com | +1 202-555-0152 | Baker | Qualified | $12,000 | 46100 | Call Tuesday | 46090 | Likes the product, wants a discount soon | acme.com
Globex LLC | Ann Lee | ann@globex.com | +1 202-555-0153 | Carter | Demo done | $8,500 | 46110 | Send quote | 46091 | Waiting for the budget committee to decide | globex.com
Initech | Bill Lumbergh | bill@initech.com | +1 202-555-0154 | Baker | Verbal yes | $99,000 | 46120 | Prepare contract | 46092 | He said yes over the phone last Friday | initech.com
Umbrella Corp | Al Wesker | al@umb.com | +1 202-555-0155 | carter | Proposal sent | $5,000 | 46105 | Follow up | 46093 | Needs a second opinion from the board of directors | umb.com
""",
        Won="""
Account | Primary contact | Work email | Owner | Stage | ACV
Stark Ltd | Tony Stark | t@stark.com | Baker | Closed won | 100000
Wayne Ltd | Bruce Wayne | b@wayne.com | Carter | Closed won | 200000
Oscorp | Norman O | n@osc.com | Carter | closed-won | 10000
""",
        Parking_lot="""
Account | Primary contact | Work email | Owner | Stage | ACV
Cyber Ltd | Miles Dyson | m@cyb.com | Baker | on hold | 100000
Tyrell Corp | Eldon T | e@tyr.com | Carter | Nurturing | 200000
Weyland Inc | Peter W | p@wey.com | Carter | On hold | 10000
""",
        Dashboard="""
Total | 5
Won | 3
""",
    )
    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {
        "Pipeline 2026": "working",
        "Won": "clients",
        "Parking lot": "strategic",
    }
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == [("Dashboard", "no_headings")]
    assert fields(proposal.tabs[0]) == {
        "Account": "company",
        "Primary contact": "person",
        "Work email": "email",
        "Cell": "phone",
        "Owner": "manager",
        "Stage": "state",
        "ACV": "amount",
        "Close date": "closed_on",
        "Next step": "next_step",
        "Follow-up": "next_on",
        "Notes": "comment",
        "Website": "-",
    }
    assert fields(proposal.tabs[1]) == {
        "Account": "company",
        "Primary contact": "person",
        "Work email": "email",
        "Owner": "manager",
        "Stage": "state",
        "ACV": "amount",
    }
    assert fields(proposal.tabs[2]) == {
        "Account": "company",
        "Primary contact": "person",
        "Work email": "email",
        "Owner": "manager",
        "Stage": "state",
        "ACV": "amount",
    }
    assert codes(proposal, "states") == {
        "Closed won": "client",
        "on hold": "strategic_reserve",
        "Demo done": "contact_2",
        "Nurturing": "strategic_reserve",
        "Proposal sent": "contact_2",
        "Qualified": "contact_1",
        "Verbal yes": "contact_3",
    }
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Carter", ("carter",), True),
        ("Baker", (), True),
    ]


def test_russian_in_latin_letters() -> None:
    proposal = proposed(
        Klienty="""
Kompaniya | Kontaktnoe lico | Telefon | Pochta | Menedzher | Status | Summa | Primechanie | Gorod
OOO Romashka | Ivanov Petr | 89161234567 | a@romashka.ru | Smirnova | klient | 1000 | horoshij klient | Moskva
OOO Vektor | Petrova Anna | 89161234568 | b@vek.ru | Kozlov | klient | 2000 | | Kazan
OOO Yug | Sidorov Oleg | 89161234569 | c@yug.ru | Kozlov | Клиент | 3000 | | Tula
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Klienty": "clients"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Kompaniya": "company",
        "Kontaktnoe lico": "person",
        "Telefon": "phone",
        "Pochta": "email",
        "Menedzher": "manager",
        "Status": "state",
        "Summa": "amount",
        "Primechanie": "comment",
        "Gorod": "city",
    }
    assert codes(proposal, "states") == {"klient": "client", "Клиент": "client"}
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Kozlov", (), True),
        ("Smirnova", (), True),
    ]


def test_headings_on_several_lines() -> None:
    proposal = proposed(
        Прозвон_март="""
 | | | |
Холодная база для обзвона | | | |
Назв.\\nкомпании: | Тел.\\n(раб.): | Дата\\nслед.\\nзвонка: | Отв.: | Рез-т звонка: | Ист-к: | Сфера\\nдеят-ти: | Комм.:
Ромашка | 89161234567 | 46060 | Ан | не звонили | выставка | Кафе | спросить про заказ на будущий месяц
Вектор | 89161234568 | 46061 | Ан | недозвон | сайт | Кафе | спросить про заказ на будущий месяц
Юг | 89161234569 | 46062 | Ол | не звонили | сайт | Бар | перезвонить ближе к концу лета, в отпуске
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Прозвон март": "call_base?"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Назв. компании:": "company",
        "Тел. (раб.):": "phone",
        "Дата след. звонка:": "next_on",
        "Отв.:": "manager",
        "Рез-т звонка:": "contact_result",
        "Ист-к:": "source",
        "Сфера деят-ти:": "category",
        "Комм.:": "comment",
    }
    assert [tab.header for tab in proposal.tabs] == [2]
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Ан", (), True),
        ("Ол", (), True),
    ]


def test_abbreviations() -> None:
    proposal = proposed(
        Москва="""
№ | Орг-ция | Конт. лицо | Долж. | Моб. тел. | Раб. тел. | Эл. почта | Стат. | Отв. менеджер | Посл. конт. | След. шаг | Дата сл. шага | Кат. клиента | Прим.
1 | Заря ООО | Лев Мышкин | директор | 89161234567 | 84951234567 | a@z.ru | дожим | Рогожин | 46060 | позвонить | 46070 | VIP | старый друг семьи и партнёр
2 | Рассвет ООО | Ганя Иволгин | закупщик | 89161234568 | 84951234568 | b@z.ru | КП | Рогожин | 46061 | встреча | 46071 | B | не спешит
3 | Закат ИП | Настя Барашкова | бухгалтер | 89161234569 | 84951234569 | v@z.ru | отказ | Епанчина | 46062 | нет | 46072 | C |
4 | Полдень | Аглая Епанчина | директор | 89161234560 | 84951234560 | g@z.ru | оплачено | Епанчина | 46063 | отгрузить | 46073 | A |
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Москва": "mixed"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "№": "-",
        "Орг-ция": "company",
        "Конт. лицо": "person",
        "Долж.": "role",
        "Моб. тел.": "phone",
        "Раб. тел.": "phone",
        "Эл. почта": "email",
        "Стат.": "state",
        "Отв. менеджер": "manager",
        "Посл. конт.": "last_contact",
        "След. шаг": "next_step",
        "Дата сл. шага": "next_on",
        "Кат. клиента": "label",
        "Прим.": "comment",
    }
    assert codes(proposal, "states") == {
        "КП": "contact_2",
        "дожим": "contact_3",
        "оплачено": "deal_support",
        "отказ": "refusal",
    }
    assert codes(proposal, "labels") == {"A": "large", "B": "medium", "C": "small", "VIP": "large"}
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Епанчина", (), True),
        ("Рогожин", (), True),
    ]


def test_values_overrule_headings() -> None:
    proposal = proposed(
        Sheet1="""
Контрагент | Контакт | Дата | ID | Срок | Проблемы | Дней | Сегмент | Статус | Кто
ООО «Ромашка» | 89161234567 | 46060 | 101 | 46070 | нет | 5 | A | 1. Новый | Иванов
ООО «Вектор» | 89161234568 | 46061 | 102 | 46071 | да | 6 | B | 3. Переговоры | Иванов И.
ООО «Юг» | 89161234569 | 46062 | 103 | 46072 | нет | 7 | C | 6. Отказ (дорого) | иванов
ООО «Лев» | 89161234560 | 46063 | 104 | 46073 | нет | 8 | A | 4. Счёт на оплате | Иванова
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Sheet1": "mixed"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Контрагент": "company",
        "Контакт": "phone",
        "Дата": "-?",
        "ID": "-",
        "Срок": "-?",
        "Проблемы": "-",
        "Дней": "-",
        "Сегмент": "label",
        "Статус": "state",
        "Кто": "-?",
    }
    assert codes(proposal, "states") == {
        "1. Новый": "new",
        "3. Переговоры": "contact_3",
        "4. Счёт на оплате": "deal",
        "6. Отказ (дорого)": "refusal?",
    }
    assert codes(proposal, "labels") == {"A": "large", "B": "medium", "C": "small"}


def test_an_export_of_deals() -> None:
    proposal = proposed(
        Deals_export="""
Deal Name | Company Name | Associated Contact | Email Address | Phone Number | Deal Owner | Pipeline Stage | Amount | Create Date | Last Activity Date | Lead Source | Lost Reason | Probability (%)
Acme - 50 seats | Acme | John Smith | j@acme.com | (202) 555-0152 | Kate Moss | Appointment scheduled | 5000 | 2026-01-10 | 2026-02-10 | Webinar | | 20%
Globex renewal | Globex | Ann Lee | a@globex.com | (202) 555-0153 | Kate Moss | Closed Lost | 7000 | 2026-01-11 | 2026-02-11 | Referral | Price | 0%
Initech POC | Initech | Bill Lum | b@ini.com | (202) 555-0154 | Jim Beam | Contract sent | 9000 | 2026-01-12 | 2026-02-12 | Google | | 90%
"""
    )
    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Deals export": "mixed"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "Deal Name": "-",
        "Company Name": "company",
        "Associated Contact": "person",
        "Email Address": "email",
        "Phone Number": "phone",
        "Deal Owner": "manager",
        "Pipeline Stage": "state",
        "Amount": "amount",
        "Create Date": "created_on",
        "Last Activity Date": "last_contact",
        "Lead Source": "source",
        "Lost Reason": "refusal_reason",
        "Probability (%)": "probability",
    }
    assert codes(proposal, "states") == {
        "Appointment scheduled": "contact_1",
        "Closed Lost": "refusal",
        "Contract sent": "contact_3",
    }
    assert codes(proposal, "reasons") == {"Price": "no_money"}
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Kate Moss", (), True),
        ("Jim Beam", (), True),
    ]


def test_suppliers_and_staff_are_no_clients() -> None:
    proposal = proposed(
        Поставщики="""
Компания | Телефон | Контакт | Статус
ООО «Ромашка» | 89161234567 | Анна Котова | активен
ООО «Вектор» | 89161234568 | Олег Попов | активен
ООО «Юг» | 89161234569 | Пётр Львов | пауза2
""",
        Сотрудники="""
ФИО | Должность | Телефон | E-mail
Иванов Иван | менеджер | 89161234567 | a@b.ru
Петров Пётр | менеджер | 89161234568 | b@b.ru
""",
        Архив_отказов="""
Компания | Телефон | Причина | Менеджер
ООО «Ромашка» | 89161234567 | дорого | Анна
ООО «Вектор» | 89161234568 | нет денег | Олег
""",
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Архив отказов": "rework"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == [
        ("Поставщики", "not_clients"),
        ("Сотрудники", "not_clients"),
    ]
    assert fields(proposal.tabs[0]) == {
        "Компания": "company",
        "Телефон": "phone",
        "Причина": "refusal_reason",
        "Менеджер": "manager",
    }
    assert codes(proposal, "reasons") == {"дорого": "no_money", "нет денег": "no_money"}
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Анна", (), True),
        ("Олег", (), True),
    ]


def test_a_call_list_of_small_firms() -> None:
    proposal = proposed(
        Клиенты_2025="""
Дата обращения | Наименование клиента | Контактный тел. | Почта для связи | Кто звонил | Что ответили | Статус работы с клиентом | След. звонок | Бюджет, руб | Откуда о нас узнал | Доп. инфо
46000 | Кафе Лира | 8 (495) 123-45-67 | lira@mail.ru | Света | попросили КП | КП направили | 46020 | 150 000 р. | Яндекс | сеть из трёх кафе, работают до ночи
46001 | Бар Гром | 8 (495) 123-45-68 | grom@mail.ru | Света | нет бюджета | Отказались | | 20000 | рекомендация | маленький бар
46002 | Отель Юг | 8 (495) 123-45-69 | yug@mail.ru | Марк | едут в офис | Переговоры | 46025 | 1 200 000 руб. | выставка | крупный отель на берегу моря в Сочи
46003 | Школа 5 | 8 (495) 123-45-60 | s5@mail.ru | Марк | тендер | Заморозка | 46200 | 300000 | сайт | госзакупки только через тендер на площадке
""",
        Справочник="""
Статусы | Менеджеры
КП направили | Света
Отказались | Марк
Переговоры |
""",
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Клиенты 2025": "mixed"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == [("Справочник", "not_clients")]
    assert fields(proposal.tabs[0]) == {
        "Дата обращения": "created_on",
        "Наименование клиента": "company",
        "Контактный тел.": "phone",
        "Почта для связи": "email",
        "Кто звонил": "manager",
        "Что ответили": "-",
        "Статус работы с клиентом": "state",
        "След. звонок": "next_on",
        "Бюджет, руб": "amount",
        "Откуда о нас узнал": "source",
        "Доп. инфо": "comment",
    }
    assert codes(proposal, "states") == {
        "Заморозка": "strategic_reserve",
        "КП направили": "contact_2",
        "Отказались": "refusal",
        "Переговоры": "contact_3",
    }
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Марк", (), True),
        ("Света", (), True),
    ]


def test_leads_and_customers_without_states() -> None:
    proposal = proposed(
        Leads="""
First Name | Last Name | Business | Phone # | Email | Rep | Status | Last Touch | Next Action | Notes
John | Smith | Acme Dental | 555-0101 | j@a.com | Kim | New Lead | 1/14/2026 | Call | met at the conference and asked for brochure
Mary | Jones | Bright Law | 555-0102 | m@b.com | Lee | Contacted | 2/20/2026 | Email | wants to see the pricing before a call please
Ann | Fox | City Gym | 555-0103 | a@c.com | Kim | No answer | 2/25/2026 | Call again | left two voicemails with the front desk
""",
        Customers="""
Business | Phone # | Email | Rep | Since
Acme Dental | 555-0101 | j@a.com | Kim | 1/14/2025
Bright Law | 555-0102 | m@b.com | Lee | 1/14/2025
Gym | 555-0103 | g@b.com | Lee | 1/14/2025
""",
    )
    assert proposal.policy.words.language == "en"
    assert sections(proposal) == {"Leads": "call_base", "Customers": "clients"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "First Name": "person",
        "Last Name": "person",
        "Business": "company",
        "Phone #": "phone",
        "Email": "email",
        "Rep": "manager",
        "Status": "state",
        "Last Touch": "last_contact",
        "Next Action": "next_step",
        "Notes": "comment",
    }
    assert fields(proposal.tabs[1]) == {
        "Business": "company",
        "Phone #": "phone",
        "Email": "email",
        "Rep": "manager",
        "Since": "began",
    }
    assert codes(proposal, "states") == {
        "Contacted": "contact_1",
        "New Lead": "new",
        "No answer": None,
    }
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Kim", (), True),
        ("Lee", (), True),
    ]


def test_a_month_with_its_totals() -> None:
    proposal = proposed(
        Январь="""
|Контрагент|Ответственный сотрудник|Стадия переговоров|Планируемая сумма|Дата последней активности|Примечания менеджера|Телефон контактного лица|Контактное лицо|Должность контактного лица|Сайт компании
1|ООО "Тест"|Орлов|Счет выставлен|100000|01.02.2026|ждут согласования у директора|+79161234567|Семёнов Игорь|гл. инженер|test.ru
2|ЗАО "Проба"|Орлов|Отгружено|50000|03.02.2026||+79161234568|Ли Анна|снабженец|proba.ru
3|ИП Ким|Белова|Первичный контакт|7000|05.02.2026||+79161234569|Ким Олег|собственник|kim.ru
ИТОГО||||157000|||||
"""
    )
    assert proposal.policy.words.language == "ru"
    assert sections(proposal) == {"Январь": "working"}
    assert [(tab.title, tab.reason) for tab in proposal.skipped] == []
    assert fields(proposal.tabs[0]) == {
        "0": "-?",
        "Контрагент": "company",
        "Ответственный сотрудник": "manager",
        "Стадия переговоров": "state",
        "Планируемая сумма": "amount",
        "Дата последней активности": "last_contact",
        "Примечания менеджера": "comment?",
        "Телефон контактного лица": "phone",
        "Контактное лицо": "person",
        "Должность контактного лица": "role",
        "Сайт компании": "-",
    }
    assert codes(proposal, "states") == {
        "Отгружено": "deal_support",
        "Первичный контакт": "contact_1",
        "Счет выставлен": "deal",
    }
    assert [(who.name, who.spellings, who.sure) for who in proposal.managers] == [
        ("Орлов", (), True),
        ("Белова", (), True),
    ]
