"""Exports of sales programs: headings and stages as their makers document them, rows made up.

A stage of which nobody can be sure is no code here; such words are asked about.
"""

import pytest

from tests.builders.adopted import codes, fields, proposed

RECORDS = """
Record Id | Deal Name | Deal Stage | Deal owner | Amount | Associated Company | Phone
9000000001 | Big order 1 LLC | Appointment Scheduled (Sales Pipeline) | Ann Lee | 1001 | Initech | +1 202-555-0152
9000000002 | Big order 2 LLC | Closed Won (Sales Pipeline) | Ann Lee | 1002 | Globex | +1 202-555-0153
9000000003 | Big order 3 LLC | Closed Lost (Sales Pipeline) | Max Roth | 1003 | Wayne | +1 202-555-0154
9000000004 | Big order 4 LLC | Contract Sent (Sales Pipeline) | Max Roth | 1004 | Stark | +1 202-555-0155
9000000005 | Big order 5 LLC | Contract Sent (Sales Pipeline) | Max Roth | 1005 | Cyber | +1 202-555-0156
9000000006 | Big order 6 LLC | Contract Sent (Sales Pipeline) | Max Roth | 1006 | Tyrell | +1 202-555-0157
9000000007 | Big order 7 LLC | Closed Won (Sales Pipeline) | Max Roth | 1007 | Umbrella | +1 202-555-0158
9000000008 | Big order 8 LLC | Closed Won (Sales Pipeline) | Max Roth | 1008 | Weyland | +1 202-555-0159
"""

