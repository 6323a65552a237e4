"""The prompt filter itself: canonical text, matching, rules, classifier, decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.chassis.errors import TooLargeError
from services.chassis.signals import AbsentSignal
from services.contracts.vocabulary import AbsenceCause
from services.prompt_filter.ages import find_ages
from services.prompt_filter.classifier_port import NO_ANSWER, Answer, Classifier
from services.prompt_filter.context import perhaps_not_sought, standing
from services.prompt_filter.evidence import Evidence, Finding, doubted, without_overlaps
from services.prompt_filter.excluded import Exclusions, leaves_out
from services.prompt_filter.judging import Judgement, Judging
from services.prompt_filter.lexicon import Role
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.prompt import Prompt, PromptVerdict
from services.prompt_filter.remembered import Remembered
from services.prompt_filter.rules import Ground, grounds
from services.prompt_filter.sought import sought_text
from services.prompt_filter.text.canonical import Canonical, canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import Languages
from services.prompt_filter.text.syntax import parse
from services.prompt_filter.text.tokens import Tokens
from services.prompt_filter.weighing import blocked, tempered

DETECTOR = "prompt_classifier"

_Key = tuple[str, str, bool]
# What an age is weighed together with.
_WITH_AN_AGE = (Role.SEXUAL, Role.UNDRESS)
# The same prompts come again and again; some 40 MB at most.
_REMEMBERED = 15_000
_REMEMBERED_CHARACTERS = 1_000


class PromptTooLongError(TooLargeError):
    """The prompt is longer than the limit. Nothing was judged: a cut prompt could hide anything."""

    code = "TEXT_TOO_LONG"


class _Read(NamedTuple):
    """One prompt, read but not yet weighed."""

    canonical: Canonical
    language: str
    sought: str
    grounds: tuple[Ground, ...] = ()


class PromptFilter:
    """Checks prompts under one lexicon, one policy and at most one classifier."""

    def __init__(
        self,
        *,
        matcher: Matcher,
        fold: CharacterFold,
        languages: Languages,
        exclusions: Exclusions,
        policy: PromptPolicy,
        classifier: Classifier | None,
        lexicon_version: str,
        max_characters: int = 20_000,
    ) -> None:
        self._matcher = matcher
        self._fold = fold
        self._languages = languages
        self._exclusions = exclusions
        self.policy = policy
        self._classifier = classifier
        self._max_characters = max_characters
        absent = () if classifier else (AbsentSignal(DETECTOR, AbsenceCause.NOT_CONFIGURED),)
        self._judging = Judging(policy, absent)
        self._judged: Remembered[_Key, Judgement] = Remembered(_REMEMBERED)
        model = classifier.version if classifier else "none"
        self.model_version = f"lexicon-{lexicon_version}/classifier-{model}"

    def with_matcher(self, matcher: Matcher, lexicon_version: str) -> PromptFilter:
        """The same filter over another lexicon."""
        return PromptFilter(
            matcher=matcher,
            fold=self._fold,
            languages=self._languages,
            exclusions=self._exclusions,
            policy=self.policy,
            classifier=self._classifier,
            lexicon_version=lexicon_version,
            max_characters=self._max_characters,
        )

    def check(self, prompt: Prompt) -> PromptVerdict:
        """Judge one prompt. PromptTooLongError past the limit."""
        return self.check_all([prompt])[0]

    def check_all(self, prompts: Sequence[Prompt]) -> list[PromptVerdict]:
        """Judge many prompts at once: the classifier is asked once for all that were not judged lately."""
        if not self.allows(prompts):
            for prompt in prompts:
                self.check_length(prompt)
        # What a judgement depends on: the same key, the same judgement.
        keys = [(prompt.text, prompt.negative_text, prompt.has_reference_face) for prompt in prompts]
        known = self._judged.look_up(keys)
        fresh: dict[_Key, Judgement] = {}
        if None in known:
            asked = zip(keys, prompts, known, strict=True)
            fresh = self._judge({key: prompt for key, prompt, judgement in asked if judgement is None})
            self._judged.keep({key: one for key, one in fresh.items() if _worth_keeping(key)})
        return [
            PromptVerdict(prompt.id, *(judgement or fresh[key]), self.model_version)
            for prompt, key, judgement in zip(prompts, keys, known, strict=True)
        ]

    def _judge(self, new: Mapping[_Key, Prompt]) -> dict[_Key, Judgement]:
        read = [self._read(prompt) for prompt in new.values()]
        answers = self._classify(read)
        return {
            key: self._judging(one.grounds, answer, one.canonical.mapped)
            for key, one, answer in zip(new, read, answers, strict=True)
        }

    def allows(self, prompts: Sequence[Prompt]) -> bool:
        """Whether no prompt is too long."""
        return max(map(_length, prompts), default=0) <= self._max_characters

    def check_length(self, prompt: Prompt) -> None:
        """PromptTooLongError where text and negative text together pass the limit."""
        length = _length(prompt)
        if length > self._max_characters:
            raise PromptTooLongError(f"prompt has {length} characters, {self._max_characters} are allowed")

    def _read(self, prompt: Prompt) -> _Read:
        canonical = canonicalise(prompt.text, self._fold)
        parsed = parse(canonical.text)
        if not leaves_out(canonical.text, parsed, prompt.negative_text):
            words, silent = self._matcher.glance(parsed.text)
            if words and not (silent and perhaps_not_sought(parsed.text, words)):
                return _Read(canonical, self._languages.of(words, prompt.text), parsed.text)
        tokens = Tokens(parsed.text)
        language = self._languages.of(self._matcher.whole_words(tokens), prompt.text)
        found = self._matcher.find(tokens, language, canonical.mapped.of(prompt.text))
        meant = self._matcher.meant(tokens, language)
        unread = self._matcher.too_odd(tokens)
        negative = canonicalise(prompt.negative_text, self._fold).text
        undressed = self._exclusions.undressing(canonical.text, parsed, negative)
        if not (found or unread or undressed):
            return _Read(canonical, language, sought_text(parsed, (), meant))
        distinct = without_overlaps(Finding(hit, standing(parsed, hit.start, hit.end)) for hit in found)
        findings = doubted(distinct, disguised=canonical.disguised)
        if undressed:
            findings = (*findings, undressed)
        # An age says nothing by itself.
        ages = find_ages(parsed.text) if any(one.role in _WITH_AN_AGE for one in findings) else ()
        evidence = Evidence(findings, tuple(ages), canonical.disguised, unread, prompt.has_reference_face)
        return _Read(canonical, language, sought_text(parsed, findings, meant), grounds(evidence))

    def _classify(self, read: Sequence[_Read]) -> list[Answer]:
        if self._classifier is None:
            return [NO_ANSWER] * len(read)
        settled = [number for number, one in enumerate(read) if blocked(one.grounds, self.policy)]
        answers = self._classifier.score([one.sought for one in read], settled)
        return [
            tempered(answer, one.sought, one.language, self.policy, self._matcher.looks_worse)
            for answer, one in zip(answers, read, strict=True)
        ]


def _worth_keeping(key: _Key) -> bool:
    text, negative, _ = key
    return len(text) + len(negative) <= _REMEMBERED_CHARACTERS


def _length(prompt: Prompt) -> int:
    return len(prompt.text) + len(prompt.negative_text)
