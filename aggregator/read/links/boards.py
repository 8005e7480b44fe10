"""How the boards of Korean offices number their pages.

A board system puts the number of a page into its path or its parameters, and what else stands
there says from which menu, list or search somebody came. Each line of the tables below is one
system. What none of them knows is left to the rules for any address, and so are a page whose board
is not named, since boards count alike, and a file, of which one page has several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.text.release_numbers import PARAMETER, PORTAL, portal_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a board. ``number`` is its identity without host and path, such as
    ``bbsNo=41&nttNo=123``; ``board`` the same without the page, such as ``bbsNo=41&nttNo=``;
    ``address`` how it is reached, in one form, "" where only the rules for any address can say it.
    """

    address: str
    number: str
    board: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _System:
    """A board known by its path. ``needs`` are the parameters that make a page of it, ``form`` its
    canonical address and ``number`` its identity; both may name ``host``, ``path``, the groups of
    ``path`` and the parameters."""

    path: re.Pattern[str]
    number: str
    form: str = "https://{host}{path}"
    host: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbering:
    """A board known by its parameters: the page's number, and what stands beside it where the
    address has it. With ``strict`` it must: the name alone is used for other things too."""

    number: str
    beside: str
    strict: bool = False


_SEQ = "{path}?seq={seq}"
_FILE = re.compile(r"file|\batch|attach|download", re.IGNORECASE)
"""In the name of a parameter or in the end of a path: what is got is not the page."""

_SYSTEMS = (
    # The policy portal: one number for all its hosts and paths.
    _System(host=PORTAL, path=re.compile(r".*"), needs=(PARAMETER,),
            form=portal_address("{newsId}"), number="newsId={newsId}"),
    _System(host=PORTAL, path=re.compile(rf"/{PARAMETER}/(?P<n>\d+)"), number="newsId={n}"),
    _System(host="molit.go.kr", path=re.compile(r"/USR/.*/dtl\.jsp"), needs=("id",),
            form="https://molit.go.kr{path}?id={id}", number="id={id}"),
    # eGovFrame sites of cities and counties: the first folder is that of the menu or the device.
    _System(path=re.compile(r"(?:/(?:www|portal))?/selectBbsNttView\.do"), needs=("bbsNo", "nttNo"),
            form="https://{host}/selectBbsNttView.do?bbsNo={bbsNo}&nttNo={nttNo}",
            number="bbsNo={bbsNo}&nttNo={nttNo}"),
    _System(path=re.compile(r"/.*/bbs/(?P<board>B\d+)/view\.do"), needs=("nttId",),
            form="https://{host}{path}?nttId={nttId}", number="bbsId={board}&nttId={nttId}"),
    # K2Web: the path is the page.
    _System(path=re.compile(r"/bbs/[^/]+/(?P<board>\d+)/(?P<n>\d+)/artclView\.do"),
            number="bbsNo={board}&artclNo={n}"),
    _System(path=re.compile(r"/kor/article/(?P<board>ATCL\w+)/(?P<n>\d+)/view"),
            number="article={board}/{n}"),
    _System(path=re.compile(r"/www/brd/(?P<board>m_\d+)/view\.do"), needs=("seq",),
            form="https://{host}" + _SEQ, number="brd={board}&seq={seq}"),
    _System(path=re.compile(r"/(?P<board>[MJ]\d{4})/boardView\.do"), needs=("seq",),
            form="https://{host}" + _SEQ, number="board={board}&seq={seq}"),
    _System(path=re.compile(r"/emwp/.*/OfrAction\.do"), needs=("not_ancmt_mgt_no",),
            form="https://{host}{path}?not_ancmt_mgt_no={not_ancmt_mgt_no}",
            number="not_ancmt_mgt_no={not_ancmt_mgt_no}"),
    _System(host="mcst.go.kr", path=re.compile(r"/.*View\.jsp"), needs=("pSeq",),
            form="https://{host}{path}?pSeq={pSeq}", number="pSeq={pSeq}"),
    _System(host="fsc.go.kr", path=re.compile(r"/(?P<board>[a-z]{2}\d{6})/(?P<n>\d+)"),
            number="{board}={n}"),
    _System(host="seoul.go.kr", path=re.compile(r"(?P<field>/[a-z]+)?/archives/(?P<n>\d+)"),
            number="archives={n}"),
    _System(host="info.daegu.go.kr", path=re.compile(r"/newshome/mtnmain\.php"), needs=("aid",),
            form="https://info.daegu.go.kr{path}?aid={aid}", number="aid={aid}"),
    _System(host="gnews.gg.go.kr", path=re.compile(r"/briefing/[a-z_]*view\.do"),
            needs=("BS_CODE", "number"),
            form="https://gnews.gg.go.kr/briefing/brief_gongbo_view.do?BS_CODE={BS_CODE}"
                 "&number={number}", number="BS_CODE={BS_CODE}&number={number}"),
    _System(host="gnews.gg.go.kr", path=re.compile(r"/news/news_detail(?:_m)?\.do"),
            needs=("number",), form="https://gnews.gg.go.kr/news/news_detail.do?number={number}",
            number="number={number}"),
    # Not boards of offices, but what their feeds link to.
    _System(host="youtube.com", path=re.compile(r"/watch"), needs=("v",),
            form="https://youtube.com/watch?v={v}", number="v={v}"),
    _System(host="youtube.com", path=re.compile(r"/(?:shorts|embed|live|v)/(?P<v>[\w-]+)"),
            form="https://youtube.com/watch?v={v}", number="v={v}"),
    _System(host="youtu.be", path=re.compile(r"/(?!watch$)(?P<v>[\w-]+)"),
            form="https://youtube.com/watch?v={v}", number="v={v}"),
    _System(host="doi.org", path=re.compile(r"/(?P<doi>10\.\d{4,9}/.+)"),
            form="https://doi.org/{doi}", number="doi={doi}"),
)  # fmt: skip

