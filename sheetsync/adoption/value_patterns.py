"""How phones, addresses, companies, people, cities and the like are written, as patterns.

What a cell is taken for by them, and what a column of such cells looks like, is `value_profiles`'.
"""

import re

ERROR = re.compile(
    r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|ERROR!|SPILL!|CALC!)"
)
ENUMERATED = re.compile(r"^\s*\d+\s*[.)\-:]\s*")
PIPELINE = re.compile(
    r"\s*\([^()]*(?:pipeline|воронка)[^()]*\)\s*$", re.IGNORECASE
)
"""The pipeline that exports add to each of its stages: “Closed Won (Sales Pipeline)”."""
SHARE = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%")
CODE = re.compile(r"[A-Z]{0,3}[\d\- ]{6,15}", re.IGNORECASE)

PHONE = re.compile(
    r"""
    (?: т | тел | моб | раб | ph | tel )? \.? :?
    \s* \+? [\d(] [\d\s().\-–\u00a0]{5,22}
    (?: \s* (?: доб | ext | вн | x | \# ) \.? \s* \d{1,6} )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
PHONE_WITHIN = re.compile(
    r"""
    (?<![\d_])
    (?: \+\d{1,3} | 8 | 7 )? [\s(\-]* \d{3,4} [\s)\-]* \d{2,3} [\s-]? \d{2} [\s-]? \d{2}
    (?!\d)
    """,
    re.VERBOSE,
)
PHONE_WORDS = re.compile(
    r"\b(?:тел|моб|раб|доб|факс|ext|tel|phone|email|почта)\b", re.IGNORECASE
)
EMAIL_WITHIN = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
URL = re.compile(
    r"""
    (?: https?:// | www\. ) \S+
    | [\w-]+ (?:\.[\w-]+)* \. (?: ru|com|org|net|рф|io|kz|by|ua|su|biz|info ) (?: /\S* )?
    """,
    re.IGNORECASE | re.VERBOSE,
)

COMPANY = re.compile(
    r"""
    (?: ^ | [\s,«"(] )
    (?: ООО | ОАО | ЗАО | ПАО | НАО | АО | ИП | НПО | НПП | РАО | ГК | ТОО | ЧП | ТД | УК
      | ФГУП | МУП | ГУП | НКО | АНО | ОсОО | ЧУП | КФХ | Групп | Лимитед
      | LLC | L\.L\.C | Inc | Ltd | Limited | GmbH | Corp | Corporation | Company | Co | LLP | PLC
      | Group | Holdings? | Partners | S\.A | B\.V | Pty | Industries | Solutions )
    (?= $ | [\s.,«»")] )
    | [«»]
    """,
    re.VERBOSE,
)
_NAME = r"[А-ЯЁA-Z][а-яёa-z’'`-]+(?:-[А-ЯЁA-Z][а-яёa-z]+)?"
_CAPITAL = "[А-ЯЁA-Z]"
PERSON = re.compile(
    rf"""
    (?: (?: тов | гр | г-н | г-жа | Mr | Mrs | Ms | Dr ) \.? \s+ )?
        {_NAME} (?: \s+ (?: {_NAME} | {_CAPITAL} \.? ) ){{1,2}}
    | {_NAME} \s+ {_CAPITAL} \. \s* {_CAPITAL} \.?
    | {_CAPITAL} \. \s* (?: {_CAPITAL} \. \s* )? {_NAME}
    """,
    re.VERBOSE,
)
PATRONYMIC = re.compile(r"\b[А-ЯЁ][а-яё]+(?:вич|вна|чна|ьич|ична|кызы|оглы)\b")

ROLE = re.compile(
    r"""
    \b (?: директор | дир\. | гендир | руководитель | начальник | менеджер | закупщик | бухгалтер
         | снабженец | инженер | собственник | владелец | учредитель | секретарь | специалист
         | заместитель | зам\. | ceo | cto | cfo | coo | director | manager | buyer | owner
         | founder | head | vp | president | accountant | engineer | purchasing | procurement
         | assistant | officer ) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
CITY = re.compile(
    r"""
    \A (?:
      (?: г\. | город | обл\.? | область | край ) \s* \w+
    | \b \w+ \s (?: область | край | обл ) \b
    | москва | мск | спб | санкт-петербург | новосибирск | екатеринбург | казань
    | нижний\ новгород | челябинск | самара | омск | ростов (?: -на-дону )? | уфа | красноярск
    | воронеж | пермь | волгоград | краснодар | саратов | тюмень | тольятти | ижевск | барнаул
    | иркутск | хабаровск | ярославль | владивосток | томск | тула | рязань | пенза | липецк
    | киров | калуга | тверь | сочи | минск | алматы | астана
    | new\ york | london | chicago | boston | denver | seattle | austin | dallas | houston
    | berlin | paris | los\ angeles | san\ francisco | toronto | dublin | sydney | miami
    | atlanta | phoenix | portland | manchester | leeds
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
STEP = re.compile(
    r"""
    \A (?:
      (?: пере | по )? (?: звонить | звон | набрать )
    | отправить | выслать | встреч | согласовать | подготовить | назначить | напомнить | уточнить
    | дожать | сделать | сходить | написать
    | call | send | meet | follow | prepare | schedule | email | visit | remind | demo | check
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
SOURCE = re.compile(
    r"""
    \A (?:
      сайт | выставка | рекомендац | холодн | реклама | яндекс | директ | авито | соцсет | звонок
    | website | referral | cold\ call | trade\ (?: fair | show ) | google | linkedin | ads?
    | inbound | outbound | webinar | partner
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
