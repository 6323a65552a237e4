"""Word lists of training."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.prompt_filter.classifier.text import canonical
from services.prompt_filter.lexicon import Grade, Role, load_lexicon
from services.prompt_filter.settings import DATA
from services.prompt_filter.training.lexicons import naming_harm


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one word in each list."""
    for name, content in {
        "lexicons/sneakyprompt_words.txt": "Blorvick\nodd\n",
        "lexicons/ldnoobw/en.txt": "two words\n",
        "more/surge_profanity_lexicon.csv": 'text,labels\ngribbas,"{""sexual"": 1}"\n',
        "more/civitai_lexicon.csv": 'text,labels\nsunflower,"{""sexual"": 0}"\n',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_harm_is_named_by_any_list(data: Path) -> None:
    stems = data / "stems.txt"
    stems.write_text("# a comment\nplonk\n", encoding="utf-8")
    names_harm = naming_harm(data, "en", stems)
    assert all(map(names_harm, ["a blorvick lake", "gribbas", "the plonkert"]))
    assert not any(map(names_harm, ["a calm lake", "sunflower", "an odd comment", "two words", "unplonked"]))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_listed_words_name_it_unless_they_are_ambiguous(data: Path, language: str) -> None:
    words = [
        entry for entry in load_lexicon(DATA).entries if entry.language == language and entry.term.isalpha()
    ]
    grades: dict[str, set[Grade]] = {}
    for entry in words:
        if entry.role.category:
            grades.setdefault(canonical(entry.term), set()).add(entry.grade)
    names_harm = naming_harm(data, language)
    assert all(names_harm(term) == (found != {Grade.AMBIGUOUS}) for term, found in grades.items())
    others = (canonical(entry.term) for entry in words if entry.role is Role.MINOR)
    assert not any(names_harm(term) for term in others if term not in grades)
