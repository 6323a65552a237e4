"""One file per way a generator marks its pictures, with the tool it must be recognised as."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.unit.media_scanner.writers import (
    PROMPT,
    comment,
    exif,
    itext,
    jpeg,
    jpeg_exif,
    jpeg_iim,
    jpeg_xmp,
    png,
    png_chunk,
    segment,
    text,
    webp,
    xmp,
    ztext,
)

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
_GRAPH = json.dumps({"3": {"class_type": "KSampler", "inputs": {"text": PROMPT}}})
_WORKFLOW = json.dumps({"nodes": [{"id": 1}], "links": [], "version": 0.4})
_SWARM = json.dumps({"sui_image_params": {"prompt": PROMPT, "swarm_version": "0.9.6"}})
_FOOOCUS = json.dumps({"prompt": PROMPT, "base_model": "m", "base_model_hash": "0123456789"})


def settings(version: str = "", *, app: str = "") -> str:
    """The settings line of the web UIs, below a prompt that itself quotes such a line."""
    line = f"{PROMPT}\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64"
    line += ", Model hash: 6ce0161689, Model: placeholder"
    line += f", App: {app}" if app else ""
    return line + (f", Version: {version}" if version else "")


def generator_files() -> Iterator[tuple[str, bytes, str]]:
    """Name of the case, file, exact tool."""
    yield from _web_ui()
    yield from _comfyui()
    yield from _front_ends()
    yield from _vendors()


def _web_ui() -> Iterator[tuple[str, bytes, str]]:
    versions = {
        "v1.6.0": "AUTOMATIC1111",
        "": "AUTOMATIC1111",
        "f2.0.1v1.10.1-previous-224-g90019688": "Forge",
        "f0.0.17v1.8.0rc-latest-276-g29be1da7": "Forge",
        "f1.9.3v1.10.1RC-v1.9.3": "reForge",
        "EasyReforge 1.0": "EasyReforge",
        "classic": "Forge Classic",
        "neo-2.0": "Forge Neo",
        "Fooocus v2.5.5": "Fooocus",
        "ComfyUI": "ComfyUI",
    }
    for version, tool in versions.items():
        yield f"settings {version} png", png(text("parameters", settings(version))), tool
        unicode = comment(settings(version))
        yield f"settings {version} jpeg", jpeg_exif(UserComment=unicode), tool
        yield f"settings {version} webp", webp((b"EXIF", exif({"UserComment": unicode}))), tool
    yield "sdnext", png(text("parameters", settings("7e1f2a", app="SD.Next"))), "SD.Next"
    yield "a1111 itxt", png(itext("parameters", settings("v1.9.4"))), "AUTOMATIC1111"
    yield "a1111 ztxt", png(ztext("parameters", settings("v1.9.4").encode())), "AUTOMATIC1111"
    yield "a1111 after the picture", png(text("parameters", settings()), after=True), "AUTOMATIC1111"
    yield "a1111 comment", jpeg(segment(0xFE, settings("v1.9.4").encode())), "AUTOMATIC1111"
    yield "a1111 exif chunk", png_exif(comment(settings("v1.9.4"))), "AUTOMATIC1111"


def png_exif(user_comment: bytes) -> bytes:
    return png(png_chunk(b"eXIf", exif({"UserComment": user_comment}, order="<")))


def _comfyui() -> Iterator[tuple[str, bytes, str]]:
    yield "comfyui", png(text("prompt", _GRAPH), text("workflow", _WORKFLOW)), "ComfyUI"
    yield "comfyui workflow only", png(text("workflow", _WORKFLOW)), "ComfyUI"
    yield "comfyui with settings", png(text("parameters", settings()), text("prompt", _GRAPH)), "ComfyUI"
    webp_tags = {"Model": b"prompt:" + _GRAPH.encode(), "Make": b"workflow:" + _WORKFLOW.encode()}
    yield "comfyui animated webp", webp((b"EXIF", exif(webp_tags))), "ComfyUI"
    yield "comfyui save-image-extended", jpeg_exif(Make=b"Prompt: " + _GRAPH.encode()), "ComfyUI"
    plus = json.dumps({"prompt": json.loads(_GRAPH)}).encode()
    in_first = exif({"UserComment": plus}, nested=())
    yield "comfyui saveimage-plus", webp((b"EXIF", in_first)), "ComfyUI"


def _front_ends() -> Iterator[tuple[str, bytes, str]]:
    yield "invokeai", png(text("invokeai_metadata", json.dumps({"app_version": "4"}))), "InvokeAI"
    yield "invokeai graph", png(itext("invokeai_graph", "{}", compressed=True)), "InvokeAI"
    yield "invokeai 2", png(text("sd-metadata", json.dumps({"image": {}}))), "InvokeAI"
    yield "invokeai 1", png(text("Dream", f'"{PROMPT}" -s 50 -S 1')), "InvokeAI"
    novel = json.dumps({"prompt": PROMPT, "uc": "fog", "signed_hash": "x"})
    yield "novelai", png(text("Software", "NovelAI"), text("Comment", novel)), "NovelAI"
    yield "novelai title", png(text("Title", "NovelAI generated image")), "NovelAI"
    yield "novelai source", png(text("Source", "NovelAI Diffusion V4.5 1229B44F")), "NovelAI"
    yield "novelai webp", webp((b"EXIF", exif({"Software": b"NovelAI Diffusion V4.5"}))), "NovelAI"
    yield "fooocus", png(text("parameters", _FOOOCUS), text("fooocus_scheme", "fooocus")), "Fooocus"
    yield "fooocus jpeg", jpeg_exif(UserComment=comment(_FOOOCUS, "ASCII", "utf-8")), "Fooocus"
    yield "fooocus comment", jpeg(segment(0xFE, _FOOOCUS.encode())), "Fooocus"
    makernote = exif({"MakerNote": b"fooocus", "UserComment": comment("{}", "ASCII", "utf-8")})
    yield "fooocus makernote", webp((b"EXIF", makernote)), "Fooocus"
    ruined = json.dumps({"software": "RuinedFooocus", "Prompt": PROMPT})
    yield "ruinedfooocus", png(text("parameters", ruined)), "RuinedFooocus"
    yield "swarmui", png(text("parameters", _SWARM)), "SwarmUI"
    little = comment(_SWARM, encoding="utf-16-le")
    yield "swarmui jpeg", jpeg_exif(UserComment=little), "SwarmUI"
    yield "swarmui legacy", jpeg_exif(Model=_SWARM.encode()), "SwarmUI"
    draw = json.dumps({"c": PROMPT, "uc": "fog", "model": "m", "sampler": "s"}).replace('"', "&quot;")
    yield "draw things", jpeg_xmp(f"<exif:UserComment>{draw}</exif:UserComment>"), "Draw Things"
    yield "draw things tool", jpeg_xmp(attributes='xmp:CreatorTool="Draw Things"'), "Draw Things"
    easy = (text("use_stable_diffusion_model", "m"), text("Negative Prompt", "fog"))
    yield "easy diffusion", png(*easy), "Easy Diffusion"
    easy_json = json.dumps({"use_stable_diffusion_model": "m", "prompt": PROMPT})
    yield "easy diffusion jpeg", jpeg_exif(UserComment=comment(easy_json)), "Easy Diffusion"
    civitai = settings() + ', Civitai resources: [{"type":"checkpoint","modelVersionId":1}]'
    yield "civitai", jpeg_exif(UserComment=comment(civitai)), "Civitai"
    civitai_json = json.dumps({"3": {"class_type": "KSampler"}, "extra": {}, "extraMetadata": "{}"})
    yield "civitai comfy", jpeg_exif(UserComment=comment(civitai_json)), "Civitai"
    yield "civitai artist", jpeg_exif(Artist=b"ai\0", Software=UUID.encode()), "Civitai"
    yield "tensorart", png(text("generation_data", '{"prompt": ""}'), text("prompt", _GRAPH)), "TensorArt"
    matrix = (text("parameters", settings()), text("parameters-json", "{}"), text("smproj", "{}"))
    yield "stability matrix", png(*matrix), "Stability Matrix"
    yield "hugging face job", png(text("hf-job-id", UUID)), "Hugging Face"
    space = json.dumps({"Model": "m", "resolution": "1024 x 1024"})
    yield "hugging face space", png(text("parameters", space)), "Hugging Face Space"


def _vendors() -> Iterator[tuple[str, bytes, str]]:
    midjourney = f"{PROMPT} --ar 4:3 --v 5.2 Job ID: {UUID}"
    yield "midjourney", png(text("Description", midjourney), text("Author", "someone")), "Midjourney"
    item = f'<rdf:li xml:lang="x-default">{midjourney}</rdf:li>'
    described = f"<dc:description><rdf:Alt>{item}</rdf:Alt></dc:description>"
    yield "midjourney xmp", png(itext("XML:com.adobe.xmp", xmp(described).decode())), "Midjourney"
    signature = b"Signature: " + b"A" * 88
    grok = {"ImageDescription": signature, "Artist": UUID.encode()}
    yield "grok", jpeg_exif(**grok), "Grok"
    credit = "<photoshop:Credit>Made with Google AI</photoshop:Credit>"
    yield "google", webp((b"XMP ", xmp(credit))), "Google AI"
    yield "google iim", jpeg_iim(110, "Made with Google AI"), "Google AI"
    yield "firefly", jpeg_xmp(attributes='xmp:CreatorTool="Adobe Firefly"'), "Adobe Firefly"
    yield "ideogram", jpeg_exif(Make=b"Ideogram AI\0"), "Ideogram"
    yield "reve", jpeg_exif(Software=b"reve.com\0"), "Reve"
    yield "aphrodite", jpeg_exif(Software=b"Aphrodite AI\0"), "Aphrodite AI"
    yield "luma", png(text("Source", "Luma AI")), "Luma"
    samsung = b"\x00\x00PhotoEditor_Re_Edit_Data" + b'{"originalPath":"x","genAIType":1}' + b"SEFT"
    yield "samsung", jpeg(trailer=samsung), "Samsung Galaxy AI"
