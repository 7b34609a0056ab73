"""Words of which the names of a labelled base are made, and pairs of names that look alike and are two firms."""

RU_FIRST = """
Альянс Вектор Волга Горизонт Гранит Дельта Заря Звезда Кедр Компас Континент Кристалл Лазурит Лидер Магистраль Маяк
Меридиан Монолит Нева Олимп Орион Паритет Перспектива Прогресс Радуга Регион Резерв Рубин Север Сибирь Сириус Созвездие
Спектр Стандарт Статус Столица Стрела Сфера Титан Топаз Триумф Урал Факел Феникс Форпост Фортуна Эверест Эталон Юпитер Янтарь
Берёзка Щит Ёлочка Царицыно Жемчужина Хорошево Чайка Шоколад Южный Якорь
"""
RU_SECOND = """
Авто Агро Бетон Газ Инвест Логистик Маркет Мебель Медиа Металл Монтаж Оптика Пласт Проект Ресурс Сервис Снаб Софт Строй
Тех Торг Транс Трейд Упаковка Фарм Химия Центр Экспо Электро Энерго
"""
EN_FIRST = """
Amber Anchor Aspen Beacon Blackwood Bridgeport Brightwater Cedar Clearview Cobalt Copper Crestline Cypress Eastgate Evergreen
Falcon Fairfield Granite Greenfield Harbor Hawthorne Highland Ironwood Juniper Keystone Lakeside Lighthouse Magnolia Maple
Meridian Northfield Oakwood Pacific Pinnacle Quantum Redwood Ridgeway Riverside Sapphire Silverline Stonebridge Summit
Sycamore Thornton Trident Vanguard Westbrook Whitestone Willow Windmill
"""
EN_SECOND = """
Analytics Builders Catering Chemicals Consulting Design Electronics Energy Engineering Foods Freight Furniture Hardware
Healthcare Insurance Interiors Labs Logistics Machinery Materials Media Packaging Partners Plastics Printing Robotics
Security Software Solutions Supplies Systems Textiles Tools Trading Transport Ventures
"""
SURNAMES = """
Абрамов Алексеев Андреев Антонов Баранов Белов Борисов Васильев Виноградов Волков Воробьёв Герасимов Голубев Григорьев
Давыдов Данилов Дмитриев Егоров Жуков Зайцев Захаров Иванов Ильин Калинин Киселёв Ковалёв Козлов Комаров Королёв Кудрявцев
Кузнецов Лебедев Макаров Мартынов Медведев Михайлов Морозов Никитин Николаев Новиков Орлов Осипов Павлов Петров Поляков
Попов Романов Семёнов Сергеев Сидоров Смирнов Соколов Соловьёв Степанов Тарасов Титов Фёдоров Филиппов Фролов Яковлев
"""
SHORT = """
Мир/Мирт Лад/Лада Рост/Ост Век/Вега Арт/Арка Дон/Дом Сова/Слова Заря/Зара Лига/Лира Пик/Пикс Вид/Вита Парк/Барк Сон/Сом
Рим/Рис Кит/Кета Лес/Лис Степь/Стопа Волна/Волга Грань/Гранд Линия/Лилия Искра/Икра Мост/Мосты Полюс/Плюс Сталь/Стиль
Sun/Sunny Nova/Nora Bolt/Volt Apex/Alex Core/Corel Zen/Zeno Luma/Puma Orbit/Orbis Prime/Pride Delta/Delia Terra/Tetra
Vista/Visa Solar/Sonar Metro/Retro Pulse/Purse Atlas/Atlan Stone/Store Coral/Moral Piano/Plano Cargo/Largo Tempo/Tempt
"""
PERSONS = """
Лосев_А./Лосева_Б. Петров_С./Петренко_С. Орлов_И./Орлова_И. Белов_К./Беляев_К. Попов_Д./Попова_Д. Титов_М./Титова_О.
Носов_П./Носков_П. Зуев_А./Зубов_А. Быков_Л./Бычков_Л. Котов_Р./Кротов_Р. Громов_Е./Громова_Т. Макаров_В./Макарова_В.
Лаптев_Ю./Лапин_Ю. Гусев_Н./Гусева_Н. Фомин_А./Фомина_А. Крылов_Г./Крымов_Г. Уваров_И./Уварова_П. Шилов_Ф./Шитов_Ф.
"""
COMPOUNDS = """
Стройсервис/Стройсевер Агроимпорт/Агроэкспорт Металлторг/Мебельторг Нефтемаш/Нефтегаз Техносервис/Автосервис Инфотекс/Инфоком
Промтехника/Промтехногаз Интертранс/Интертрейд Медтехника/Агротехника Стройгаз/Стройгрупп Химпром/Хлебпром Росмедиа/Русмедиа
Уралсталь/Уралсвет Сибирьлес/Сибирьлён Волгахим/Волгадом Евротара/Евротур Автоцентр/Агроцентр Мегафарм/Мегафон
Northfield_Systems/Northgate_Systems Silverline_Media/Silverstone_Media Eastgate_Foods/Westgate_Foods Biotech/Biotex
Стройдом/Стройком Энерготех/Энергомех Автодом/Автоком Промтара/Промтала Datacom/Datacor Netline/Netlife
"""
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
OTHER_LATIN = {**LATIN, "х": "h", "й": "j", "ю": "ju", "я": "ia", "щ": "sch", "ц": "c"}
