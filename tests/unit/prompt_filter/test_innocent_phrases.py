"""Phrases in which a listed word means something else, shipped ones and tenants'."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from services.prompt_filter.lexicon import TENANT, Lexicon, Role, load_lexicon, read_words
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.settings import DATA
from services.prompt_filter.text.tokens import Tokens
from tests.unit.prompt_filter.placeholders import (
    EXPLICIT,
    MINOR,
    PERSON,
    UNDRESS,
    VULGAR,
    entry,
    fold,
    lexicon,
)

PHRASE = f"great {EXPLICIT}"


def found(text: str, matcher: Matcher) -> list[str]:
    tokens = Tokens(text)
    return [text[hit.start : hit.end] for hit in matcher.find(tokens)]


def over(*phrases: str, words: Lexicon | None = None) -> Matcher:
    shipped = words or lexicon()
    return Matcher(replace(shipped, allowed=frozenset(phrases)), fold())


@pytest.mark.parametrize(
    "text", [f"a {PHRASE} on a bridge", f"a great-{EXPLICIT}.", PHRASE, f"{PHRASE}s {PHRASE} {PHRASE}"]
)
def test_in_an_innocent_phrase_nothing_is_a_hit(text: str) -> None:
    assert EXPLICIT in found(text, over())
    assert EXPLICIT not in found(text, over(PHRASE))


@pytest.mark.parametrize(
    "text",
    [
        EXPLICIT,
        f"great, {EXPLICIT}",
        f"great  {EXPLICIT}",
        f"great\n{EXPLICIT}",
        f"great | {EXPLICIT}",
        f"greater {EXPLICIT}",
        f"great big {EXPLICIT}",
        f"{EXPLICIT} great",
    ],
)
def test_outside_of_it_it_is(text: str) -> None:
    assert len(found(text, over(PHRASE))) == 1


def test_only_what_stands_inside_is_let_go() -> None:
    assert found(f"{PHRASE} and {VULGAR} {EXPLICIT}", over(PHRASE)) == [VULGAR, EXPLICIT]


def test_phrases_may_overlap() -> None:
    matcher = over(f"{VULGAR} great river road", f"great {EXPLICIT}", f"{VULGAR} great {EXPLICIT}")
    assert found(f"{VULGAR} great {EXPLICIT}", matcher) == []
    assert found(f"{VULGAR} great river road {EXPLICIT}", matcher) == [EXPLICIT]


def test_what_says_who_is_shown_stands() -> None:
    text = f"{MINOR} {PERSON} {UNDRESS} {EXPLICIT}"
    assert found(text, over(text)) == [MINOR, PERSON]


def test_what_a_tenant_lists_stands() -> None:
    name = replace(entry("quexillion", Role.SEXUAL), language=TENANT)
    assert found("great quexillion", over("great quexillion", words=lexicon(name))) == ["quexillion"]


def test_the_classifier_does_not_read_it() -> None:
    tokens = Tokens(f"a {PHRASE} by the sea")
    assert over(PHRASE).meant(tokens) == [(2, 2 + len(PHRASE), "")]


@cache
def shipped() -> Lexicon:
    return load_lexicon(DATA)


@cache
def phrases() -> frozenset[str]:
    return read_words(DATA / "innocent_phrases.txt")


def test_every_shipped_phrase_is_needed_and_does_its_work() -> None:
    without = Matcher(replace(shipped(), allowed=shipped().allowed - phrases()), fold())
    matcher = Matcher(shipped(), fold())
    assert len(phrases()) > 500
    for phrase in phrases():
        assert found(phrase, without), phrase
        assert not found(phrase, matcher), phrase


def test_no_shipped_phrase_says_who_is_shown() -> None:
    without = Matcher(replace(shipped(), allowed=frozenset()), fold())
    for phrase in phrases():
        roles = {hit.entry.role for hit in without.find(Tokens(phrase))}
        assert not roles & {Role.MINOR, Role.PERSON}, phrase


def test_tags_side_by_side_are_no_shipped_phrase() -> None:
    without = Matcher(replace(shipped(), allowed=shipped().allowed - phrases()), fold())
    matcher = Matcher(shipped(), fold())
    for phrase in phrases():
        tags = ", ".join(phrase.split())
        assert found(tags, matcher) == found(tags, without), phrase


def test_every_shipped_name_is_needed_and_none_is_listed() -> None:
    names = read_words(DATA / "names.txt")
    without = Matcher(replace(shipped(), allowed=shipped().allowed - names), fold())
    listed = {term.term for term in shipped().entries}
    for name in names:
        assert found(name, without), name
        assert name not in listed
