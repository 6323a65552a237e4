"""The tool behind a declaration, by the names its manifest gives."""

from __future__ import annotations

from typing import Final

from services.media_scanner.c2pa.manifest import Manifest

# What a name starts with, without regard to case; the agent says more than the generator or issuer.
_TOOLS: Final = (
    ("adobe firefly", "Adobe Firefly"),
    ("adobe express", "Adobe Express"),
    ("adobe photoshop", "Adobe Photoshop"),
    ("gpt-image", "OpenAI ChatGPT"),
    ("gpt-4o", "OpenAI ChatGPT"),
    ("chatgpt", "OpenAI ChatGPT"),
    ("dall", "OpenAI DALL·E"),
    ("sora", "OpenAI Sora"),
    ("openai", "OpenAI ChatGPT"),
    ("imagen", "Google AI"),
    ("gemini", "Google AI"),
    ("google", "Google AI"),
    ("microsoft", "Microsoft"),
    ("bing", "Microsoft"),
    ("flux", "Black Forest Labs"),
    ("black forest labs", "Black Forest Labs"),
    ("stability", "Stability AI"),
    ("stable diffusion", "Stability AI"),
    ("canva", "Canva"),
    ("bria", "Bria"),
    ("fal.ai", "fal.ai"),
    ("byteplus", "BytePlus"),
    ("volcengine", "Volcengine"),
    ("elevenlabs", "ElevenLabs"),
    ("runway", "Runway"),
    ("samsung", "Samsung Galaxy AI"),
    ("photo assist", "Samsung Galaxy AI"),
)


def tool_of(manifest: Manifest, agent: str) -> str | None:
    """The tool's name, or None where none of the names is known."""
    for name in (agent, manifest.generator, manifest.issuer):
        lowered = name.lower()
        found = next((tool for start, tool in _TOOLS if lowered.startswith(start)), None)
        if found is not None:
            return found
    return None
