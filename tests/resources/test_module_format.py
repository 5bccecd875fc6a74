"""A module as it is written: what is read, and what is wrong with it, by file and line."""

import struct
import zipfile

import pytest

import lessons
from pdu_resources.learning.archive import texts_of
from pdu_resources.learning.manuscript import read
from pdu_resources.learning.seeds import shipped
from pdu_resources.rules.module import thoughts, unfit, unseen
from pdu_resources.rules.module_page import UnreadableError, read_page
from pdu_shared.problems import Refused

HEAD = "# Hello\n\n"
ONE = (
    "```question one door\nWhat helps?\n\n- [x] A chair\n  > Yes.\n- [ ] A form\n  > Later.\n```\n"
)
SEVERAL = ONE.replace("one door", "several door").replace("- [ ] A form", "- [x] A form")
WRITE = "```question write mine\nWhat is yours?\n\n> Thank you.\n```\n"


def question(text):
    [found] = read_page(HEAD + text).questions
    return found


def faults_of(make):
    with pytest.raises(Refused) as refused:
        make()
    return [(fault.pointer, fault.code) for fault in refused.value.errors]


def test_a_page_is_text_and_questions_in_their_order():
    page = read_page(f"{HEAD}Before.\n\n{ONE}\nAfter.\n\n```\ncode\n```\n")
    assert page.title == "Hello"
    before, asked, after = page.parts
    assert (before, after) == ("Before.", "After.\n\n```\ncode\n```")
    assert (asked.code, asked.wording) == ("door", "What helps?")
    assert [(one.code, one.label, one.feedback, one.fits) for one in asked.options] == [
        ("a", "A chair", "Yes.", True),
        ("b", "A form", "Later.", False),
    ]
    assert question(WRITE).feedback == "Thank you."


def test_an_answer_and_what_is_said_to_it_may_take_several_lines():
    asked = question(
        "```question one x\nWhat?\n- [x] A long\n  one\n  > Yes,\n  > so.\n- [ ] B\n```"
    )
    assert [(one.label, one.feedback) for one in asked.options] == [
        ("A long one", "Yes,\nso."),
        ("B", ""),
    ]


@pytest.mark.parametrize(
    ("page", "flaws"),
    [
        ("", [(1, "title")]),
        ("Hello", [(1, "title")]),
        ("# Hello\n", [(1, "empty")]),
        (HEAD + "```question\n```", [(3, "question")]),
        (HEAD + "```question often x\n```", [(3, "question")]),
        (HEAD + "```question one X!\n```", [(3, "code")]),
        (HEAD + "```question one x\n- [ ] A\n- [ ] B\n```", [(3, "wording")]),
        (HEAD + "```question one x\nWhat?\n- [ ] A\n```", [(3, "options")]),
        (HEAD + "```question write x\nWhat?\n- [ ] A\n```", [(3, "options")]),
        (HEAD + ONE.replace("[ ]", "[x]"), [(3, "options")]),
        (HEAD + ONE.replace("  > Later.", "Later."), [(9, "line")]),
        (HEAD + ONE + ONE, [(11, "code")]),
        (HEAD + ONE.removesuffix("```\n"), [(3, "fence")]),
        ("Hi\n```question one x\n", [(1, "title"), (2, "fence")]),
    ],
)
def test_what_is_wrong_with_a_page_is_named_by_its_line(page, flaws):
    with pytest.raises(UnreadableError) as error:
        read_page(page)
    assert [(flaw.line, flaw.code) for flaw in error.value.flaws] == flaws


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"module.toml": None}, [("/module.toml", "missing")]),
        ({"module.toml": "key = "}, [("/module.toml/1", "toml")]),
        ({"module.toml": "minutes = 1\nkey = [\n"}, [("/module.toml/2", "toml")]),
        ({"module.toml": lessons.head(minutes=0)}, [("/module.toml/6", "greater_than_equal")]),
        ({"module.toml": lessons.head(colour="red")}, [("/module.toml/8", "extra_forbidden")]),
        (
            {"module.toml": lessons.head(title="Ring 07700 900123")},
            [("/module.toml/3", "value_error")],
        ),
        ({"notes.md": "# Notes"}, [("/notes.md", "name")]),
        ({"01-hello.md": None, "02-page.md": None}, [("/module.toml", "pages")]),
        ({"02-page.md": "Hello"}, [("/02-page.md/1", "title")]),
        ({"02-page.md": HEAD + ONE}, [("/02-page.md", "code")]),
        ({"02-page.md": "# Long\n" + "x" * 65536}, [("/02-page.md", "too-long")]),
    ],
)
def test_what_is_wrong_with_a_folder_is_named_by_file_and_line(change, faults):
    files = {
        name: text for name, text in {**lessons.folder(), **change}.items() if text is not None
    }
    assert faults_of(lambda: read(files)) == faults


