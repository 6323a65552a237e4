"""The captions that load tests send: repeatable, of the stated kind."""

from statistics import mean

from loadtests.captions import Captions, repeated
from services.prompt_filter.lexicon import load_lexicon
from services.prompt_filter.settings import DATA


def test_same_seed_gives_the_same_captions() -> None:
    assert Captions(7, unseen=1).take(50) == Captions(7, unseen=1).take(50)
    assert Captions(7).take(50) != Captions(8).take(50)


def test_captions_are_about_a_hundred_characters_and_hardly_repeat() -> None:
    captions = Captions(1).take(2000)

    assert 80 <= mean(map(len, captions)) <= 130
    assert len(set(captions)) > 1990


def test_unseen_words_are_new_in_each_caption() -> None:
    known = {word for caption in Captions(1).take(3000) for word in caption.replace(",", "").split()}
    captions = Captions(2, unseen=2).take(500)

    new = [[word for word in one.replace(",", "").split() if word not in known] for one in captions]

    assert all(len(words) == 2 for words in new)


def test_share_of_captions_carries_a_listed_term() -> None:
    terms = {entry.term for entry in load_lexicon(DATA).entries if entry.grade == "explicit"}

    carrying = sum(
        not terms.isdisjoint(caption.replace(",", "").split())
        for caption in Captions(1, listed=0.25).take(2000)
    )

    assert 0.15 < carrying / 2000 < 0.35


def test_repeated_traffic_draws_the_first_most_often() -> None:
    drawn = repeated([f"caption {number}" for number in range(100)], 5000, seed=1)

    assert drawn.count("caption 0") > drawn.count("caption 9") > drawn.count("caption 99")