EXPORTS = {
    "HubSpot: deals": """
Record ID | Deal Name | Deal Stage | Pipeline | Close Date | Deal owner | Amount | Create Date | Last Activity Date | Next Activity Date | Closed Lost Reason | Associated Contact | Associated Company
9001 | Acme - 50 seats | Appointment Scheduled (Sales Pipeline) | Sales Pipeline | 2026-04-01 10:00 | Kate Moss | 5000 | 2026-01-10 09:11 | 2026-02-10 12:00 | 2026-03-10 12:00 | | John Smith (john@acme.com) | Acme Inc
9002 | Globex renewal | Closed Lost (Sales Pipeline) | Sales Pipeline | 2026-02-01 10:00 | Kate Moss | 7000 | 2026-01-11 09:11 | 2026-02-11 12:00 | | Price | Ann Lee (ann@globex.com) | Globex LLC
9003 | Initech POC | Contract Sent (Sales Pipeline) | Sales Pipeline | 2026-04-02 10:00 | Jim Beam | 9000 | 2026-01-12 09:11 | 2026-02-12 12:00 | 2026-03-11 12:00 | | Bill Lum (bill@ini.com) | Initech
9004 | Umbrella | Closed Won (Sales Pipeline) | Sales Pipeline | 2026-02-03 10:00 | Jim Beam | 4000 | 2026-01-13 09:11 | 2026-02-13 12:00 | | | Al Wesker (al@umb.com) | Umbrella Corp
9005 | Wayne | Qualified To Buy (Sales Pipeline) | Sales Pipeline | 2026-04-03 10:00 | Kate Moss | 4000 | 2026-01-14 09:11 | 2026-02-14 12:00 | 2026-03-12 12:00 | | Bruce W (bruce@wayne.com) | Wayne Ltd
9006 | Stark | Decision Maker Bought-In (Sales Pipeline) | Sales Pipeline | 2026-04-04 10:00 | Jim Beam | 4000 | 2026-01-15 09:11 | 2026-02-15 12:00 | 2026-03-13 12:00 | | Tony S (tony@stark.com) | Stark Ltd
9007 | Cyber | Presentation Scheduled (Sales Pipeline) | Sales Pipeline | 2026-04-05 10:00 | Jim Beam | 4000 | 2026-01-15 09:11 | 2026-02-15 12:00 | 2026-03-13 12:00 | | Miles D (miles@cyb.com) | Cyber Ltd
""",
    "HubSpot: contacts": """
Record ID | First Name | Last Name | Email | Phone Number | Contact owner | Lead Status | Company name | Job Title | Create Date | Last Contacted | Lifecycle Stage
1 | John | Smith | john@acme.com | +1 202-555-0152 | Kate Moss | Attempted to contact | Acme Inc | CEO | 2026-01-10 09:11 | 2026-02-10 12:00 | Lead
2 | Ann | Lee | ann@globex.com | +1 202-555-0153 | Kate Moss | Open deal | Globex LLC | Buyer | 2026-01-11 09:11 | 2026-02-11 12:00 | Opportunity
3 | Bill | Lum | bill@ini.com | +1 202-555-0154 | Jim Beam | Unqualified | Initech | CTO | 2026-01-12 09:11 | 2026-02-12 12:00 | Lead
4 | Al | Wesker | al@umb.com | +1 202-555-0155 | Jim Beam | New | Umbrella Corp | Manager | 2026-01-13 09:11 | | Lead
5 | Eve | Low | eve@wayne.com | +1 202-555-0156 | Jim Beam | Bad timing | Wayne Ltd | Manager | 2026-01-13 09:11 | | Lead
6 | Ian | Roy | ian@stark.com | +1 202-555-0157 | Jim Beam | Connected | Stark Ltd | Manager | 2026-01-13 09:11 | | Lead
""",
    "Pipedrive: deals": """
Deal - ID | Deal - Title | Deal - Status | Deal - Stage | Deal - Value | Deal - Currency of Value | Deal - Owner | Deal - Organization | Deal - Contact person | Person - Phone - Work | Person - Email - Work | Deal - Deal created | Deal - Last activity date | Deal - Next activity date | Deal - Lost reason | Deal - Won time | Deal - Pipeline | Deal - Label
1 | Acme deal | Open | Qualified | 5000 | USD | Jane Roe | Acme Inc | John Smith | +1 202-555-0152 | john@acme.com | 2026-01-10 09:11:00 | 2026-02-10 | 2026-03-10 | | | Pipeline |
2 | Globex deal | Lost | Proposal Made | 7000 | USD | Max Power | Globex LLC | Ann Lee | +1 202-555-0153 | ann@globex.com | 2026-01-11 09:11:00 | 2026-02-11 | | Price | | Pipeline |
3 | Initech deal | Won | Negotiations Started | 9000 | USD | Jane Roe | Initech | Bill Lum | +1 202-555-0154 | bill@ini.com | 2026-01-12 09:11:00 | 2026-02-12 | | | 2026-02-20 10:00:00 | Pipeline |
4 | Umbrella deal | Open | Contact Made | 4000 | USD | Max Power | Umbrella Corp | Al Wesker | +1 202-555-0155 | al@umb.com | 2026-01-13 09:11:00 | 2026-02-13 | 2026-03-11 | | | Pipeline |
5 | Wayne deal | Open | Demo Scheduled | 4000 | USD | Max Power | Wayne Ltd | Bruce Way | +1 202-555-0156 | b@wayne.com | 2026-01-13 09:11:00 | 2026-02-13 | 2026-03-11 | | | Pipeline |
""",
    "Zoho: deals": """
Record Id | Deal Owner | Amount | Deal Name | Closing Date | Account Name | Stage | Type | Probability (%) | Expected Revenue | Next Step | Lead Source | Contact Name | Created Time | Last Activity Time | Description | Reason For Loss
zcrm_1 | Kate Moss | 5000 | Acme seats | 2026-04-01 | Acme Inc | Qualification | New Business | 10 | 500 | Call | Web | John Smith | 2026-01-10 09:11:00 | 2026-02-10 09:11:00 | |
zcrm_2 | Kate Moss | 7000 | Globex | 2026-02-01 | Globex LLC | Closed Lost to Competition | New Business | 0 | 0 | | Partner | Ann Lee | 2026-01-11 09:11:00 | 2026-02-11 09:11:00 | | Competition
zcrm_3 | Jim Beam | 9000 | Initech | 2026-04-02 | Initech | Negotiation/Review | New Business | 90 | 8100 | Send contract | Web | Bill Lum | 2026-01-12 09:11:00 | 2026-02-12 09:11:00 | |
zcrm_4 | Jim Beam | 4000 | Umbrella | 2026-02-03 | Umbrella Corp | Closed Won | New Business | 100 | 4000 | | Web | Al Wesker | 2026-01-13 09:11:00 | 2026-02-13 09:11:00 | |
zcrm_5 | Jim Beam | 4000 | Wayne | 2026-04-03 | Wayne Ltd | Identify Decision Makers | New Business | 60 | 2400 | Meet | Web | Bruce W | 2026-01-13 09:11:00 | 2026-02-13 09:11:00 | |
zcrm_6 | Jim Beam | 4000 | Stark | 2026-04-03 | Stark Ltd | Proposal/Price Quote | New Business | 75 | 3000 | Meet | Web | Tony S | 2026-01-13 09:11:00 | 2026-02-13 09:11:00 | |
""",
    "Zoho: leads": """
Record Id | Lead Owner | Company | First Name | Last Name | Designation | Email | Phone | Mobile | Lead Source | Lead Status | Industry | Annual Revenue | City | Created Time | Last Activity Time | Description
zcrm_1 | Kate Moss | Acme Inc | John | Smith | CEO | john@acme.com | +1 202-555-0152 | | Web | Attempted to Contact | Trade | 100000 | Boston | 2026-01-10 09:11:00 | 2026-02-10 09:11:00 |
zcrm_2 | Kate Moss | Globex LLC | Ann | Lee | Buyer | ann@globex.com | +1 202-555-0153 | | Partner | Lost Lead | Trade | 100000 | Austin | 2026-01-11 09:11:00 | 2026-02-11 09:11:00 |
zcrm_3 | Jim Beam | Initech | Bill | Lum | CTO | bill@ini.com | +1 202-555-0154 | | Web | Contacted | Manufacturing | 100000 | Denver | 2026-01-12 09:11:00 | 2026-02-12 09:11:00 |
zcrm_4 | Jim Beam | Umbrella Corp | Al | Wesker | Manager | al@umb.com | +1 202-555-0155 | | Web | Junk Lead | Trade | 100000 | Miami | 2026-01-13 09:11:00 | 2026-02-13 09:11:00 |
zcrm_5 | Jim Beam | Wayne Ltd | Eve | Low | Manager | eve@wayne.com | +1 202-555-0156 | | Web | Not Contacted | Trade | 100000 | Miami | 2026-01-13 09:11:00 | |
zcrm_6 | Jim Beam | Stark Ltd | Ian | Roy | Manager | ian@stark.com | +1 202-555-0157 | | Web | Contact in Future | Trade | 100000 | Miami | 2026-01-13 09:11:00 | |
zcrm_7 | Jim Beam | Cyber Ltd | Ivy | Ray | Manager | ivy@cyb.com | +1 202-555-0158 | | Web | Pre-Qualified | Trade | 100000 | Miami | 2026-01-13 09:11:00 | |
zcrm_8 | Jim Beam | Tyrell Corp | Oli | Ash | Manager | oli@tyr.com | +1 202-555-0159 | | Web | Not Qualified | Trade | 100000 | Miami | 2026-01-13 09:11:00 | |
""",
    "Salesforce: opportunities": """
Opportunity Owner | Account Name | Opportunity Name | Stage | Fiscal Period | Amount | Expected Revenue | Probability (%) | Age | Close Date | Created Date | Next Step | Lead Source | Type
Kate Moss | Acme Inc | Acme seats | Prospecting | Q1-2026 | 5000 | 500 | 10% | 12 | 4/1/2026 | 1/10/2026 | Call | Web | New Business
Kate Moss | Globex LLC | Globex | Closed Lost | Q1-2026 | 7000 | 0 | 0% | 13 | 2/1/2026 | 1/11/2026 | | Partner Referral | New Business
Jim Beam | Initech | Initech POC | Negotiation/Review | Q1-2026 | 9000 | 8100 | 90% | 14 | 4/2/2026 | 1/12/2026 | Send contract | Web | New Business
Jim Beam | Umbrella Corp | Umbrella | Closed Won | Q1-2026 | 4000 | 4000 | 100% | 15 | 2/3/2026 | 1/13/2026 | | Web | New Business
Jim Beam | Wayne Ltd | Wayne | Id. Decision Makers | Q1-2026 | 4000 | 2400 | 60% | 16 | 4/13/2026 | 1/14/2026 | Meet | Web | New Business
Jim Beam | Stark Ltd | Stark | Perception Analysis | Q1-2026 | 4000 | 2800 | 70% | 17 | 4/14/2026 | 1/15/2026 | Meet | Web | New Business
""",
    "Salesforce: leads": """
First Name | Last Name | Title | Company / Account | Email | Phone | Lead Source | Lead Status | Lead Owner | Street | City | State/Province | Create Date | Last Activity | Rating
John | Smith | CEO | Acme Inc | john@acme.com | +1 202-555-0152 | Web | Open - Not Contacted | Kate Moss | 1 Main St | Boston | MA | 1/10/2026 | | Hot
Ann | Lee | Buyer | Globex LLC | ann@globex.com | +1 202-555-0153 | Web | Closed - Not Converted | Kate Moss | 2 Main St | Austin | TX | 1/11/2026 | 2/11/2026 | Cold
Bill | Lum | CTO | Initech | bill@ini.com | +1 202-555-0154 | Web | Working - Contacted | Jim Beam | 3 Main St | Denver | CO | 1/12/2026 | 2/12/2026 | Warm
Al | Wesker | VP | Umbrella Corp | al@umb.com | +1 202-555-0155 | Web | Closed - Converted | Jim Beam | 4 Main St | Miami | FL | 1/13/2026 | 2/13/2026 | Hot
""",
    "amoCRM: deals": """
ID | Название сделки | Компания | Основной контакт | Компания контакта | Ответственный | Этап сделки | Воронка | Бюджет | Дата создания | Кем создана | Дата редактирования | Кем редактирована | Дата закрытия | Теги | Ближайшая задача | Примечание | Рабочий телефон | Рабочий email
101 | Сделка 101 | ООО «Ромашка» | Иванов Пётр | ООО «Ромашка» | Смирнова Анна | Первичный контакт | Воронка | 5000 | 10.01.2026 09:11:00 | Смирнова Анна | 10.02.2026 09:11:00 | Смирнова Анна | не закрыта | | 10.03.2026 | | '+7 916 123-45-67 | a@romashka.ru
102 | Сделка 102 | АО «Вектор» | Петрова Анна | АО «Вектор» | Козлов Олег | Закрыто и не реализовано | Воронка | 7000 | 11.01.2026 09:11:00 | Козлов Олег | 11.02.2026 09:11:00 | Козлов Олег | 11.02.2026 09:11:00 | | | дорого | '+7 916 123-45-68 | b@vektor.ru
103 | Сделка 103 | ТД «Юг» | Сидоров Олег | ТД «Юг» | Козлов Олег | Успешно реализовано | Воронка | 9000 | 12.01.2026 09:11:00 | Козлов Олег | 12.02.2026 09:11:00 | Козлов Олег | 12.02.2026 09:11:00 | | | | '+7 916 123-45-69 | c@yug.ru
104 | Сделка 104 | ООО «Лютик» | Котова Ирина | ООО «Лютик» | Смирнова Анна | Принимают решение | Воронка | 4000 | 13.01.2026 09:11:00 | Смирнова Анна | 13.02.2026 09:11:00 | Смирнова Анна | не закрыта | | 11.03.2026 | | '+7 916 123-45-70 | d@lut.ru
105 | Сделка 105 | ООО «Лев» | Львов Иван | ООО «Лев» | Смирнова Анна | Согласование договора | Воронка | 4000 | 13.01.2026 09:11:00 | Смирнова Анна | 13.02.2026 09:11:00 | Смирнова Анна | не закрыта | | 11.03.2026 | | '+7 916 123-45-71 | e@lev.ru
106 | Сделка 106 | ООО «Кит» | Китов Иван | ООО «Кит» | Смирнова Анна | Неразобранное | Воронка | 4000 | 13.01.2026 09:11:00 | Смирнова Анна | 13.02.2026 09:11:00 | Смирнова Анна | не закрыта | | 11.03.2026 | | '+7 916 123-45-72 | f@kit.ru
""",
    "Kommo: leads": """
ID | Lead title | Company | Main contact | Contact's company | Responsible user | Lead stage | Pipeline | Sale | Created at | Created by | Last modified | Closed at | Lead tags | Nearest task | Note | Work phone | Work email
101 | Lead 101 | Acme Inc | John Smith | Acme Inc | Kate Moss | Initial contact | Pipeline | 5000 | 10.01.2026 09:11:00 | Kate Moss | 10.02.2026 09:11:00 | not closed | | 10.03.2026 | | +1 202-555-0152 | john@acme.com
102 | Lead 102 | Globex LLC | Ann Lee | Globex LLC | Kate Moss | Closed - lost | Pipeline | 7000 | 11.01.2026 09:11:00 | Kate Moss | 11.02.2026 09:11:00 | 11.02.2026 | | | price | +1 202-555-0153 | ann@globex.com
103 | Lead 103 | Initech | Bill Lum | Initech | Jim Beam | Closed - won | Pipeline | 9000 | 12.01.2026 09:11:00 | Jim Beam | 12.02.2026 09:11:00 | 12.02.2026 | | | | +1 202-555-0154 | bill@ini.com
104 | Lead 104 | Umbrella Corp | Al Wesker | Umbrella Corp | Jim Beam | Decision making | Pipeline | 4000 | 13.01.2026 09:11:00 | Jim Beam | 13.02.2026 09:11:00 | not closed | | 11.03.2026 | | +1 202-555-0155 | al@umb.com
105 | Lead 105 | Wayne Ltd | Bruce Way | Wayne Ltd | Jim Beam | Contract discussion | Pipeline | 4000 | 13.01.2026 09:11:00 | Jim Beam | 13.02.2026 09:11:00 | not closed | | 11.03.2026 | | +1 202-555-0156 | b@wayne.com
106 | Lead 106 | Stark Ltd | Tony Sta | Stark Ltd | Jim Beam | Incoming leads | Pipeline | 4000 | 13.01.2026 09:11:00 | Jim Beam | 13.02.2026 09:11:00 | not closed | | 11.03.2026 | | +1 202-555-0157 | t@stark.com
""",
    "Bitrix24: leads, Russian": """
ID | Стадия | Название лида | Обращение | Имя | Отчество | Фамилия | Дата создания | Источник | Рабочий телефон | Мобильный телефон | Рабочий e-mail | Название компании | Должность | Комментарий | Сумма | Валюта | Ответственный | Дата изменения
1 | Не обработан | Лид 1 | | Пётр | Ильич | Иванов | 10.01.2026 09:11:00 | Звонок | +7 916 123-45-67 | | a@romashka.ru | ООО «Ромашка» | директор | | 5000 | Российский рубль | Анна Смирнова | 10.02.2026 09:11:00
2 | Некачественный лид | Лид 2 | | Анна | Олеговна | Петрова | 11.01.2026 09:11:00 | Звонок | +7 916 123-45-68 | | b@vektor.ru | АО «Вектор» | закупщик | дорого | 7000 | Российский рубль | Олег Козлов | 11.02.2026 09:11:00
3 | Качественный лид | Лид 3 | | Олег | Ильич | Сидоров | 12.01.2026 09:11:00 | Веб-сайт | +7 916 123-45-69 | | c@yug.ru | ТД «Юг» | инженер | | 9000 | Российский рубль | Олег Козлов | 12.02.2026 09:11:00
4 | В работе | Лид 4 | | Ирина | Львовна | Котова | 13.01.2026 09:11:00 | Звонок | +7 916 123-45-70 | | d@lut.ru | ООО «Лютик» | директор | | 4000 | Российский рубль | Анна Смирнова | 13.02.2026 09:11:00
5 | Обработан | Лид 5 | | Иван | Львович | Львов | 13.01.2026 09:11:00 | Звонок | +7 916 123-45-71 | | e@lev.ru | ООО «Лев» | директор | | 4000 | Российский рубль | Анна Смирнова | 13.02.2026 09:11:00
""",
    "Bitrix24: deals, Russian": """
ID | Воронка | Стадия сделки | Новая | Повторная сделка | Название сделки | Тип | Вероятность | Сумма | Валюта | Компания | Контакт | Предполагаемая дата закрытия | Ответственный | Дата создания | Контакт: Рабочий телефон | Контакт: Рабочий e-mail | Комментарий
1 | Общая | Новая | Y | N | Сделка 1 | Продажа | 10 | 5000 | Российский рубль | ООО «Ромашка» | Пётр Иванов | 01.04.2026 | Анна Смирнова | 10.01.2026 | +7 916 123-45-67 | a@romashka.ru |
2 | Общая | Сделка провалена | N | N | Сделка 2 | Продажа | 0 | 7000 | Российский рубль | АО «Вектор» | Анна Петрова | 02.04.2026 | Олег Козлов | 11.01.2026 | +7 916 123-45-68 | b@vektor.ru |
3 | Общая | Сделка успешна | N | N | Сделка 3 | Продажа | 100 | 9000 | Российский рубль | ТД «Юг» | Олег Сидоров | 03.04.2026 | Олег Козлов | 12.01.2026 | +7 916 123-45-69 | c@yug.ru |
4 | Общая | Подготовка документов | N | N | Сделка 4 | Продажа | 30 | 4000 | Российский рубль | ООО «Лютик» | Ирина Котова | 04.04.2026 | Анна Смирнова | 13.01.2026 | +7 916 123-45-70 | d@lut.ru |
5 | Общая | Финальный счёт | N | N | Сделка 5 | Продажа | 80 | 4000 | Российский рубль | ООО «Лев» | Иван Львов | 05.04.2026 | Анна Смирнова | 13.01.2026 | +7 916 123-45-71 | e@lev.ru |
6 | Общая | Счёт на предоплату | N | N | Сделка 6 | Продажа | 50 | 4000 | Российский рубль | ООО «Кит» | Иван Китов | 05.04.2026 | Анна Смирнова | 13.01.2026 | +7 916 123-45-72 | f@kit.ru |
""",
    "Bitrix24: leads, English": """
ID | Stage | Lead Name | First name | Last name | Created on | Source | Work phone | Mobile | Work e-mail | Company name | Position | Comment | Total | Currency | Responsible person | Modified on
1 | Unassigned | Lead 1 | John | Smith | 01/10/2026 09:11:00 am | Call | +1 202-555-0152 | | john@acme.com | Acme Inc | CEO | | 5000 | US Dollar | Kate Moss | 02/10/2026 09:11:00 am
2 | Junk lead | Lead 2 | Ann | Lee | 01/11/2026 09:11:00 am | Call | +1 202-555-0153 | | ann@globex.com | Globex LLC | Buyer | | 7000 | US Dollar | Jim Beam | 02/11/2026 09:11:00 am
3 | In progress | Lead 3 | Bill | Lum | 01/12/2026 09:11:00 am | Web | +1 202-555-0154 | | bill@ini.com | Initech | CTO | | 9000 | US Dollar | Jim Beam | 02/12/2026 09:11:00 am
4 | Processed | Lead 4 | Al | Wesker | 01/13/2026 09:11:00 am | Web | +1 202-555-0155 | | al@umb.com | Umbrella Corp | Manager | | 4000 | US Dollar | Kate Moss | 02/13/2026 09:11:00 am
5 | Good lead | Lead 5 | Eve | Low | 01/13/2026 09:11:00 am | Web | +1 202-555-0156 | | eve@wayne.com | Wayne Ltd | Manager | | 4000 | US Dollar | Kate Moss | 02/13/2026 09:11:00 am
""",
    "EspoCRM: leads": """
Salutation Name | First Name | Last Name | Account Name | Title | Email | Phone | Status | Source | Industry | Opportunity Amount | Opportunity Amount Currency | Do Not Call | Description | Assigned User Name | Created At | Website
Mr. | John | Smith | Acme Inc | CEO | john@acme.com | +1 202-555-0152 | New | Web Site | Retail | 5000 | USD | 0 | | Kate Moss | 2026-01-10 09:11:00 | acme.com
Ms. | Ann | Lee | Globex LLC | Buyer | ann@globex.com | +1 202-555-0153 | Dead | Call | Retail | 7000 | USD | 0 | | Kate Moss | 2026-01-11 09:11:00 | globex.com
Mr. | Bill | Lum | Initech | CTO | bill@ini.com | +1 202-555-0154 | In Process | Call | Manufacturing | 9000 | USD | 0 | | Jim Beam | 2026-01-12 09:11:00 | ini.com
Mr. | Al | Wesker | Umbrella Corp | VP | al@umb.com | +1 202-555-0155 | Assigned | Partner | Retail | 4000 | USD | 0 | | Jim Beam | 2026-01-13 09:11:00 | umb.com
Mr. | Ian | Roy | Stark Ltd | VP | ian@stark.com | +1 202-555-0156 | Converted | Partner | Retail | 4000 | USD | 0 | | Jim Beam | 2026-01-13 09:11:00 | stark.com
Mr. | Oli | Ash | Tyrell Corp | VP | oli@tyr.com | +1 202-555-0157 | Recycled | Partner | Retail | 4000 | USD | 0 | | Jim Beam | 2026-01-13 09:11:00 | tyr.com
""",
    "EspoCRM: opportunities, Russian": """
Имя | Организация | Стадия | Сумма | Вероятность успеха, % | Лид | Дата закрытия | Контакты | Описание | Ответственный | Создано
Поставка 1 | ООО «Ромашка» | Привлечение клиента | 5000 | 10 | Звонок | 2026-04-01 | Иванов Пётр | | Анна Смирнова | 2026-01-10 09:11:00
Поставка 2 | АО «Вектор» | Закрыто - Провал | 7000 | 0 | Звонок | 2026-04-02 | Петрова Анна | | Олег Козлов | 2026-01-11 09:11:00
Поставка 3 | ТД «Юг» | Закрыто - Успех | 9000 | 100 | Звонок | 2026-04-03 | Сидоров Олег | | Олег Козлов | 2026-01-12 09:11:00
Поставка 4 | ООО «Лютик» | Согласование/рассмотрение | 4000 | 70 | Звонок | 2026-04-04 | Котова Ирина | | Анна Смирнова | 2026-01-13 09:11:00
""",
    "Odoo: pipeline": """
Opportunity | Contact Name | Company Name | Email | Phone | Salesperson | Sales Team | Expected Revenue | Probability | Stage | Created on | Expected Closing | Lost Reason | Tags | City
Acme seats | John Smith | Acme Inc | john@acme.com | +1 202-555-0152 | Kate Moss | Sales | 5000 | 10 | New | 2026-01-10 09:11:00 | 2026-04-01 | | | Boston
Globex | Ann Lee | Globex LLC | ann@globex.com | +1 202-555-0153 | Kate Moss | Sales | 7000 | 20 | Qualified | 2026-01-11 09:11:00 | 2026-04-02 | | | Austin
Initech POC | Bill Lum | Initech | bill@ini.com | +1 202-555-0154 | Jim Beam | Sales | 9000 | 50 | Proposition | 2026-01-12 09:11:00 | 2026-04-03 | | | Denver
Umbrella | Al Wesker | Umbrella Corp | al@umb.com | +1 202-555-0155 | Jim Beam | Sales | 4000 | 100 | Won | 2026-01-13 09:11:00 | 2026-02-03 | | | Miami
""",
    "Odoo: pipeline, Russian": """
Возможность | Имя контакта | Название компании | Email | Телефон | Менеджер по продажам | Отдел продаж | Ожидаемый доход | Вероятность | Этап | Создано | Ожидаемое закрытие | Причина проигрыша
Поставка 1 | Иванов Пётр | ООО «Ромашка» | a@romashka.ru | +7 916 123-45-67 | Анна Смирнова | Продажи | 5000 | 10 | Новый | 2026-01-10 09:11:00 | 2026-04-01 |
Поставка 2 | Петрова Анна | АО «Вектор» | b@vektor.ru | +7 916 123-45-68 | Олег Козлов | Продажи | 7000 | 20 | Квалифицирован | 2026-01-11 09:11:00 | 2026-04-02 |
Поставка 3 | Сидоров Олег | ТД «Юг» | c@yug.ru | +7 916 123-45-69 | Олег Козлов | Продажи | 9000 | 50 | Предложение | 2026-01-12 09:11:00 | 2026-04-03 |
Поставка 4 | Котова Ирина | ООО «Лютик» | d@lut.ru | +7 916 123-45-70 | Анна Смирнова | Продажи | 4000 | 100 | Выиграно | 2026-01-13 09:11:00 | 2026-02-03 |
""",
}

