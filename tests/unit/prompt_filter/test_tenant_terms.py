"""Tenants' own terms: effective at the next refresh, and never lost by a slip of the hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.contracts.vocabulary import Category, Decision
from services.prompt_filter.prompt import Prompt
from services.prompt_filter.tenants import TenantFilters
from tests.unit.prompt_filter.placeholders import EXPLICIT, fold, lexicon, prompt_filter

NEW = "quexillion"


@pytest.fixture
def tenants(tmp_path: Path) -> TenantFilters:
    return TenantFilters(prompt_filter(), lexicon(), fold(), folder=tmp_path)


def write(folder: Path, tenant: str, **content: Any) -> None:
    (folder / f"{tenant}.json").write_text(json.dumps(content), encoding="utf-8")


def decision(tenants: TenantFilters, text: str, tenant: str = "acme") -> Decision:
    return tenants.of(tenant).check(Prompt("p", text)).outcome.decision


def test_a_blocked_term_takes_effect_without_a_restart(tenants: TenantFilters, tmp_path: Path) -> None:
    tenants.refresh()
    assert decision(tenants, f"the {NEW} lake") is Decision.ALLOW
    write(tmp_path, "acme", block=[{"term": NEW}])
    tenants.refresh()
    assert decision(tenants, f"the {NEW} lake") is Decision.BLOCK
    assert decision(tenants, f"the {NEW.upper()[:-1]}N lake") is Decision.BLOCK


def test_an_allowed_term_takes_effect_without_a_restart(tenants: TenantFilters, tmp_path: Path) -> None:
    assert decision(tenants, EXPLICIT) is Decision.BLOCK
    write(tmp_path, "acme", allow=[EXPLICIT.capitalize()])
    tenants.refresh()
    assert decision(tenants, EXPLICIT) is Decision.ALLOW


def test_an_allowed_phrase_lets_go_of_the_word_in_it_alone(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", allow=[f"Great {EXPLICIT}"])
    tenants.refresh()
    assert decision(tenants, f"a great {EXPLICIT} by the lake") is Decision.ALLOW
    assert decision(tenants, f"a {EXPLICIT} by the lake") is Decision.BLOCK


def test_no_other_tenant_is_touched(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", block=[{"term": NEW}], allow=[EXPLICIT])
    tenants.refresh()
    assert decision(tenants, NEW, "other") is Decision.ALLOW
    assert decision(tenants, EXPLICIT, "other") is Decision.BLOCK


@pytest.mark.parametrize("broken", ["{", "[]", '{"blok": []}', '{"block": [{"term": "x"}]}', '{"allow": 5}'])
def test_a_bad_file_keeps_the_last_good_state(tenants: TenantFilters, tmp_path: Path, broken: str) -> None:
    write(tmp_path, "acme", block=[{"term": NEW}])
    tenants.refresh()
    (tmp_path / "acme.json").write_text(broken, encoding="utf-8")
    tenants.refresh()
    assert decision(tenants, NEW) is Decision.BLOCK
    write(tmp_path, "acme", block=[])
    tenants.refresh()
    assert decision(tenants, NEW) is Decision.ALLOW


def test_a_first_bad_file_leaves_the_shared_filter(tenants: TenantFilters, tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_text("{", encoding="utf-8")
    tenants.refresh()
    assert decision(tenants, EXPLICIT) is Decision.BLOCK


def test_a_removed_file_ends_its_terms(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", block=[{"term": NEW}])
    tenants.refresh()
    (tmp_path / "acme.json").unlink()
    tenants.refresh()
    assert decision(tenants, NEW) is Decision.ALLOW


def test_an_unchanged_file_is_not_read_again(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", block=[{"term": NEW}])
    tenants.refresh()
    before = tenants.of("acme")
    tenants.refresh()
    assert tenants.of("acme") is before


def test_a_protected_person_counts_only_in_conjunction(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", protected_persons=["Zeldina Quorn"])
    tenants.refresh()
    assert decision(tenants, "zeldina quorn at the lake") is Decision.ALLOW
    verdict = tenants.of("acme").check(Prompt("p", f"zeldina quorn {EXPLICIT}"))
    assert Category.NONCONSENSUAL in {reason.category for reason in verdict.outcome.reasons}


def test_a_known_minor_counts_only_in_conjunction(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", known_minors=["Pippa Moonbeam"])
    tenants.refresh()
    assert decision(tenants, "pippa moonbeam at the lake") is Decision.ALLOW
    verdict = tenants.of("acme").check(Prompt("p", f"pippa moonbeam {EXPLICIT}"))
    assert verdict.outcome.decision is Decision.BLOCK
    assert Category.SEXUAL_MINORS in {reason.category for reason in verdict.outcome.reasons}


def test_the_version_tells_that_a_tenants_terms_were_used(tenants: TenantFilters, tmp_path: Path) -> None:
    write(tmp_path, "acme", block=[{"term": NEW}])
    tenants.refresh()
    assert tenants.of("acme").model_version != tenants.of("other").model_version
