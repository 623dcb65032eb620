"""The fact book: every answer on its page, every link leads somewhere, nothing needs a script."""

from __future__ import annotations

import re
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from baclofen import fact_book, facts

PAGES = fact_book.pages()
HTML = [name for name in PAGES if name.endswith(".html")]


class Reader(HTMLParser):
    """Gathers ids and links."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")


def _read(name: str) -> Reader:
    reader = Reader()
    reader.feed(PAGES[name])
    return reader


@pytest.mark.parametrize("fact", facts.load().values(), ids=facts.load())
def test_every_answer_stands_where_its_link_points(fact: facts.Fact) -> None:
    name, anchor = fact.page.removeprefix(f"{facts.BOOK}/").split("#")
    page = PAGES[name]
    article = page[page.index(f'<article id="{anchor}"') :].split("</article>")[0]
    assert str(escape(fact.short, quote=False)) in article.replace("&#39;", "'").replace("&#34;", '"')
    for source in fact.sources:
        assert f'href="sources.html#{source.id}"' in article
    assert fact.review_status in article
    assert ("general knowledge" in article) is not fact.checked


@pytest.mark.parametrize("name", HTML)
def test_every_link_inside_the_book_leads_somewhere(name: str) -> None:
    for link in _read(name).links:
        if link.startswith(("http:", "https:")):
            continue
        page, _, anchor = link.partition("#")
        assert (page or name) in PAGES, link
        assert not anchor or anchor in _read(page or name).ids, link


@pytest.mark.parametrize("name", HTML)
def test_no_id_stands_twice_and_the_emergency_words_go_first(name: str) -> None:
    reader = _read(name)
    assert len(reader.ids) == len(set(reader.ids))
    words = re.sub(r"<[^>]+>", " ", PAGES[name].split("<body>")[1])
    assert words.index("Call your emergency number now") < 200
    assert "<script src=" in PAGES[name]
    assert "style=" not in PAGES[name]


def test_the_index_lists_every_question_without_a_script() -> None:
    for fact in facts.load().values():
        assert f'href="{fact.topic}.html#{fact.id}"' in PAGES["index.html"]
    assert '<form class="search" role="search" hidden>' in PAGES["index.html"]


def test_a_source_that_was_not_read_is_marked() -> None:
    unread = [source for source in facts.load_sources().values() if not source.checked]
    assert unread
    for source in unread:
        entry = PAGES["sources.html"].split(f'id="{source.id}"')[1].split("</li>")[0]
        assert "not read" in entry


def test_every_correction_of_the_article_is_listed_with_its_reason() -> None:
    for fact in facts.load().values():
        for claim, how in fact.corrects:
            assert f'id="{claim}"' in PAGES["corrections.html"]
            assert unescape(PAGES["corrections.html"]).count(how) == 1


def test_an_answer_past_its_review_says_so_and_one_before_it_does_not() -> None:
    assert "due for a check" not in PAGES["uses.html"]
    assert "due for a check" in fact_book.pages(today=date(2031, 1, 1))["uses.html"]


def test_it_can_be_written_to_a_folder_and_opened_from_there(tmp_path: Path) -> None:
    assert fact_book.write(tmp_path / "a" / "book") == len(PAGES)
    assert (tmp_path / "a" / "book" / "index.html").read_text("utf-8") == PAGES["index.html"]
    assert not any(link.startswith("/") for name in HTML for link in _read(name).links)
