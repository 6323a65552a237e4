"""Canonical text: what disguises fold to, and offsets that lead back into the original."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prompt_filter.classifier.text import canonical as classifier_text
from services.prompt_filter.text.canonical import canonicalise
from tests.unit.prompt_filter.placeholders import fold

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
TRICKY = st.text(
    alphabet=st.sampled_from(list("ab<>/!-&#;xX0149 \u200b\u00ad\u0301\ufb03ℌ①Ａ🄰ß\U000e0061👧가한の한글ﷺ")),
    max_size=60,
)


@given(ANY_TEXT | TRICKY)
def test_every_character_leads_back_into_the_original(text: str) -> None:
    mapped = canonicalise(text, fold()).mapped
    for index in range(len(mapped.text)):
        span = mapped.span(index, index + 1)
        assert 0 <= span.start < span.end <= len(text)


@given(ANY_TEXT | TRICKY)
def test_longer_ranges_lie_in_the_original_too(text: str) -> None:
    mapped = canonicalise(text.replace("\U000e0061", ""), fold()).mapped
    length = len(mapped.text)
    for start, end in [(0, length), (length // 3, length // 2), (length, length)]:
        span = mapped.span(start, end)
        assert 0 <= span.start <= span.end <= len(text)


@given(ANY_TEXT | TRICKY)
def test_what_the_classifier_reads_is_idempotent(text: str) -> None:
    once = classifier_text(text)
    assert classifier_text(once) == once


@given(
    st.text(alphabet=st.characters(max_codepoint=0x7F)).filter(lambda text: not set(text) & set("<&%\\*~|_"))
)
def test_plain_ascii_is_only_lowered(text: str) -> None:
    mapped = canonicalise(text, fold()).mapped
    assert mapped.text == text.lower()
    assert mapped.origins is None


@pytest.mark.parametrize(
    "written",
    [
        "ｂｌｏｏｍ", "𝐛𝐥𝐨𝐨𝐦", "𝖻𝗅𝗈𝗈𝗆", "ⓑⓛⓞⓞⓜ", "🄱🄻🄾🄾🄼", "bl\u200boom", "b\u00adl\u00adoom",
        "blo\u0301om", "blòóm",
        "bl&#111;om", "bl&#x6f;om", "b<b>l</b>oom", "BLOOM", "blооm", "\ufeffbloom",
        "bl\U000e0001oom", "ʙʟᴏᴏᴍ", "🇧🇱🇴🇴🇲", "🇧\u200b🇱\u200b🇴\u200b🇴\u200b🇲",
        "bl%6f%6Fm", "bl\\u006fom", "bl\\x6Fom", "bl\\u{6f}om",
        "b**loo**m", "**b****l****o****o****m**", "bl||oo||m", "~~bloom~~", "b__loom__",
    ],
)  # fmt: skip
def test_disguises_fold_to_the_plain_word(written: str) -> None:
    assert canonicalise(written, fold()).text == "bloom"


@pytest.mark.parametrize(
    "written",
    [
        "b***m", "bl**m", "2**3**4", "20%41", "50%zz", "\\n", "%2e", "<3", "<bloo>m", "<b>loom", "a_b", "🇩🇪",
        "f(**x)",
    ],
)  # fmt: skip
def test_what_is_no_markup_is_left(written: str) -> None:
    assert canonicalise(written, fold()).text == written


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<img alt="calm lake"> boat', "calm lake boat"), ("<!-- calm --> lake", "calm lake"),
        ("bl<!-- calm -->oom", "bloom calm"), ('bl<b class="calm lake">oo</b>m', "bloom calm lake"),
        ("<calm lake>", "calm lake"), ("<a calm lake>", "calm lake"), ("<x y=calm>lake", "calm lake"),
    ],
)  # fmt: skip
def test_what_tags_and_comments_say_is_read(written: str, read: str) -> None:
    text = canonicalise(written, fold()).text
    names = {"alt", "class", "a", "y"}
    assert [word for word in re.findall(r"\w+", text) if word not in names] == read.split()
    mapped = canonicalise(written, fold()).mapped
    place = mapped.text.index("calm")
    span = mapped.span(place, place + 4)
    assert written[span.start : span.end] == "calm"


def test_an_element_vanishes_and_parts_words() -> None:
    assert canonicalise("<p>calm</p> <hr/><p>lake<br></p>", fold()).text.split() == ["calm", "lake"]
    assert canonicalise("<lora:calm:0.8> lake", fold()).text.split() == ["calm", "lake"]


@pytest.mark.parametrize(
    "written", ["bl\u200boom", "𝐛𝐥oom", "blооm", "b<b>l</b>oom", "bl**oo**m", "🇧🇱🇴🇴🇲", "ʙʟᴏᴏᴍ"]
)
def test_a_disguise_is_seen_as_one(written: str) -> None:
    assert canonicalise(written, fold()).disguised


@pytest.mark.parametrize(
    "written",
    [
        "a calm lake",
        "Käse und Brot",
        "озеро",
        "湖と山",
        "<b>bloom</b>",
        "5 &amp; 6",
        "🇩🇪 bloom",
        "100% bloom",
    ],
)
def test_honest_text_is_no_disguise(written: str) -> None:
    assert not canonicalise(written, fold()).disguised


def test_the_range_covers_what_was_removed_inside() -> None:
    text = "x <i>b</i>l\u200boom y"
    canonical = canonicalise(text, fold())
    start = canonical.text.index("bloom")
    span = canonical.mapped.span(start, start + len("bloom"))
    assert text[span.start : span.end] == "b</i>l\u200boom"


def test_tag_characters_are_read_after_the_visible_text() -> None:
    text = "lake" + "".join(chr(0xE0000 + ord(letter)) for letter in "bloom")
    canonical = canonicalise(text, fold())
    assert canonical.text == "lake bloom"
    assert canonical.mapped.span(5, 10).start == 4
    assert canonical.disguised


def test_a_tag_between_words_parts_them() -> None:
    assert canonicalise("lake <br> house", fold()).text.split() == ["lake", "house"]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("हिन्दी", "हइनदई"),
        ("क़लम", "कलम"),
        ("বাংলা", "বআঙলআ"),
        ("خَرَائِط", "خرايط"),
        ("مـــرحبا", "مرحبا"),
        ("کتاب‌های", "كتابهاي"),
        ("שָׁלוֹם", "שלום"),
        ("が", "か\u3099"),
        ("ที่", "ที่"),
        ("1\ufe0f\u20e3", "1"),
    ],
)
def test_marks_that_are_sounds_are_letters_and_others_vanish(written: str, folded: str) -> None:
    assert canonicalise(written, fold()).text == folded
