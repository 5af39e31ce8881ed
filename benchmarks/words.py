"""Plain everyday words in six languages, for made-up guides that weigh, wrap and shape as real ones do."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    language: tuple(text.split())
    for language, text in {
        "en": """
a and the to in on with for from before after when if you your they it this that we some many all each
water bread tea salt rice apple soup milk egg cup plate spoon table chair door window wall floor roof room
house street road bridge field river hill garden tree leaf flower seed rain snow wind sun moon star day
night morning evening week month year hour bag box book page letter word name story song paper pencil
clock lamp key coat shoe hat shirt blanket bed friend neighbour child mother father sister brother teacher
doctor baker farmer bus train ticket boat bicycle wheel market shop price coin work rest walk run sit stand
open close carry wash cook read write listen speak wait begin finish find keep give take bring leave ask
answer learn help warm cold small large old new good quiet early late clean near far""",
        "es": """
y el la los las un una de en con para por desde antes después cuando si usted su ellos esto eso nosotros
agua pan té sal arroz manzana sopa leche huevo taza plato cuchara mesa silla puerta ventana pared suelo
techo cuarto casa calle camino puente campo río colina jardín árbol hoja flor semilla lluvia nieve viento
sol luna estrella día noche mañana tarde semana mes año hora bolsa caja libro página carta palabra nombre
historia canción papel lápiz reloj lámpara llave abrigo zapato sombrero camisa manta cama amigo vecina niño
madre padre hermana hermano maestra médico panadero autobús tren boleto barco bicicleta rueda mercado
tienda precio moneda trabajo descanso caminar correr sentarse abrir cerrar llevar lavar cocinar leer
escribir escuchar hablar esperar empezar terminar encontrar guardar dar tomar traer salir preguntar
aprender ayuda caliente frío pequeño grande viejo nuevo bueno tranquilo temprano limpio cerca lejos""",
        "ru": """
и в на с для из перед после когда если вы ваш они это мы или но все каждый вода хлеб чай соль рис яблоко
суп молоко яйцо чашка тарелка ложка стол стул дверь окно стена пол крыша комната дом улица дорога мост
поле река холм сад дерево лист цветок семя дождь снег ветер солнце луна звезда день ночь утро вечер неделя
месяц год час сумка коробка книга страница письмо слово имя рассказ песня бумага карандаш часы лампа ключ
пальто ботинок шапка рубашка одеяло кровать друг сосед ребёнок мать отец сестра брат учитель врач пекарь
автобус поезд билет лодка велосипед колесо рынок магазин цена монета работа отдых идти бежать сидеть
стоять открыть закрыть нести мыть готовить читать писать слушать говорить ждать начать закончить найти
хранить дать взять принести спросить ответить учиться помощь тёплый холодный маленький большой старый
новый хороший тихий ранний чистый близко далеко""",
        "ar": """
و في من على مع إلى قبل بعد عندما إذا أنت هم هذا ذلك نحن كل بعض ماء خبز شاي ملح أرز تفاحة حساء حليب بيضة
كوب صحن ملعقة طاولة كرسي باب نافذة جدار أرض سقف غرفة بيت شارع طريق جسر حقل نهر تل حديقة شجرة ورقة زهرة
بذرة مطر ثلج ريح شمس قمر نجمة يوم ليل صباح مساء أسبوع شهر سنة ساعة حقيبة صندوق كتاب صفحة رسالة كلمة اسم
قصة أغنية ورق قلم مصباح مفتاح معطف حذاء قبعة قميص بطانية سرير صديق جار طفل أم أب أخت أخ معلمة طبيب خباز
حافلة قطار تذكرة قارب دراجة عجلة سوق متجر سعر عملة عمل راحة مشى ركض جلس وقف فتح أغلق حمل غسل طبخ قرأ كتب
سمع تكلم انتظر بدأ أنهى وجد حفظ أعطى أخذ أحضر خرج سأل أجاب تعلم مساعدة دافئ بارد صغير كبير قديم جديد جيد
هادئ مبكر نظيف قريب بعيد""",
        "zh": """
和 在 从 到 给 以前 以后 如果 的时候 你 你的 他们 这个 那个 我们 一些 每个 水 面包 茶 盐 米饭 苹果 汤 牛奶
鸡蛋 杯子 盘子 勺子 桌子 椅子 门 窗户 墙 地板 屋顶 房间 家 街道 路 桥 田野 河 山 花园 树 叶子 花 种子 雨 雪 风
太阳 月亮 星星 白天 夜晚 早上 晚上 星期 月份 一年 小时 书包 盒子 书 页 信 词语 名字 故事 歌 纸 铅笔 钟表 灯
钥匙 外套 鞋 帽子 衬衫 毯子 床 朋友 邻居 孩子 母亲 父亲 姐姐 弟弟 老师 医生 面包师 公共汽车 火车 车票 船
自行车 轮子 市场 商店 价格 硬币 工作 休息 走路 跑步 坐下 站起来 打开 关上 带着 洗 做饭 读 写 听 说话 等待
开始 完成 找到 保存 拿 离开 问 回答 学习 帮助 暖和 冷 小 大 旧 新 好 安静 早 干净 近 远""",
        "hi": """
और में से पर के लिए पहले बाद जब अगर आप आपका वे यह वह हम कुछ सब हर पानी रोटी चाय नमक चावल सेब सूप दूध अंडा
कप थाली चम्मच मेज़ कुर्सी दरवाज़ा खिड़की दीवार फ़र्श छत कमरा घर सड़क रास्ता पुल खेत नदी पहाड़ी बग़ीचा पेड़ पत्ता
फूल बीज बारिश बर्फ़ हवा सूरज चाँद तारा दिन रात सुबह शाम हफ़्ता महीना साल घंटा थैला डिब्बा किताब पन्ना चिट्ठी
शब्द नाम कहानी गीत काग़ज़ पेंसिल घड़ी दीया चाबी कोट जूता टोपी कमीज़ कंबल बिस्तर दोस्त पड़ोसी बच्चा माता पिता
बहन भाई शिक्षक डॉक्टर किसान बस ट्रेन टिकट नाव साइकिल पहिया बाज़ार दुकान दाम सिक्का काम आराम चलना दौड़ना
बैठना खोलना बंद करना उठाना धोना पकाना पढ़ना लिखना सुनना बोलना इंतज़ार शुरू पूरा मिलना रखना देना लेना लाना
जाना पूछना जवाब सीखना मदद गरम ठंडा छोटा बड़ा पुराना नया अच्छा शांत जल्दी साफ़ पास दूर""",
    }.items()
}

LOCALES: Mapping[str, str] = {
    "en": "en",
    "es": "es",
    "ar": "ar",
    "zh_Hans": "zh",
    "ru": "ru",
    "hi": "hi",
    "fr": "es",
    "pt": "es",
    "it": "es",
    "ro": "es",
    "de": "es",
    "pl": "es",
    "uk": "ru",
    "bg": "ru",
    "mk": "ru",
    "fa": "ar",
    "ur": "ar",
    "zh_Hant": "zh",
    "ne": "hi",
    "mr": "hi",
}
"""Locale → whose words it borrows. The first is the source; booklets can be set in the first five."""
