"""The generators and what each leaves in a file, as data."""

from __future__ import annotations

import re
from typing import Final, TypedDict, Unpack

from services.contracts.vocabulary import ProvenanceVerdict
from services.media_scanner.containers.fields import Place
from services.media_scanner.metadata.rule import Rule, Test

TEXT: Final = frozenset({Place.TEXT})
EXIF: Final = frozenset({Place.EXIF})
XMP: Final = frozenset({Place.XMP})
COMMENTS: Final = frozenset({Place.COMMENT, Place.EXIF})

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Where the settings line stands: the PNG keyword, else the JPEG or WebP comment.
_PARAMETERS = frozenset({"parameters", "UserComment", "COM", "extras", "postprocessing"})


def _keys(*names: str) -> frozenset[str]:
    return frozenset(names)


class _Shows(TypedDict, total=False):
    starts: tuple[str, ...]
    contains: tuple[str, ...]
    pattern: re.Pattern[str]
    names: frozenset[str]


def _settings(**patterns: str) -> Test:
    """A settings line whose members match, wherever such a line stands."""
    compiled = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}
    return Test(keys=_PARAMETERS, settings=compiled, is_settings=True)


def _text(*keys: str, **shows: Unpack[_Shows]) -> Test:
    return Test(places=TEXT, keys=frozenset(keys), **shows)


def _exif(*keys: str, **shows: Unpack[_Shows]) -> Test:
    return Test(places=EXIF, keys=frozenset(keys), **shows)


def _xmp(*keys: str, **shows: Unpack[_Shows]) -> Test:
    return Test(places=XMP, keys=frozenset(keys), **shows)


PLATFORMS: Final = (
    Rule("swarmui.parameters", "SwarmUI", (Test(keys=_PARAMETERS, names=_keys("sui_image_params")),)),
    Rule("swarmui.model", "SwarmUI", (_exif("Model", names=_keys("sui_image_params")),)),
    Rule(
        "ruinedfooocus.parameters",
        "RuinedFooocus",
        (Test(keys=_PARAMETERS, values={"software": "RuinedFooocus"}),),
    ),
    Rule("fooocus.scheme", "Fooocus", (_text("fooocus_scheme"), _text("parameters"))),
    Rule("fooocus.makernote", "Fooocus", (_exif("MakerNote", starts=("fooocus",)), _exif("UserComment"))),
    Rule(
        "fooocus.json",
        "Fooocus",
        (
            Test(
                keys=_keys("parameters", "comment", "UserComment", "COM"),
                names=_keys("base_model", "base_model_hash"),
            ),
        ),
    ),
    Rule("fooocus.settings", "Fooocus", (_settings(Version="Fooocus"),)),
    Rule("civitai.resources", "Civitai", (_exif("UserComment", contains=("Civitai resources:",)),)),
    Rule("civitai.metadata", "Civitai", (_exif("UserComment", contains=("civitai:", '"extraMetadata"')),)),
    Rule(
        "civitai.artist",
        "Civitai",
        (_exif("Artist", pattern=re.compile("^ai$")), _exif("Software", pattern=re.compile(rf"^{_UUID}$"))),
    ),
    Rule("civitai.extra", "Civitai", (_exif("UserComment", names=_keys("extraMetadata")),)),
    Rule("tensorart.generation_data", "TensorArt", (_text("generation_data", starts=("{",)),)),
    Rule("stability_matrix.project", "Stability Matrix", (_text("smproj"), _text("parameters-json"))),
    Rule("huggingface.job", "Hugging Face", (_text("hf-job-id"),)),
    Rule(
        "huggingface.space", "Hugging Face Space", (_text("parameters", names=_keys("Model", "resolution")),)
    ),
)

COMFYUI: Final = (
    Rule("comfyui.prompt", "ComfyUI", (_text("prompt", contains=('"class_type"',), starts=("{",)),)),
    Rule("comfyui.workflow", "ComfyUI", (_text("workflow", names=_keys("nodes", "links")),)),
    Rule(
        "comfyui.webp",
        "ComfyUI",
        (
            _exif(
                "Model", "Make", "ImageDescription", starts=("prompt:", "Prompt:"), contains=('"class_type"',)
            ),
        ),
    ),
    Rule(
        "comfyui.webp_workflow",
        "ComfyUI",
        (
            _exif(
                "Model", "Make", "ImageDescription", starts=("workflow:", "Workflow:"), contains=('"nodes"',)
            ),
        ),
    ),
    Rule(
        "comfyui.comment",
        "ComfyUI",
        (
            Test(
                places=COMMENTS,
                keys=_keys("UserComment", "COM"),
                starts=("{",),
                contains=('"prompt"', '"class_type"'),
            ),
        ),
    ),
)

