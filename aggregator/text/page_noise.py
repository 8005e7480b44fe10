"""What the pages of boards say beside a release without saying anything new: counters of views,
badges, buttons, stamps of the page, links to the neighbours.

A piece goes only where it stands by itself (a line, between bars or in brackets, after a sentence):
"조회수 1,234" does, "조회수 120만 회를 넘은 영상" stays. Every pattern is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.text.clean import strip_boilerplate
from aggregator.text.stock import may_have_stock

_NUMBER = r"\d[\d,.]{0,14}"
_COUNTED = (
    r"(?:조회\s?(?:수|건수|횟수)?|읽음(?:\s?수)?|읽은\s?수|열람\s?수?|히트(?:\s?수)?|추천\s?수?|비추천\s?수?|좋아요\s?수?|싫어요\s?수?|"
    r"공감\s?수?|댓글\s?수?|의견\s?수?|스크랩\s?수?|공유\s?수?|다운로드\s?(?:수|횟수)?|내려받기\s?(?:수|횟수)?|"
    r"(?:(?:오늘|어제|전체|누적)\s?)?방문자?(?:\s?수)?|평점|별점|[👁❤♥👍💬⭐★]\ufe0f?|"
    r"페이지\s?뷰|뷰|hits?|views?|view\s?count|page\s?views?|reads?|read\s?count|likes?|comments?|shares?|downloads?)"
)
_UNIT = r"(?:\s?(?:만|천)?\s?(?:회|건|번|명|개)(?![가-힣])|[kKmM](?!\w)|만(?![가-힣]))?"
_COUNTER = (
    rf"{_COUNTED}\s?[:：=]?\s?[(\[]?\s?{_NUMBER}{_UNIT}\s?[)\]]?"
    rf"|{_NUMBER}\s?(?:회\s?조회|명이?\s?(?:읽음|읽었습니다|참여)|"
    r"(?:view|hit|read|like|comment|share|download)s?)(?!\w)"
    rf"|(?:현재\s)?{_NUMBER}명이?\s?(?:보고|읽고)\s?있습니다|viewed\s{_NUMBER}\stimes"
)
_DATE = (
    r"(?:\d{2,4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}\s?[.일]?(?:\s?\(?[월화수목금토일](?:요일)?\)?(?![가-힣]))?"
    r"(?:[\s,T]{0,3}(?:오전|오후|[AaPp][Mm])?\s?\d{1,2}\s?[:시]\s?\d{1,2}(?:\s?[:분]\s?\d{0,2}(?:초|\.\d{1,6})?)?"
    r"(?:\s?(?:[AaPp][Mm]|KST|Z|[+-]\d\d:?\d\d))?)?"
    r"|(?:오전|오후|[AaPp][Mm])?\s?\d{1,2}\s?[:시]\s?\d{1,2}(?:\s?[:분]\s?\d{1,2}초?)?)"
)
_STAMP = (
    r"(?:(?:최종|마지막|최근)\s?(?:수정|업데이트|갱신|변경)(?:\s?(?:일시|일자|일|시간|시각))?|수정(?:\s?(?:일시|일자|일|시간))|"
    r"업데이트(?:\s?(?:일시|일))?|갱신(?:\s?(?:일시|일))|(?:출력|인쇄|조회|접속)\s?(?:일시|일자|일|시간|시각)|"
    r"현재\s?(?:시간|시각)|last\s?(?:updated?|modified)(?:\s(?:on|at))?|updated(?:\s(?:on|at))?|modified(?:\s(?:on|at))?|"
    rf"printed(?:\s(?:on|at))?)\s?[:：]?\s?{_DATE}"
)
_TOUCHED = rf"(?:(?:기사\s?)?(?:수정|업데이트)|updated|modified)\s?[:：]?\s?{_DATE}"
_CLOCK_BESIDE_DAY = re.compile(
    r"((?:등록|작성|게시|입력)(?:일시|일자|일|시간)?\s?[:：]?\s?\d{4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}[.일]?)"
    r"\s{1,2}(?:오전|오후)?\s?\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
)
_AGO = (
    r"(?:방금(?:\s?전)?|\d{1,3}\s?(?:초|분|시간|일|주|개월|달)\s?전(?![가-힣])|just\snow|"
    r"\d{1,3}\s?(?:second|minute|hour|day|week|month)s?\sago)"
)
_BADGE = (
    r"(?:(?:new|hot|best|up|update|updated|n)(?:\s?(?:icon|image|아이콘|이미지))?!?|(?:새\s?글|신규\s?글|최신\s?글|새\s?게시물|인기\s?글?|"
    r"공지(?:\s?(?:글|사항))?|상단\s?공지|광고|보도\s?(?:참고\s?)?자료|자료\s?제공|press\srelease)(?:\s?(?:아이콘|표시|이미지))?|D\s?[-+]\s?(?:\d{1,4}|day))"
)
_BUTTON = (
    r"(?:인쇄(?:하기)?|프린트(?:하기)?|출력(?:하기)?|공유(?:하기)?|sns\s?공유(?:하기)?|페이스북(?:\s?공유(?:하기)?)?|facebook|"
    r"트위터(?:\s?공유(?:하기)?)?|twitter|엑스|카카오\s?(?:톡|스토리)(?:\s?공유(?:하기)?)?|네이버\s?(?:블로그|밴드|카페)?|밴드|라인|"
    r"인스타그램|유튜브|블로그|(?:url|링크|주소)\s?복사(?:하기)?|스크랩(?:하기)?|북마크|즐겨찾기(?:\s?추가)?|"
    r"목록(?:으로|\s?보기)?|글쓰기|답글|수정하기|삭제하기|신고(?:하기)?|추천(?:하기)?|좋아요|공감|댓글(?:\s?(?:쓰기|달기))?|"
    r"더\s?보기|전체\s?보기|접기|펼치기|닫기|열기|확대(?:하기)?|축소(?:하기)?|글자\s?(?:크기|크게|작게)(?:\s?(?:확대|축소|조절|크게|작게))?|"
    r"크게|작게|맨\s?위로|위로|top|이전|다음|print|share|scrap|copy\s?(?:url|link)|list|back|close|"
    r"본문\s?(?:바로\s?가기|듣기)|주\s?메뉴\s?바로\s?가기|음성\s?듣기|로그인|회원\s?가입|사이트\s?맵|"
    r"전체\s?(?:다운로드|내려받기)|다운로드|내려받기|미리\s?보기|바로\s?(?:보기|듣기)|뷰어(?:로\s?보기)?|"
    r"(?:자세히|크게|확대|원문)\s?보기|바로\s?가기|음성으로\s?듣기|qr\s?코드|가[+-]?(?!\w)|끝|"
    r"(?:매우\s?)?(?:만족|불만족)|보통|점자\s?(?:다운로드|보기)?)"
)
_SINGLE = re.compile(
    "|".join(f"(?:{one})" for one in (_COUNTER, _STAMP, _TOUCHED, _AGO, _BADGE, _BUTTON)),
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"[\[(【〔「<]\s?(?:{_COUNTER}|{_STAMP}|{_AGO}|{_BADGE})\s?[\])】〕」>]", re.IGNORECASE
)
_LABELS = r"(?:작성일시?|작성자|등록일시?|등록자|게시일|글쓴이|이름|담당\s?부서|담당자|부서|첨부(?:\s?파일)?|출처|분류|번호|제목)"
_IN_A_ROW = re.compile(
    rf"(?:^|(?<=\s))(?:{_COUNTED}\s?[:：]?\s?\d[\d,]{{0,12}}(?:회|건|번)?|{_STAMP})\s{{1,3}}(?={_LABELS}(?!\w))",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(
    r"(?:\s|^)(?:(?:조회\s?(?:수|건수|횟수)?|읽음|hits?|views?)(?:\s?[:：]\s?\d[\d,]{0,12}\s?(?:회|건|번)?|\s\d[\d,]{0,12})"
    rf"|{_STAMP})\s{{0,3}}$",
    re.IGNORECASE,
)
_AT_THE_BEGINNING = re.compile(
    r"^(?:조회\s?(?:수|건수|횟수)?|hits?|views?)\s?[:：]\s?\d[\d,]{0,12}(?:회|건|번)?(?=\s)",
    re.IGNORECASE,
)
_NEIGHBOUR = re.compile(r"^[\s▲▼△▽∧∨<>←→-]{0,4}(?:이전|다음)\s?글(?![가-힣])")
_COPYRIGHT = re.compile(
    r"^\W{0,3}(?:copyrights?\b|[ⓒ©]|\(c\)\s|저작권자|all\srights\sreserved)", re.IGNORECASE
)
_SURVEY = re.compile(r"^.{0,40}(?:만족\s?(?:도|하십니까|하시나요|하셨습니까)).{0,80}$")
_EXTENSION = r"\.(?:hwpx?|pdf|docx?|xlsx?|pptx?|zip|odt|jpe?g|png)"
_FILE_SIZE = re.compile(
    rf"({_EXTENSION})\s{{0,3}}[\[(]?\s?\d[\d.,]{{0,10}}\s?(?:[KMG]i?B|bytes?|바이트)\s?[\])]?",
    re.IGNORECASE,
)
_FILE_COUNT = re.compile(
    rf"({_EXTENSION})\s{{0,3}}[\[(/|]?\s?(?:{_COUNTER})\s?[\])]?", re.IGNORECASE
)
_BARS = re.compile(r"([|｜│¦\t]|(?<=\s)[/·ㆍ•>»](?=\s)|(?<=[^\W\d][.!?])\s+)")
_BETWEEN = " \t,;:·ㆍ•/|>+-–—*※☞▶▷►"
_LONGEST = 300

_TITLE_COUNT = re.compile(r"\s?\[\s?\+?\d{1,4}\s?\]\s*$")
_TITLE_END = re.compile(r"\s+(?:NEW|New|new!|N|HOT|Hot|UP|새\s?글|인기글)\s*$")
_TITLE_START = re.compile(r"^(?:NEW|HOT|새\s?글|인기글)\s+")


def without_noise(lines: Iterable[str]) -> list[str]:
    """The lines of a text without what its page says of itself; lines with nothing else go. What
    stays is as the source wrote it, but for spaces."""
    kept = (_without(line) for line in lines)
    return [line for line in kept if line]


def title_without_noise(title: str) -> str:
    """A headline without badges, counters and the number of comments at its end."""
    bare = _TITLE_COUNT.sub("", _AT_THE_END.sub("", _BRACKETED.sub(" ", title).strip()))
    bare = _TITLE_START.sub("", _TITLE_END.sub("", bare))
    return _TITLE_COUNT.sub("", bare).strip() or title


def file_without_size(name: str) -> str:
    """The name of a file without its size and how often it was taken."""
    return _FILE_COUNT.sub(r"\1", _FILE_SIZE.sub(r"\1", name)).strip()


def _without(line: str) -> str:
    if not any(map(str.isdigit, line)) and may_have_stock(line):
        line = strip_boilerplate(line)
    line = _BRACKETED.sub(" ", _FILE_COUNT.sub(r"\1", _FILE_SIZE.sub(r"\1", line)))
    line = _CLOCK_BESIDE_DAY.sub(r"\1", _IN_A_ROW.sub(" ", line))
    kept: list[str] = []
    bars = _BARS.split(line)
    for bar, part in zip(["", *bars[1::2]], bars[::2], strict=True):
        if _NEIGHBOUR.match(part):
            break
        piece = _AT_THE_END.sub("", _AT_THE_BEGINNING.sub("", part.strip())).strip()
        if piece and not _is_noise(piece):
            # Whoever is shown the line reads what stands there: the bars between its pieces stay.
            kept += [bar.strip(), piece] if kept and bar.strip() else [piece]
    return " ".join(kept)


def _is_noise(piece: str) -> bool:
    """Whether a piece of a line is nothing but noise."""
    if len(piece) > _LONGEST:
        return False
    if _COPYRIGHT.match(piece) or (piece.endswith(("?", "까", "요")) and _SURVEY.match(piece)):
        return True
    at, end = 0, len(piece)
    while at < end:
        if piece[at] in _BETWEEN:
            at += 1
            continue
        match = _SINGLE.match(piece, at)
        if match is None or _goes_on(piece, match.end()):
            return False
        at = match.end()
    return True


def _goes_on(piece: str, at: int) -> bool:
    """Whether the word before a place of ``piece`` goes on there."""
    return at < len(piece) and piece[at].isalnum() and piece[at - 1].isalnum()