FIELDS = {
    "HubSpot: deals": {
        "Close Date": "closed_on",
        "Deal Stage": "state",
        "Deal owner": "manager",
        "Amount": "amount",
        "Create Date": "created_on",
        "Last Activity Date": "last_contact",
        "Next Activity Date": "next_on",
        "Closed Lost Reason": "refusal_reason",
        "Associated Contact": "person+email",
        "Associated Company": "company",
    },
    "HubSpot: contacts": {
        "First Name": "person",
        "Last Name": "person",
        "Email": "email",
        "Phone Number": "phone",
        "Contact owner": "manager",
        "Lead Status": "state",
        "Company name": "company",
        "Job Title": "role",
        "Create Date": "created_on",
        "Last Contacted": "last_contact",
    },
    "Pipedrive: deals": {
        "Deal - Status": "state",
        "Deal - Stage": "state",
        "Deal - Value": "amount",
        "Deal - Owner": "manager",
        "Deal - Organization": "company",
        "Deal - Contact person": "person",
        "Person - Phone - Work": "phone",
        "Person - Email - Work": "email",
        "Deal - Deal created": "created_on",
        "Deal - Last activity date": "last_contact",
        "Deal - Next activity date": "next_on",
        "Deal - Lost reason": "refusal_reason",
    },
    "Zoho: deals": {
        "Closing Date": "closed_on",
        "Deal Owner": "manager",
        "Amount": "amount",
        "Account Name": "company",
        "Stage": "state",
        "Probability (%)": "probability",
        "Next Step": "next_step",
        "Lead Source": "source",
        "Contact Name": "person",
        "Created Time": "created_on",
        "Last Activity Time": "last_contact",
        "Description": "comment",
        "Reason For Loss": "refusal_reason",
    },
    "Zoho: leads": {
        "Lead Owner": "manager",
        "Company": "company",
        "First Name": "person",
        "Last Name": "person",
        "Designation": "role",
        "Email": "email",
        "Phone": "phone",
        "Mobile": "phone",
        "Lead Source": "source",
        "Lead Status": "state",
        "Industry": "category",
        "City": "city",
        "Created Time": "created_on",
        "Last Activity Time": "last_contact",
        "Description": "comment",
    },
    "Salesforce: opportunities": {
        "Close Date": "closed_on",
        "Opportunity Owner": "manager",
        "Account Name": "company",
        "Stage": "state",
        "Amount": "amount",
        "Probability (%)": "probability",
        "Created Date": "created_on",
        "Next Step": "next_step",
        "Lead Source": "source",
    },
    "Salesforce: leads": {
        "First Name": "person",
        "Last Name": "person",
        "Title": "role",
        "Company / Account": "company",
        "Email": "email",
        "Phone": "phone",
        "Lead Source": "source",
        "Lead Status": "state",
        "Lead Owner": "manager",
        "City": "city",
        "Create Date": "created_on",
        "Last Activity": "last_contact",
    },
    "amoCRM: deals": {
        "Дата закрытия": "closed_on",
        "Компания": "company",
        "Основной контакт": "person",
        "Ответственный": "manager",
        "Этап сделки": "state",
        "Бюджет": "amount",
        "Дата создания": "created_on",
        "Примечание": "comment",
        "Рабочий телефон": "phone",
        "Рабочий email": "email",
    },
    "Kommo: leads": {
        "Closed at": "closed_on",
        "Company": "company",
        "Main contact": "person",
        "Responsible user": "manager",
        "Lead stage": "state",
        "Sale": "amount",
        "Created at": "created_on",
        "Note": "comment",
        "Work phone": "phone",
        "Work email": "email",
    },
    "Bitrix24: leads, Russian": {
        "Стадия": "state",
        "Имя": "person",
        "Отчество": "person",
        "Фамилия": "person",
        "Дата создания": "created_on",
        "Источник": "source",
        "Рабочий телефон": "phone",
        "Мобильный телефон": "phone",
        "Рабочий e-mail": "email",
        "Название компании": "company",
        "Должность": "role",
        "Комментарий": "comment",
        "Сумма": "amount",
        "Ответственный": "manager",
    },
    "Bitrix24: deals, Russian": {
        "Стадия сделки": "state",
        "Вероятность": "probability",
        "Сумма": "amount",
        "Компания": "company",
        "Контакт": "person",
        "Ответственный": "manager",
        "Дата создания": "created_on",
        "Контакт: Рабочий телефон": "phone",
        "Контакт: Рабочий e-mail": "email",
        "Комментарий": "comment",
    },
    "Bitrix24: leads, English": {
        "Stage": "state",
        "First name": "person",
        "Last name": "person",
        "Created on": "created_on",
        "Source": "source",
        "Work phone": "phone",
        "Mobile": "phone",
        "Work e-mail": "email",
        "Company name": "company",
        "Position": "role",
        "Comment": "comment",
        "Responsible person": "manager",
    },
    "EspoCRM: leads": {
        "First Name": "person",
        "Last Name": "person",
        "Account Name": "company",
        "Title": "role",
        "Email": "email",
        "Phone": "phone",
        "Status": "state",
        "Source": "source",
        "Industry": "category",
        "Opportunity Amount": "amount",
        "Description": "comment",
        "Assigned User Name": "manager",
        "Created At": "created_on",
    },
    "EspoCRM: opportunities, Russian": {
        "Дата закрытия": "closed_on",
        "Имя": "person",
        "Организация": "company",
        "Стадия": "state",
        "Сумма": "amount",
        "Вероятность успеха, %": "probability",
        "Контакты": "person",
        "Описание": "comment",
        "Ответственный": "manager",
        "Создано": "created_on",
    },
    "Odoo: pipeline": {
        "Contact Name": "person",
        "Company Name": "company",
        "Email": "email",
        "Phone": "phone",
        "Salesperson": "manager",
        "Expected Revenue": "amount",
        "Probability": "probability",
        "Stage": "state",
        "Created on": "created_on",
        "Lost Reason": "refusal_reason",
        "City": "city",
    },
    "Odoo: pipeline, Russian": {
        "Имя контакта": "person",
        "Название компании": "company",
        "Email": "email",
        "Телефон": "phone",
        "Менеджер по продажам": "manager",
        "Ожидаемый доход": "amount",
        "Вероятность": "probability",
        "Этап": "state",
        "Создано": "created_on",
        "Причина проигрыша": "refusal_reason",
    },
}

