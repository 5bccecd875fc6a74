"""The rules of the library: what stands where, what becomes of it, which part is asked for."""

from datetime import date

import pytest

from pdu_resources.rules.file import MIB, Entry, explodes, is_what_it_says, unfit_name
from pdu_resources.rules.library import State, letter_of, may_become, review_due, sort_title
from pdu_resources.rules.ranges import Range, UnsatisfiableError, range_of
from pdu_resources.rules.search import Thing, Unit, put_right, readings, units, words_of
from pdu_resources.rules.workstream import circles, family
from pdu_shared.contracts.resources.library import ItemType


@pytest.mark.parametrize(
    ("title", "sorted_as", "letter"),
    [
        ("The first visit", "first visit", "f"),
        ("A to Z of services", "to z of services", "t"),
        ("Éclaircie", "eclaircie", "e"),
        ("“Nothing about us”", "nothing about us", "n"),
        ("10 steps", "10 steps", "other"),
        ("The", "the", "t"),
        ("Ответ", "", "other"),
    ],
)
def test_where_a_title_stands_from_a_to_z(title, sorted_as, letter):
    assert (sort_title(title), letter_of(title)) == (sorted_as, letter)


def test_an_item_goes_its_way():
    ways = {(one, other) for one in State for other in State if may_become(one, other)}
    assert ways == {
        (State.SUBMITTED, State.DRAFT),
        (State.SUBMITTED, State.DECLINED),
        (State.DECLINED, State.DRAFT),
        (State.DRAFT, State.PUBLISHED),
        (State.PUBLISHED, State.ARCHIVED),
        (State.ARCHIVED, State.PUBLISHED),
    }


def test_links_are_looked_at_sooner_than_papers():
    day = date(2026, 1, 1)
    dues = [review_due(kind, day) for kind in (ItemType.LINK, ItemType.TOOLKIT)]
    assert dues == [date(2026, 7, 2), date(2027, 1, 1)]
    assert review_due(ItemType.ACADEMIC_PAPER, day) > dues[1]


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-0", Range(0, 1)),
        ("bytes=0-", Range(0, 100)),
        ("bytes=10-19", Range(10, 20)),
        ("bytes=90-999", Range(90, 100)),
        ("bytes=-5", Range(95, 100)),
        ("bytes=-500", Range(0, 100)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("lines=1-2", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_which_part_of_a_hundred_bytes_is_meant(header, part):
    assert range_of(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_part_behind_the_end_is_not_there(header):
    with pytest.raises(UnsatisfiableError):
        range_of(header, 100)


@pytest.mark.parametrize("name", ["slides.pdf", "Dan's slides (2).pptx", "a.md", "Überblick.pdf"])
def test_a_name_that_can_be_kept(name):
    assert unfit_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt", "a/b.pdf", "a\\b.pdf", "..pdf", ".htaccess", "a..b.pdf", "con.txt",
        "LPT1.pdf", "x.exe", "x.html", "x.svg", "slides.pdf.exe", "no-ending", "a\0.pdf",
        "a\u202egpj.pdf", "x" * 200 + ".pdf", " a.pdf", "a .pdf", "e\u0301.pdf", "a\n.pdf",
        "-rf.pdf",
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_kept(name):
    assert unfit_name(name)


def test_a_file_is_what_it_looks_like():
    assert is_what_it_says("a.pdf", {"pdf"})
    assert is_what_it_says("a.pptx", {"docx", "pptx"})
    assert is_what_it_says("a.txt", ())
    assert not is_what_it_says("a.pdf", {"exe"})
    assert not is_what_it_says("a.pdf", ())
    assert not is_what_it_says("a.txt", {"html"})


def entry(name, size, packed, *, encrypted=False):
    return Entry(name, size, packed, encrypted)


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ([entry("a", 600 * MIB, 1000), entry("b", 600 * MIB, 1000)], "large"),
        ([entry("a", 100 * MIB, 1000)], "large"),
        ([entry("a", 1, 1)] * 5001, "entries"),
        ([entry("a", 1, 1, encrypted=True)], "password"),
        ([entry("../a", 1, 1)], "folder"),
        ([entry("b/..\\..\\a", 1, 1)], "folder"),
        ([entry("/a", 1, 1)], "folder"),
        ([entry("C:\\a", 1, 1)], "folder"),
    ],
)
def test_an_archive_that_harms(entries, word):
    assert word in explodes(entries, "zip")


def test_an_archive_that_is_what_it_says():
    entries = [entry("[Content_Types].xml", 1, 1), entry("ppt/slides.xml", 1, 1)]
    assert explodes(entries, "pptx") is None
    assert "type" in explodes(entries, "docx")
    assert explodes(entries, "zip") is None


SMD = Thing(("smd",), ("smd", "multiple and complex needs"))
THINGS = {
    "smd": SMD,
    "multiple and complex needs": SMD,
    "complex needs": Thing(("complex",), ("complex needs",)),
}


def test_the_longest_name_is_one_thing():
    words = words_of("Women's MULTIPLE and complex needs!")
    assert words == ["womens", "multiple", "and", "complex", "needs"]
    assert units(words, THINGS) == [Unit("womens"), Unit("multiple and complex needs", SMD)]
    assert units(["smd"], THINGS) == [Unit("smd", SMD)]
    assert units([], THINGS) == []


def test_a_query_is_read_strictly_first():
    assert readings([]) == []
    assert readings(["a"]) == [(True, "(a)")]
    assert readings(["a", "b | c"]) == [(True, "(a) & (b | c)"), (False, "(a) | (b | c)")]
    assert [query for _, query in readings(["a", "b", "c"])] == [
        "(a) & (b) & (c)",
        "((a) & (b)) | ((a) & (c)) | ((b) & (c))",
        "(a) | (b) | (c)",
    ]


def test_mistakes_are_put_right():
    assert put_right(["truama", "care"], {"truama": "trauma"}) == ["trauma", "care"]


def test_no_more_than_twelve_words_are_looked_for():
    assert len(words_of("one " * 50)) == 12


WAYS = {"alcohol": {"substance"}, "nps": {"substance"}, "substance": {"substance_use"}}


def test_an_old_work_stream_means_what_it_became():
    everything = {"alcohol", "nps", "substance", "substance_use"}
    assert family("nps", WAYS) == {"nps", "substance", "substance_use", "alcohol"}
    assert family("substance_use", WAYS) == everything
    assert family("housing", WAYS) == {"housing"}


def test_a_work_stream_does_not_follow_itself():
    assert circles(WAYS) == set()
    assert circles({**WAYS, "substance_use": {"alcohol"}}) == {
        "alcohol", "substance", "substance_use",
    }  # fmt: skip
    assert circles({"a": {"a"}}) == {"a"}
