"""The page of one release."""

from __future__ import annotations

import pytest

from aggregator.domain.errors import SelectorsMatchNothing
from aggregator.domain.items import Attachment, Item
from aggregator.read.boards.details import read_release, with_release
from aggregator.read.boards.waiting import bare
from aggregator.read.items.normalise import read_items
from tests.read.boards.pages import HOST, NOW, board_feed, read

FEED = board_feed(item="li", date="b", body="div.view_con")
assert FEED.select is not None
SELECT = FEED.select
LIST = "<ul><li><a href='/view?no=7'>[보도자료] 버스 증차</a> <b>2026-09-29</b></ul>"
PAGE = f"""<html><head><meta charset="euc-kr"><title>보도자료 보기</title></head><body>
<div class="view_con"><p>시는 12일부터 버스 열 대를 더 운행한다고 밝혔다. 배차 간격이 삼 분 짧아진다.</p>
<p>{"정류장 안내 화면도 바뀐다. " * 4}</p><img src="/files/bus.jpg" alt="새 버스"><script>x()</script></div>
<ul class="file_list"><li><a href="/download.do?fileId=3">버스 증차.hwpx</a></li></ul>
<footer><a href="/viewer.hwp">뷰어</a></footer></body></html>""".encode("cp949")


def item_and_release() -> tuple[Item, Item]:
    items, _ = read_items(read(LIST, FEED), FEED, issuer=lambda _: None, base_url="", seen_at=NOW)
    return items[0], with_release(
        items[0], read_release(PAGE, SELECT, url=f"{HOST}/view?no=7"), FEED
    )


ROW, WHOLE = item_and_release()


def test_the_text_is_that_of_the_release() -> None:
    """Cleaned, its first paragraph the summary; scripts and the rest of the page left out."""
    assert "<p>시는 12일부터" in WHOLE.content
    assert "x()" not in WHOLE.content
    assert "뷰어" not in WHOLE.content
    assert WHOLE.summary.startswith("시는 12일부터 버스 열 대를")


def test_files_stand_beside_the_text() -> None:
    """Those of the release, not those of the site."""
    url = f"{HOST}/download.do?fileId=3"
    assert (Attachment(url=url, name="버스 증차.hwpx", kind="hwpx"),) == WHOLE.attachments


def test_pictures_are_those_of_the_text() -> None:
    """With their whole address."""
    assert [f"{HOST}/files/bus.jpg"] == [image.url for image in WHOLE.images]


def test_what_the_list_says_stays() -> None:
    """Key, headline, day and hash; the next visit sees no more than the list."""
    names = ("key", "title", "link", "published", "hash")
    assert [getattr(ROW, name) for name in names] == [getattr(WHOLE, name) for name in names]


def test_an_item_without_its_text_has_another_hash() -> None:
    """It differs from what the list says, and from nothing at the visit after that."""
    assert ROW.hash != bare(ROW).hash
    assert bare(ROW) == bare(bare(ROW))


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<title>오류</title>", "matches 0 elements of the page titled '오류'"),
        ("<div class=view_con> </div>", "matches 1 elements without a text"),
    ],
)
def test_a_page_without_the_text_says_so(page: str, says: str) -> None:
    """The selector, what it found, and where."""
    with pytest.raises(SelectorsMatchNothing) as caught:
        read_release(page.encode(), SELECT)
    assert says in str(caught.value)
