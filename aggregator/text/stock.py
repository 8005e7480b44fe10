"""Words that portals print in place of a text: pointers to attached files, labels, viewers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FILES_NAMED = r"(?:첨부|붙임)(?:된)?\s?(?:파일|자료|문서|물|내용|보도\s?자료)?"
_ASKED = r"(?:바랍니다|바람|주세요|주십시오|하세요|하십시오|드립니다|부탁드립니다)"
_CLOSE = r"(?:\s?[.)\]]{1,3}|(?=[\s\-–*<>~!·|]*$)|(?=\s*[\[(<※*■□○◇▶|-]))"
"""The end of a sentence, so that a text that goes on about attached files is not cut in two."""

STOCK = re.compile(
    rf"""
      (?:(?:해당|본|이)\s?(?:게시물|게시글|자료|보도\s?자료)의?\s)?
      (?:보다\s|더\s)?
      (?:(?:자세|상세|구체적인?|세부(?:적인)?|관련|본문|상기|위|전체|보도)(?:한)?\s?)?(?:내용|사항)(?:은|는)?\s
      [^.\n]{{0,30}}(?:첨부|붙임|본문|원문)[^.\n]{{0,30}}
      (?:(?:참고|참조|확인|보시|열람|다운)[^.\n]{{0,14}}{_ASKED}\s?\.?|(?:참조|참고|확인){_CLOSE})
    | [(\[※*]{{0,2}}\s?{_FILES_NAMED}(?:을|를)?\s?
      (?:참고|참조|확인)(?:하(?:여\s?주)?(?:시기\s?바랍니다|십시오|세요)|\s?바랍니다|\s?바람|해\s?주세요|해\s?주시기\s?바랍니다)?{_CLOSE}
    | ^\W*(?:(?:해당|본|이)\s)?(?:게시물|게시글|보도\s?자료|자료|기사|글|내용|본문)?(?:의|은|는)?\s?(?:본문|내용)?(?:은|는)?\s?
      {_FILES_NAMED}(?:로만?|에서|을\s?통해)\s?(?:제공|확인|대체|열람|등록)[^.\n]{{0,20}}(?:니다|음|함|가능)\s?\.?$
    | ^\W*보도\s?자료(?:를|을)?\s?(?:(?:첨부|붙임)(?:와|과)\s?같이\s?)?(?:첨부|배포|게시|게재|제공)
      (?:합니다|함|임|드립니다|하오니[^.\n]{{0,30}}바랍니다)?\s?\.?$
    | ^\W*(?:첨부|붙임)(?:와|과)\s?같이\s[^.\n]{{0,40}}(?:니다|함)\s?\.?$
    | ^\W*(?:등록된\s?|표시할\s?|작성된\s?|상세\s?|본문\s?|자료\s?)?(?:본문|내용|자료|게시물|데이터)\s?(?:이|가)?\s?
      없(?:음|습니다)\s?\W*$
    | ^\W*(?:상세\s?|세부\s?|보도\s?)?(?:자료|내용|본문|원문)\s?참[조고]\W*$
    | (?:(?:이|현재|사용\s?중인|사용하시는)\s)?(?:웹\s?)?브라우저(?:가|는|에서는?)?\s(?:i-?frame|아이프레임|프레임|인라인\s?프레임)
      [^.\n]{{0,20}}(?:않습니다|없습니다|않음)\s?\.?
    | (?:your\s|this\s)browser\sdoes\snot\ssupport\s(?:iframes?|inline\sframes|frames|pdfs?)\s?\.?
    | [<(\[]?\s?정책브리핑\s?\(?\s?(?:www\.)?korea\.kr\s?\)?\s?[>)\]]?
    | 이\s?(?:자료|기사|글)는\s[^\n]{{0,60}}?전재하여\s?제공함을\s?알려\s?드립니다\s?\.?
    | [\[(]?\s?자료\s?제공\s?[:：][^\]\n]{{0,80}}\]?
    | ※?\s?(?:본|이|해당)\s(?:저작물|자료|공공저작물)은[^.\n]{{0,80}}공공누리[^\n]{{0,160}}
    | 정책브리핑의?\s정책뉴스\s?자료는[^\n]{{0,160}}
    | ^(?:붙임|첨부)\s?[:：]?\s?[^\n]{{0,80}}\d{{1,2}}\s?부\s?\.?\s?(?:끝\s?\.?)?$
    | ^(?:보도|참고|설명|해명)\s?(?:참고|설명)?\s?자료(?:입니다|임)?\s?\.?$
    | (?:please\s)?(?:see|refer\sto)\sthe\sattach(?:ed\sfiles?|ments?)
      (?:\sfor\s(?:more\s)?details)?\s?\.?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Sentences that portals print in place of a text, and notices about copying. Every part is bounded
so that no text takes long."""

STOCK_TAILS = (
    (re.compile(r"관련\s?(?:보도|설명|참고|해명)\s?자료(?:의)?\s?내용입니다\s?\.?"), 300, "\n"),
    (
        re.compile(
            r"(?:저작권자\s?[ⓒ©(:]|무단\s?(?:전재|복제)[^.\n]{0,20}(?:금지|금합니다)(?![가-힣]))[^\n]{0,80}",
            re.IGNORECASE,
        ),
        40,
        ".",
    ),
)
"""Ends of such sentences, with how many characters before belong to them at most and the character
that they do not cross. The end is looked for first: to try each place of a long line as a beginning
takes many times as long."""

_CUES = tuple("자료 내용 사항 첨부 붙임 본문 게시 데이터 원문 전재 저작 브리핑 브라우저".split())  # noqa: SIM905
_ENGLISH_CUES = ("attach", "browser")


def may_have_stock(text: str) -> bool:
    """Whether any word stands there that all these sentences have one of: few texts have one, and to
    look for words is quicker than to search for sentences."""
    for cue in _CUES:
        if cue in text:
            return True
    small = text.lower()
    return any(cue in small for cue in _ENGLISH_CUES)


_WORDS = (
    "첨부", "붙임", "없음", "없습니다", "참고", "참조", "브라우저", "정책브리핑", "전재", "제공", "공공누리",
    "배포", "게시", "게재", "내용입니다", "저작권자", "복제",
)  # fmt: skip
_READING_ON = ("확인", "보시", "열람", "다운")
_ORIGINALS = ("본문", "원문")
_ANY_CASE = ("attach", "browser", "brow\u017fer")
"""The third is what a regular expression that ignores case takes for the second."""
_LONGEST_NAME = 20
"""Characters of a line that only says what kind of release this is: 보도참고자료입니다."""


def has_stock_word(line: str) -> bool:
    """Whether a line with single blanks has a word that one of these sentences cannot do without;
    closer than the cues, so that few lines are searched for all sentences in vain."""
    if len(line) <= _LONGEST_NAME or any(word in line for word in _WORDS):
        return True
    if any(word in line for word in _ORIGINALS) and any(word in line for word in _READING_ON):
        return True
    small = line.lower()
    return any(word in small for word in _ANY_CASE)


def own_lines(text: str) -> Iterator[str]:
    """The lines of a text without the stock sentences, one after the other: mostly the first one is
    enough to tell that a text says something."""
    if not may_have_stock(text):
        yield from text.strip().split("\n")
        return
    for line in text.split("\n"):
        folded = " ".join(line.split())
        # A cue such as 자료 stands in many texts, what such a sentence consists of in few lines.
        yield STOCK.sub(" ", _without_tails(folded)).strip() if has_stock_word(folded) else folded


def _without_tails(line: str) -> str:
    """One line without the stock sentences that are known by their end."""
    for tail, reach, stop in STOCK_TAILS:
        parts: list[str] = []
        done = 0
        for match in tail.finditer(line):
            start = max(done, match.start() - reach)
            start = max(start, line.rfind(stop, start, match.start()) + 1)
            parts += (line[done:start], " ")
            done = match.end()
        line = "".join(parts) + line[done:]
    return line


LABEL = re.compile(
    r"^[\s\-•·○◦◎●■□▪▫▶▷◆◇※*<〈《\[(]*"
    r"(?:보도\s?(?:자료|시점|일시|참고)|배포\s?(?:일시?|시점)?|즉시\s?보도|엠바고|담당\s?(?:부서|자|과)|책임자|"
    r"문의(?:처|전화)?|연락처|전화(?:번호)?|자료\s?(?:문의|제공|출처)|첨부(?:\s?(?:파일|자료))?|붙임|"
    r"사진(?:\s?(?:제공|설명))?|출처|등록일|작성(?:일|자)|게시일|기자명?|조회(?:수)?|부서|제목|목차|내용|바로\s?(?:가기|보기)|"
    r"(?:문서\s?)?뷰어|다운로드|원문\s?보기|더\s?보기|공유(?:하기)?|인쇄(?:하기)?|press\s+release|contact|"
    r"attachments?|embargo(?:ed)?)"
    r"(?=$|[\s:：|/>〉》\])\d.,(])",
    re.IGNORECASE,
)

_EXTENSION = r"\.(?:hwpx?|pdf|docx?|xlsx?|pptx?|zip|odt|jpe?g|png)(?![A-Za-z0-9])"
_HAS_FILE = re.compile(_EXTENSION, re.IGNORECASE)
_FILES = re.compile(rf"[^\s|,;][^\n|;]{{0,120}}?{_EXTENSION}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_HANDLES = re.compile(
    r"(?:바로|미리|원문|본문|내용|자세히|크게|전체)\s?보기|(?:문서|한글|엑셀|워드|pdf|hwpx?)?\s?뷰어(?:로\s?보기)?|다운\s?(?:로드|받기)|"
    r"내려\s?받기|첨부\s?(?:파일|자료|문서)?|붙임\s?(?:파일|자료)?|보도\s?자료|원문|새\s?창|열기|닫기|download|viewer|"
    r"[\d.,]+\s?[kmg]?b(?:ytes?)?|\d{1,2}\s?건?|감사합니다",
    re.IGNORECASE,
)
_BEFORE_FIGURES = re.compile(r"[.,]+\s?\Z")
"""Signs with which the size of a file may begin."""

_LONGEST_HANDLE = 400


def is_handle(line: str) -> bool:
    """Whether a line only leads to a file: names of files, addresses, the words on buttons."""
    if len(line) > _LONGEST_HANDLE:
        return False
    if "://" in line:
        line = _ADDRESS.sub(" ", line)
    if _HAS_FILE.search(line):
        line = _FILES.sub(" ", line)
    return _is_of_handles(line)


def _is_of_handles(line: str) -> bool:
    """Whether all letters and digits of a line are words on buttons; mostly its first word is none,
    which is told long before all of it is searched."""
    at = 0
    while (first := next((n for n in range(at, len(line)) if line[n].isalnum()), None)) is not None:
        signs = _BEFORE_FIGURES.search(line, at, first)
        start = signs.start() if signs else first
        found = (_HANDLES.match(line, place) for place in range(start, first + 1))
        match = next((one for one in found if one), None)
        if match is None:
            return False
        at = match.end()
    return True