def test_a_zip_of_a_folder_is_the_folder():
    files = lessons.folder()
    inside = {f"arriving/{name}": text for name, text in files.items()}
    for packed in (files, inside, inside | {"arriving/": "", "__MACOSX/x/._a": "?"}):
        assert texts_of(lessons.zipped(packed)) == files


def lying(name, told):
    """A zip whose table of contents says that a file is smaller than it is."""
    body = bytearray(lessons.zipped({name: "0" * 3_000_000}))
    at = body.rindex(b"PK\x01\x02")
    struct.pack_into("<I", body, at + 24, told)
    return bytes(body)


def linked():
    entry = zipfile.ZipInfo("01-hello.md")
    entry.external_attr = 0o120777 << 16
    return lessons.zipped({entry: "/etc/passwd"})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-a-zip"),
        (b"PK\x03\x04 and then nothing", "not-a-zip"),
        (lessons.zipped(lessons.folder())[:-40], "not-a-zip"),
        (lessons.zipped({"../01-hello.md": "x"}), "path"),
        (lessons.zipped({"/etc/01-hello.md": "x"}), "path"),
        (lessons.zipped({"a/b/01-hello.md": "x"}), "path"),
        (lessons.zipped({"a/1.md": "x", "b/1.md": "x"}), "path"),
        (lessons.zipped({"C:\\1.md": "x"}), "path"),
        (linked(), "link"),
        (lessons.zipped({"1.md": "x"}, compression=zipfile.ZIP_LZMA), "compression"),
        (lessons.zipped({f"{n}.md": "x" for n in range(61)}), "too-many"),
        (lessons.zipped({"1.md": "0" * 3_000_000}), "too-large"),
        (lessons.zipped({f"{n}.md": "0" * 100_000 for n in range(30)}), "too-large"),
        (lying("1.md", 10), "not-a-zip"),
        (lessons.zipped({"1.md": b"\xff\xfe\x00"}), "utf-8"),
        (lessons.zipped({"1.md": "a\nb\0c"}), "control-character"),
    ],
)
def test_no_zip_does_harm(body, code):
    assert {fault for _, fault in faults_of(lambda: texts_of(body))} == {code}


@pytest.mark.parametrize(
    ("asked", "options", "said", "code"),
    [
        (ONE, ["a"], None, None),
        (SEVERAL, ["a", "b"], None, None),
        (WRITE, [], "Mine.", None),
        (ONE, [], None, "missing"),
        (ONE, ["c"], None, "unknown-option"),
        (ONE, ["a", "b"], None, "only-one"),
        (SEVERAL, ["a", "a"], None, "repeated"),
        (ONE, [], "In my words", "not-asked"),
        (WRITE, ["a"], None, "not-offered"),
        (WRITE, [], None, "missing"),
    ],
)
def test_an_answer_fits_its_question(asked, options, said, code):
    wrong = unfit(question(asked), options, said)
    assert (wrong and wrong.code) == code


def test_an_answer_is_met_with_a_thought_and_what_was_missed_is_told_where_several_fit():
    assert [(one.option, one.feedback) for one in thoughts(question(ONE), ["b"])] == [
        ("b", "Later.")
    ]
    assert [one.option for one in thoughts(question(SEVERAL), ["b"])] == ["a", "b"]


def test_who_has_come_to_the_last_page_has_seen_all():
    assert [unseen(3, furthest) for furthest in (0, 2, 3)] == [1, 3, None]


def test_every_module_that_comes_with_us_is_an_example_that_can_be_read():
    assert len(shipped()) >= 5
    assert len({one.head.group for one in shipped()}) == 5
    for one in shipped():
        assert one.head.example
        assert one.questions >= 3
        for page in one.pages:
            for asked in page.questions:
                assert all(option.feedback for option in asked.options), (one.head.key, asked.code)
