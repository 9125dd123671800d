"""What is left of an output where scripts, styles, classes and event handlers are stripped."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments
from __future__ import annotations

import base64
import html
import re
import struct
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.views.conftest import attacked, banking, cs229, spam
from tests.views.fakes import ATTACKS, ArrayTables, make_tables

from offdiagonal.display.png import render_png
from offdiagonal.display.static import static_html
from offdiagonal.views.confusion import confusion
from offdiagonal.views.header import header
from offdiagonal.views.slices import slices
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.board import board_chart

ALLOWED = {
    *("b", "br", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre"),
    *("small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"align", "alt", "colspan", "height", "rowspan", "scope", "src", "title", "width"}
OURS = ALLOWED | {"bdi"}
OUR_ATTRIBUTES = ATTRIBUTES | {"aria-label", "aria-level", "class", "role", "style"}
STYLES = {"text-align:left", "max-width:100%"}
VOID = {"img", "br", "hr"}


class Reader(HTMLParser):
    """Elements and text as a browser sees them; ``left`` is what an allow-list leaves."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.left: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len(attrs) == len(dict(attrs))
        self.open += [] if tag in VOID else [tag]
        if tag in ALLOWED:
            kept = [f' {name}="{html.escape(value or "")}"' for name, value in attrs if name in ATTRIBUTES]
            self.left.append(f"<{tag}{''.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.left += [f"</{tag}>"] if tag in ALLOWED else []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.left.append(html.escape(data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def static(tables: ArrayTables, **more: Any) -> str:
    spec = board_chart(header(tables), confusion=confusion(tables), slices=slices(tables))
    return static_html(
        header(tables),
        confusion(tables),
        slices(tables),
        png=more.pop("png", None) or render_png(spec),
        **more,
    )


def tables_of(source: str) -> dict[str, list[list[str]]]:
    """The cells of each table, by the heading before it."""
    found = {}
    for heading, body in re.findall(
        r"<strong>([^<]*)</strong>[^\n]*\n<table[^>]*>(.*?)</table>", source, re.DOTALL
    ):
        rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
        found[heading] = [
            [html.unescape(re.sub("<[^>]*>", "", cell)).replace("\xa0", " ") for cell in row] for row in cells
        ]
    return found


def image_widths(source: str) -> Iterator[int]:
    for data in re.findall(r'<img src="data:image/png;base64,([^"]*)"', source):
        yield struct.unpack(">I", base64.b64decode(data)[16:20])[0]


class TestStripped:
    """Scripts, styles, event attributes, classes, roles gone."""

    @pytest.fixture
    def left(self, cs229: ArrayTables) -> str:
        return "".join(Reader(static(cs229, errors=[{"text": "first error"}], saved="Saved: counts.")).left)

    def test_holds_the_numbers(self, left: str) -> None:
        assert "accuracy 95.9 % [95.2, 96.5]" in left
        assert "3,655 examples" in left
        assert "Saved: counts." in left
        assert "3 rows: the most probable class is not the prediction" in left

    def test_holds_the_top_confusions(self, left: str) -> None:
        rows = tables_of(left)["Top confusions"]
        assert rows[0][:3] == ["label", "predicted", "n"]
        assert [row[:3] for row in rows[1:6]] == [
            ["Good", "LoanSpam", "50"],
            ["LoanSpam", "Phishing", "45"],
            ["Good", "Phishing", "30"],
            ["Phishing", "LoanSpam", "10"],
            ["Phishing", "Good", "8"],
        ]
        assert rows[1][3:] == ["2.4 %", "[1.8, 3.2]", "2,080"]

    def test_holds_a_wide_image(self, left: str) -> None:
        assert [width >= 600 for width in image_widths(left)] == [True]

    def test_holds_slices_and_errors(self, left: str) -> None:
        assert tables_of(left)["Worst slices"][1][0] == "contains url"
        assert tables_of(left)["First errors"] == [["text"], ["first error"]]

    def test_headings_stand_before_tables(self, left: str) -> None:
        assert list(tables_of(left)) == ["Measures", "Top confusions", "Worst slices", "First errors"]


class TestForm:
    """The markup itself."""

    def test_elements_and_attributes_are_ours(self, cs229: ArrayTables) -> None:
        for tag, attributes in Reader(static(cs229, errors=[{"a": "b"}])).elements:
            assert tag in OURS
            assert set(attributes) <= OUR_ATTRIBUTES
            assert attributes.get("style", "text-align:left") in STYLES

    def test_all_is_closed(self, cs229: ArrayTables) -> None:
        assert Reader(static(cs229)).open == []

    def test_markdown_takes_it_as_one_block(self, cs229: ArrayTables) -> None:
        source = static(cs229, errors=[{"text": "two\n\nparagraphs\n    code"}], saved="x")
        assert not re.search(r"\n\s*\n|\n {4}", source)

    def test_heads_have_a_scope(self, cs229: ArrayTables) -> None:
        heads = [attributes for tag, attributes in Reader(static(cs229)).elements if tag == "th"]
        assert heads
        assert all(attributes["scope"] == "col" for attributes in heads)

    def test_no_heading_elements(self, cs229: ArrayTables) -> None:
        """A notebook's table of contents would list them."""
        tags = [tag for tag, _ in Reader(static(cs229)).elements]
        assert not {f"h{i}" for i in range(1, 7)} & set(tags)
        assert 'role="heading"' in static(cs229)

    def test_alternative_text(self, cs229: ArrayTables) -> None:
        (image,) = [attributes for tag, attributes in Reader(static(cs229)).elements if tag == "img"]
        assert "accuracy 95.9 % [95.2, 96.5]" in (image["alt"] or "")
        assert "Good predicted LoanSpam, 50" in (image["alt"] or "")
        assert 900 < int(image["width"] or 0) < 1100

    def test_nothing_private(self, cs229: ArrayTables) -> None:
        source = static_html(header(cs229), confusion(cs229, "c1", "label"), slices(cs229))
        assert "secret" not in source
        assert "Top confusions" not in source


class TestContent:
    """What is listed."""

    def test_ten_of_many(self, banking: ArrayTables) -> None:
        listed = tables_of(static(banking, errors=[{"text": str(i)} for i in range(30)]))
        assert len(listed["Top confusions"]) == len(listed["First errors"]) == 11

    def test_two_classes(self, spam: ArrayTables) -> None:
        rows = tables_of(static(spam))["Measures"]
        assert [row[1] for row in rows[1:]] == ["accuracy", "precision", "recall", "F1", "AUC"]
        assert rows[-1][2:] == ["0.953", "[0.940, 0.966]", "4,000"]
        assert "spam is the positive class" in static(spam)

    def test_selection(self) -> None:
        tables = make_tables([0] * 40, [0, 1] * 20, ["a", "b"])
        tables.kept = {"cell": tables.codes["prediction"] == 0}
        source = static_html(header(tables))
        assert "selected: accuracy 100.0 % [83.9, 100.0] · 20 examples" in source
        assert [row[0] for row in tables_of(source)["Measures"]] == ["rows", "all", "selected"]

    def test_nothing_to_say(self) -> None:
        tables = make_tables([], [], [])
        source = static_html(header(tables), confusion(tables), slices(tables))
        assert "no rates below 10" in source
        assert list(tables_of(source)) == ["Measures"]

    def test_errors_of_unlike_columns(self, cs229: ArrayTables) -> None:
        errors = [{"text": "a"}, {"label": "b", "text": "c"}]
        assert tables_of(static_html(header(cs229), errors=errors))["First errors"] == [
            ["text", "label"],
            ["a", ""],
            ["c", "b"],
        ]


class TestAttacks:
    """Names and text are never markup, and hide nothing."""

    @pytest.fixture
    def source(self, attacked: ArrayTables) -> str:
        errors = [{attack: attack for attack in ATTACKS}]
        return static(attacked, errors=errors, view=ATTACKS[0], saved=ATTACKS[1])

    def test_no_element_or_attribute_of_theirs(self, source: str) -> None:
        reader = Reader(source)
        assert reader.open == []
        for tag, attributes in reader.elements:
            assert tag in OURS
            assert set(attributes) <= OUR_ATTRIBUTES
            assert attributes.get("style", "text-align:left") in STYLES
            assert attributes.get("class", "od-static") == "od-static"
            assert (attributes.get("src") or "data:image/png").startswith("data:image/png")

    def test_all_is_shown(self, source: str) -> None:
        shown = "".join(Reader(source).texts)
        for attack in ATTACKS:
            assert short(attack, 200) in shown

    def test_nothing_hidden(self, source: str) -> None:
        assert not set("\x1b\x00\x07\x85\u202e\u2066\u200b\ufeff\u00ad\u2028\ud800") & set(source)
        source.encode("utf-8")

    def test_no_formula_begins(self, source: str) -> None:
        """MathJax looks for its delimiters within one run of text."""
        for text in re.split(r"<[^>]*>", re.sub(r'"[^"]*"', "", source)):
            assert text in {"$", "\\"} or not re.search(r"[$\\]", text)
