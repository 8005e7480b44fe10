"""Names of months and weekdays in the languages of feeds, folded so that spellings meet.

A name that means two months in two languages (listopad, or October and November of the Slavic
ones) is left out: no guess is made of it.
"""

from __future__ import annotations

import unicodedata

_MONTH_NAMES = """\
jan january januar januari janvier janv enero ene gennaio gen janeiro január янв январь января ιαν ιανουαριου
feb february februar februari février févr fév febrero febbraio fevereiro fev február febr фев февр февраль февраля φεβ φεβρουαριου
mar march märz mrz mär mars marzo março maart mrt március márc мар март марта μαρ μαρτιου
apr april avril avr abril abr aprile április ápr апр апрель апреля απρ απριλιου
may mai mayo maggio mag maio mei maj május máj май мая μαι μαϊ μαιου
jun june juni juin junio giugno giu junho június jún июн июнь июня ιουν ιουνιου
jul july juli juillet juil julio luglio lug julho július júl июл июль июля ιουλ ιουλιου
aug august août agosto ago augustus augusti augusztus авг август августа αυγ αυγουστου
sep sept september septembre septiembre setiembre settembre set setembro szeptember szept сен сент сентябрь сентября σεπ σεπτ σεπτεμβριου
oct october oktober okt octobre octubre ottobre ott outubro out oktober október окт октябрь октября οκτ οκτωβριου
nov november novembre noviembre novembro ноя нояб ноябрь ноября νοε νοεμ νοεμβριου
dec december dezember dez décembre déc diciembre dic dicembre dezembro desember des дек декабрь декабря δεκ δεκεμβριου
"""

_WEEKDAY_NAMES = """\
월 화 수 목 금 토 일 월요일 화요일 수요일 목요일 금요일 토요일 일요일 月 火 水 木 金 土 日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月曜 火曜 水曜
木曜 金曜 土曜 日曜 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 mon tue tues wed weds thu thur thurs fri sat sun
monday tuesday wednesday thursday friday saturday sunday mo di mi do fr sa so montag
dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lun mer jeu ven sam dim lundi
mardi mercredi jeudi vendredi samedi dimanche lunes mie miercoles jue jueves vie viernes sab
sabado dom domingo martes lunedi martedi gio giovedi venerdi sabato domenica mercoledi seg
ter qua qui sex segunda terca quarta quinta sexta maandag dinsdag woensdag donderdag vrijdag
zaterdag zondag пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота
воскресенье mar
"""


def fold_name(name: str) -> str:
    """A name without its case, accents and final dot."""
    letters = unicodedata.normalize("NFKD", name.rstrip(".").casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


_MONTHS = {
    fold_name(name): number
    for number, names in enumerate(_MONTH_NAMES.splitlines(), start=1)
    for name in names.split()
}
_WEEKDAYS = frozenset(fold_name(name) for name in _WEEKDAY_NAMES.split())


def month_number(name: str) -> int | None:
    """1 to 12 for the name of a month, "5월" and digits too; None for any other word."""
    digits = name.rstrip("월月 ")
    if digits.isdecimal():
        return int(digits)
    return _MONTHS.get(fold_name(name))


def is_weekday(name: str) -> bool:
    """Whether a word names a day of the week, or shortens such a name."""
    return fold_name(name) in _WEEKDAYS
