"""Headings of columns that sales bases often have and that are no field of ours.

Such columns stay the team's own; how a heading is known is `field_lexicon`'s.
"""

import re

_RUSSIAN = """
№ п/п|№|номер|номер по порядку|порядковый номер|id|код|код клиента|артикул|сайт|адрес сайта
веб-сайт|адрес|юр. адрес|юридический адрес|фактический адрес|адрес доставки|индекс|товар|продукт
услуга|номенклатура|что покупает|ассортимент|кол-во|количество|количество звонков|кол-во касаний
цена|цена за единицу|скидка|договор|номер договора|дата договора|контракт|номер счета
дата рождения|день рождения|др|квартал|месяц|год|неделя|кпп|огрн|бик|расчетный счет|р/с|банк
телеграм|ватсап|вотсап|скайп|вконтакте|инстаграм|соцсети|мессенджер|ссылка|ссылка на карточку
файл|документы|дней без контакта|дней в работе|возраст|пол|страна|план|факт|выполнение|остаток
единица измерения|ед. изм.|число сотрудников|количество сотрудников|численность|часовой пояс
время|теги|хэштеги|приоритет|проблемы|ошибки|срок|крайний срок|дедлайн|дней|осталось дней|оквэд
директор по документам|любимый|телефон менеджера|оборот компании|дата закрытия|время звонка
длительность|конкуренты|поставщик|бренд|логин|пароль
сделка|название сделки|наименование сделки|номер сделки|название лида|обращение|воронка|направление
кем создана|кем создан|кем редактирована|кем изменена|дата редактирования|дата изменения|новая
повторная сделка|компания контакта|отдел продаж|команда продаж
"""

_ENGLISH = """
no.|number|row|row number|row id|record id|opportunity id|account id|deal id|lead id|customer id
website|url|web|site|homepage|address|street|zip|postal code|postcode|country|product|products
service|item|quantity|qty|units|price|unit price|discount|contract|contract number|contract date
birthday|date of birth|quarter|engage quarter|close quarter|month|year|week|deal name
opportunity|opportunity name|lead name|deal|expected close|expected close date
linkedin|twitter|facebook|skype|whatsapp|telegram|employees|number of employees
headcount|year established|annual revenue
revenue|turnover|subsidiary of|sku|order no|order number|tags|days|days left|days in stage
days since contact|age|deadline|problems|issues|priority|time zone|plan|fact|target|quota|link
file|documents|password|login|gender|state/province|currency|weighted value|weighted|score
lead score|deal title|lead title|opportunity title|currency of value|deal currency of value
pipeline|sales pipeline|lifecycle stage|fiscal period|rating|contact's company|created by
modified by|last modified|modified on|modified time|lead tags|salutation|salutation name|sales team
opportunity amount currency|amount currency|nearest task|won time|lost time
"""

DEAL_NAMES = frozenset(
    {
        "deal name",
        "deal title",
        "deal",
        "opportunity name",
        "opportunity title",
        "opportunity",
        "lead name",
        "lead title",
        "название сделки",
        "наименование сделки",
        "сделка",
        "название лида",
    }
)
"""Of these, headings of a deal's name: a company stands there where no other column holds one."""

IDENTIFIERS = frozenset(("id", "код", "code", "артикул", "sku"))
"""Words of a heading whose bare numbers are no phones, be they as long."""

FOREIGN_HEADINGS = tuple(re.split(r"[|\n]+", (_RUSSIAN + _ENGLISH).strip()))
"""Numbers, addresses, products, periods and the like, in both languages."""