STATES = {
    "HubSpot: deals": {
        "Appointment Scheduled (Sales Pipeline)": "contact_1",
        "Closed Lost (Sales Pipeline)": "refusal",
        "Closed Won (Sales Pipeline)": "client",
        "Contract Sent (Sales Pipeline)": "contact_3",
        "Decision Maker Bought-In (Sales Pipeline)": "contact_3",
        "Presentation Scheduled (Sales Pipeline)": "contact_2",
        "Qualified To Buy (Sales Pipeline)": "contact_1",
    },
    "HubSpot: contacts": {
        "Attempted to contact": "new",
        "Bad timing": "strategic_reserve",
        "Connected": "contact_1",
        "New": "new",
        "Open deal": "deal?",
        "Unqualified": "refusal",
    },
    "Pipedrive: deals": {
        "Contact Made": "contact_1",
        "Demo Scheduled": "contact_2",
        "Lost": "refusal",
        "Negotiations Started": "contact_3",
        "Proposal Made": "contact_2",
        "Qualified": "contact_1",
        "Won": "client",
    },
    "Zoho: deals": {
        "Closed Lost to Competition": "refusal",
        "Closed Won": "client",
        "Identify Decision Makers": "contact_2",
        "Negotiation/Review": "contact_3",
        "Proposal/Price Quote": "contact_2",
        "Qualification": "contact_1",
    },
    "Zoho: leads": {
        "Attempted to Contact": "new",
        "Contact in Future": "strategic_reserve",
        "Contacted": "contact_1",
        "Junk Lead": "refusal",
        "Lost Lead": "refusal",
        "Not Contacted": "new",
        "Not Qualified": "refusal",
        "Pre-Qualified": "contact_1",
    },
    "Salesforce: opportunities": {
        "Closed Lost": "refusal",
        "Closed Won": "client",
        "Id. Decision Makers": "contact_2",
        "Negotiation/Review": "contact_3",
        "Perception Analysis": "contact_2",
        "Prospecting": "new",
    },
    "Salesforce: leads": {
        "Closed - Converted": None,
        "Closed - Not Converted": "refusal",
        "Open - Not Contacted": "new",
        "Working - Contacted": "contact_1",
    },
    "amoCRM: deals": {
        "Закрыто и не реализовано": "refusal",
        "Неразобранное": "new",
        "Первичный контакт": "contact_1",
        "Принимают решение": "contact_3",
        "Согласование договора": "contact_3",
        "Успешно реализовано": "client",
    },
    "Kommo: leads": {
        "Closed - lost": "refusal",
        "Closed - won": "client",
        "Contract discussion": "contact_3",
        "Decision making": "contact_3",
        "Incoming leads": "new",
        "Initial contact": "contact_1",
    },
    "Bitrix24: leads, Russian": {
        "В работе": "contact_1",
        "Качественный лид": None,
        "Не обработан": "new",
        "Некачественный лид": "refusal",
        "Обработан": None,
    },
    "Bitrix24: deals, Russian": {
        "Новая": "new",
        "Подготовка документов": "contact_3",
        "Сделка провалена": "refusal",
        "Сделка успешна": "client",
        "Счёт на предоплату": "deal",
        "Финальный счёт": "deal",
    },
    "Bitrix24: leads, English": {
        "Good lead": "new?",
        "In progress": "contact_1",
        "Junk lead": "refusal",
        "Processed": "contact_1?",
        "Unassigned": "new",
    },
    "EspoCRM: leads": {
        "Assigned": "new",
        "Converted": None,
        "Dead": "refusal",
        "In Process": "contact_1",
        "New": "new",
        "Recycled": "call_round",
    },
    "EspoCRM: opportunities, Russian": {
        "Закрыто - Провал": "refusal",
        "Закрыто - Успех": "client",
        "Привлечение клиента": "new",
        "Согласование/рассмотрение": "contact_3",
    },
    "Odoo: pipeline": {
        "New": "new",
        "Proposition": "contact_2",
        "Qualified": "contact_1",
        "Won": "client",
    },
    "Odoo: pipeline, Russian": {
        "Выиграно": "client",
        "Квалифицирован": "contact_1",
        "Новый": "new",
        "Предложение": "contact_2?",
    },
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_known_by_the_headings_that_its_maker_documents(name: str) -> None:
    (tab,) = proposed(Export=EXPORTS[name]).tabs
    sure = {heading: field for heading, field in fields(tab).items() if not field.endswith("?")}
    assert {heading: field for heading, field in sure.items() if field != "-"} == FIELDS[name]
    assert (tab.section, tab.sure) == ("mixed", True)


@pytest.mark.parametrize("name", EXPORTS)
def test_the_stages_of_an_export_are_known_or_asked_about(name: str) -> None:
    assert codes(proposed(Export=EXPORTS[name])) == STATES[name]


@pytest.mark.parametrize("name", EXPORTS)
def test_no_stage_that_speaks_of_an_end_is_taken_for_a_beginning(name: str) -> None:
    for word, code in codes(proposed(Export=EXPORTS[name])).items():
        if any(end in word.casefold() for end in ("lost", "junk", "провал", "не реализовано")):
            assert code == "refusal", word


def test_long_stages_sums_that_rise_and_numbers_of_records_are_read_for_what_they_are() -> None:
    [tab] = proposed(Export=RECORDS).tabs
    assert fields(tab) == {
        "Record Id": "-",
        "Deal Name": "-",
        "Deal Stage": "state",
        "Deal owner": "manager",
        "Amount": "amount",
        "Associated Company": "company",
        "Phone": "phone",
    }


def test_a_deal_is_called_by_its_company_only_where_no_column_holds_one() -> None:
    without_companies = RECORDS.replace("Associated Company", "Warehouse").replace(" LLC", "")
    [tab] = proposed(Export=without_companies).tabs
    assert fields(tab)["Deal Name"] == "company"


@pytest.mark.parametrize("heading", ["Record Id", "Код клиента"])
def test_a_number_of_a_record_is_no_phone_however_it_is_written(heading: str) -> None:
    table = RECORDS.replace("Record Id", heading).replace("9000000", "zcrm_900000000")
    [tab] = proposed(Export=table).tabs
    assert fields(tab)[heading] == "-"


def test_an_indian_list_is_known_by_its_headings_and_sums() -> None:
    [tab] = proposed(
        Sheet1="""
Sr No | Party Name | Contact No. | Sales Person | Lead Status | Follow up date | Expected Value
1 | Shree Traders | 98200 12000 | Rahul Sharma | Hot | 13/02/2026 | 1,25,000
2 | Om Exports | +91-22-23450001 | Priya Iyer | Cold | 14/02/2026 | Rs. 45,000/-
3 | Lotus Mills | 98765 43002 | Rahul Sharma | New | 15/02/2026 | ₹ 3,00,000
4 | Ganga Foods | 9876543003 | Priya Iyer | Closed - Won | 16/02/2026 | 2.5 lakh
"""
    ).tabs
    assert fields(tab)["Party Name"] == "company"
    assert fields(tab)["Expected Value"] == "amount"