OTHERS: Final = (
    Rule("invokeai.metadata", "InvokeAI", (_text("invokeai_metadata"),)),
    Rule("invokeai.graph", "InvokeAI", (_text("invokeai_graph"),)),
    Rule("invokeai.sd_metadata", "InvokeAI", (_text("sd-metadata", starts=("{",)),)),
    Rule("invokeai.dream", "InvokeAI", (_text("Dream", contains=(" -s",)),)),
    Rule("novelai.software", "NovelAI", (_text("Software", starts=("NovelAI",)),)),
    Rule("novelai.title", "NovelAI", (_text("Title", starts=("NovelAI generated image",)),)),
    Rule("novelai.source", "NovelAI", (_text("Source", starts=("NovelAI Diffusion",)),)),
    Rule("novelai.comment", "NovelAI", (_text("Comment", names=_keys("uc", "signed_hash")),)),
    Rule("novelai.exif", "NovelAI", (_exif("Software", "DocumentName", starts=("NovelAI",)),)),
    Rule("drawthings.creator", "Draw Things", (_xmp("xmp:CreatorTool", starts=("Draw Things",)),)),
    Rule(
        "drawthings.comment",
        "Draw Things",
        (_xmp("exif:UserComment", names=_keys("c", "uc", "model", "sampler")),),
    ),
    Rule("easydiffusion.png", "Easy Diffusion", (_text("use_stable_diffusion_model"),)),
    Rule(
        "easydiffusion.png_named",
        "Easy Diffusion",
        (_text("Negative Prompt"), _text("Stable Diffusion model")),
    ),
    Rule("easydiffusion.png_prompt", "Easy Diffusion", (_text("Negative Prompt"), _text("Guidance Scale"))),
    Rule(
        "easydiffusion.comment",
        "Easy Diffusion",
        (_exif("UserComment", names=_keys("use_stable_diffusion_model")),),
    ),
    Rule(
        "easydiffusion.comment_named",
        "Easy Diffusion",
        (_exif("UserComment", names=_keys("Stable Diffusion model")),),
    ),
    Rule(
        "midjourney.job",
        "Midjourney",
        (
            Test(
                keys=_keys("Description", "ImageDescription", "dc:description", "Caption"),
                pattern=re.compile(rf"Job ID: {_UUID}"),
            ),
        ),
    ),
    Rule("midjourney.author", "Midjourney", (_text("Author", starts=("Midjourney",)),)),
    Rule(
        "grok.signature",
        "Grok",
        (
            _exif("ImageDescription", "UserComment", pattern=re.compile(r"^Signature: [A-Za-z0-9+/]{64}")),
            _exif("Artist", pattern=re.compile(rf"^{_UUID}$")),
        ),
    ),
    Rule(
        "google.credit",
        "Google AI",
        (Test(keys=_keys("photoshop:Credit", "Credit"), starts=("Made with Google AI",)),),
    ),
    Rule(
        "google.edit",
        "Google AI",
        (Test(keys=_keys("photoshop:Credit", "Credit"), starts=("Edited with Google AI",)),),
        ProvenanceVerdict.EDITED,
    ),
    Rule("firefly.creator", "Adobe Firefly", (_xmp("xmp:CreatorTool", starts=("Adobe Firefly",)),)),
    Rule("ideogram.make", "Ideogram", (_exif("Make", starts=("Ideogram AI",)),)),
    Rule("reve.software", "Reve", (Test(keys=_keys("Software", "xmp:CreatorTool"), starts=("reve.com",)),)),
    Rule("aphrodite.make", "Aphrodite AI", (_exif("Make", "Software", starts=("Aphrodite AI",)),)),
    Rule("luma.source", "Luma", (_text("Source", starts=("Luma AI",)),)),
    Rule(
        "samsung.genai",
        "Samsung Galaxy AI",
        (Test(places=frozenset({Place.TRAILER}), pattern=re.compile(r'"genAIType"\s?:\s?"?[1-9]')),),
        ProvenanceVerdict.EDITED,
    ),
)

WEB_UI: Final = (
    Rule("sdnext.settings", "SD.Next", (_settings(App=r"SD\.?Next"),)),
    Rule("easyreforge.settings", "EasyReforge", (_settings(Version="EasyReforge"),)),
    Rule("reforge.settings", "reForge", (_settings(Version=r"f\d+(\.\d+){1,2}v[\w.]+-v\d"),)),
    Rule("reforge.named", "reForge", (_settings(Version="reforge"),)),
    Rule("forge_classic.settings", "Forge Classic", (_settings(Version="classic"),)),
    Rule("forge_neo.settings", "Forge Neo", (_settings(Version="neo"),)),
    Rule("forge.settings", "Forge", (_settings(Version=r"f\d|forge"),)),
    Rule("comfyui.settings", "ComfyUI", (_settings(Version="ComfyUI"),)),
    Rule("a1111.settings", "AUTOMATIC1111", (_settings(Version=r"v?\d+\.\d+"),)),
    # Descendants without a version line, and AUTOMATIC1111 before 1.3, write the same line.
    Rule("a1111.unversioned", "AUTOMATIC1111", (_settings(),)),
    Rule(
        "a1111.extras",
        "AUTOMATIC1111",
        (
            Test(
                places=TEXT,
                keys=_keys("extras", "postprocessing"),
                pattern=re.compile(r"Postprocess|Upscale"),
            ),
        ),
        ProvenanceVerdict.EDITED,
    ),
)

RULES: Final = (*PLATFORMS, *OTHERS, *COMFYUI, *WEB_UI)
"""The first that holds names the tool.

Hosts and front ends stand before the engines they drive, and a descendant before the tool
whose format it kept: both files carry the other's marks too.
"""