_NUMBERINGS = (
    _Numbering(number="nttNo", beside="bbsNo"),
    _Numbering(number="nttId", beside="bbsId"),
    _Numbering(number="nttSn", beside="bbsId"),
    _Numbering(number="searchNttId", beside="searchBbsId"),
    _Numbering(number="nttSeqNo", beside="bbsSeqNo"),
    _Numbering(number="list_no", beside="bid"),
    _Numbering(number="cntId", beside="boardId"),
    _Numbering(number="boardId", beside="boardMasterId", strict=True),
    _Numbering(number="bcIdx", beside="cbIdx"),
    _Numbering(number="boardSeq", beside="boardID", strict=True),
    _Numbering(number="docSeq", beside="bbsSeq", strict=True),
    _Numbering(number="seq", beside="bbsCd", strict=True),
    _Numbering(number="articleNo", beside="boardNo"),
)


def find_page(host: str, path: str, parameters: Mapping[str, str]) -> Page | None:
    """The page that an address names, None where no board is known by it.

    ``host`` is in lower case without its variants (``www.``, ``m.``), ``path`` without sessions,
    ``parameters`` are encoded as they are to be written. The address of a page names that same
    page again.
    """
    named = [path.rpartition("/")[2], *(name for name, value in parameters.items() if value)]
    if any(_FILE.search(name) for name in named):
        return None
    for system in _SYSTEMS:
        if (page := _by_path(system, host, path, parameters)) is not None:
            return page
    for numbering in _NUMBERINGS:
        if (page := _by_parameters(numbering, host, path, parameters)) is not None:
            return page
    return None


def _by_parameters(
    numbering: _Numbering, host: str, path: str, parameters: Mapping[str, str]
) -> Page | None:
    if not parameters.get(numbering.number):
        return None
    names = (numbering.beside, numbering.number)
    kept = {name: parameters[name] for name in names if parameters.get(name)}
    is_whole = len(kept) == len(names)
    if numbering.strict and not is_whole:
        return None
    number = _query(kept)
    return Page(
        address=f"https://{host}{path}?{number}" if is_whole else "",
        number=number,
        board=_query(kept | {numbering.number: ""}),
    )


def _by_path(system: _System, host: str, path: str, parameters: Mapping[str, str]) -> Page | None:
    if system.host and host != system.host and not host.endswith("." + system.host):
        return None
    for name in system.needs:
        if not parameters.get(name):
            return None
    match = system.path.fullmatch(path)
    if match is None:
        return None
    parts = {name: parameters[name] for name in system.needs}
    if "BS_CODE" in parts:
        # The site answers to either case.
        parts["BS_CODE"] = parts["BS_CODE"].upper()
    parts |= {name: value or "" for name, value in match.groupdict().items()}
    parts |= {"host": host, "path": path}
    # The page's own number is what the identity names last.
    before, _, _ = system.number.rpartition("{")
    return Page(
        address=system.form.format(**parts),
        number=system.number.format(**parts),
        board=before.format(**parts),
    )


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
