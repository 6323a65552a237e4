"""`palisade account`: violations, standing, appeals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import typer

from services.cli import options, render
from services.cli.job import Job
from services.cli.output import check_given, run_job

if TYPE_CHECKING:
    from services.cli.accounts import Accounts, OpenAccounts
    from services.cli.fields import Fields
    from services.cli.job import Answer

app = typer.Typer(help="Record violations; read, appeal and resolve what follows.", no_args_is_help=True)

T = TypeVar("T")

_BATCH = 64

Database = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        help="The store: sqlite:///FILE or postgresql://…; else the variable PALISADE_DATABASE__URL.",
        show_default=False,
    ),
]
_Text = Annotated[str, typer.Option(show_default=False)]
_Name = Annotated[str, typer.Argument(show_default=False)]


def _restrictions(answer: Mapping[str, Any]) -> str:
    kinds = (f"{each['kind']} until {each['until'] or 'lifted'}" for each in answer["restrictions"])
    return "\n".join(kinds) or "–"


def _events(answer: Mapping[str, Any]) -> str:
    return "\n".join(f"{each['recorded_at']} {each['kind']} {each['id']}" for each in answer["events"]) or "–"


_STANDING = {
    "account": render.field("account"),
    "standing": render.field("standing"),
    "restrictions": _restrictions,
    "reasons": render.reasons,
}
_EVENTS = {"account": render.field("account"), "events": _events}
_FILED = {name: render.field(name) for name in ("account", "violation", "appeal", "recorded_at")}
_RESOLVED = {"appeal": render.field("appeal"), "outcome": render.field("outcome"), **_STANDING}


@app.command()
def record(
    *,
    account: _Text = "",
    item: _Text = "",
    category: _Text = "",
    severity: _Text = "",
    decision: _Text = "",
    occurred_at: Annotated[str, typer.Option(help="ISO 8601; else now.", show_default=False)] = "",
    event_id: Annotated[
        str, typer.Option("--id", help="Id of the event; else derived.", show_default=False)
    ] = "",
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    database: Database = "",
    tenant: options.Tenant = "",
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """State violations and show the standing that follows. The same id again changes nothing.

    Lines in: {"id", "account", "item", "category", "severity", "decision", "occurred_at"}, where
    "occurred_at" is ISO 8601 or seconds since the epoch.
    """
    from services.cli import account_lines as lines

    stated = {
        "account": account,
        "item": item,
        "category": category,
        "severity": severity,
        "decision": decision,
        "occurred_at": occurred_at,
    }
    given = {name: value for name, value in stated.items() if value}
    derived = bool(given) and not event_id
    check_given(list(given), jsonl=jsonl, what="--account, --item, --category, --severity and --decision")

    async def ask(accounts: Accounts, violation: Any) -> Answer:
        recorded = await accounts.record(violation)
        answer = lines.standing_answer(recorded.standing)
        return {"id": recorded.event.event_id, **answer} if derived else answer

    where = _Where(database, tenant, options.server_options(server, api_key_file, ca_file, tls, timeout))
    _run(
        where,
        _Call(lines.unnamed_violation if derived else lines.violation, ask, _STANDING),
        [{"id": event_id or "1", **given}] if given else [],
        jsonl=jsonl,
        as_json=as_json,
    )


@app.command()
def standing(
    *,
    accounts: Annotated[list[str] | None, typer.Argument(metavar="ACCOUNT", show_default=False)] = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    database: Database = "",
    tenant: options.Tenant = "",
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Show what accounts may do now, and why not more.

    Lines in: {"id", "account"}.
    """
    from services.cli import account_lines as lines

    check_given(accounts or [], jsonl=jsonl, what="accounts")

    async def ask(open_accounts: Accounts, account: str) -> Answer:
        return lines.standing_answer(await open_accounts.standing(account))

    where = _Where(database, tenant, options.server_options(server, api_key_file, ca_file, tls, timeout))
    given = [{"id": account, "account": account} for account in accounts or []]
    _run(where, _Call(lines.account, ask, _STANDING), given, jsonl=jsonl, as_json=as_json)


@app.command()
def events(
    *,
    accounts: Annotated[list[str] | None, typer.Argument(metavar="ACCOUNT", show_default=False)] = None,
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    database: Database = "",
    tenant: options.Tenant = "",
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Show everything that is recorded of accounts, the oldest first.

    Lines in: {"id", "account"}.
    """
    from services.cli import account_lines as lines

    check_given(accounts or [], jsonl=jsonl, what="accounts")

    async def ask(open_accounts: Accounts, account: str) -> Answer:
        return lines.events_answer(account, await open_accounts.events(account))

    where = _Where(database, tenant, options.server_options(server, api_key_file, ca_file, tls, timeout))
    given = [{"id": account, "account": account} for account in accounts or []]
    _run(where, _Call(lines.account, ask, _EVENTS), given, jsonl=jsonl, as_json=as_json)


@app.command()
def appeal(
    *,
    account: _Name = "",
    violation: _Name = "",
    statement: _Text = "",
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    database: Database = "",
    tenant: options.Tenant = "",
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """File an account's appeal against its violation, named by the event's id.

    Lines in: {"id", "account", "violation", "statement"}.
    """
    from services.cli import account_lines as lines

    stated = {"account": account, "violation": violation, "statement": statement}
    given = [{"id": "1", **stated}] if account and violation else []
    check_given(given, jsonl=jsonl, what="an account and the id of its violation")

    async def ask(accounts: Accounts, filed: lines.Appeal) -> Answer:
        return lines.filed_answer(await accounts.appeal(filed.account, filed.violation, filed.statement))

    where = _Where(database, tenant, options.server_options(server, api_key_file, ca_file, tls, timeout))
    _run(where, _Call(lines.appeal, ask, _FILED), given, jsonl=jsonl, as_json=as_json)


@app.command()
def resolve(
    *,
    account: _Name = "",
    appeal_id: Annotated[str, typer.Argument(metavar="APPEAL", show_default=False)] = "",
    outcome: Annotated[str, typer.Option(help="upheld or overturned.", show_default=False)] = "",
    moderator: Annotated[str, typer.Option(help="The person who decides.", show_default=False)] = "",
    statement: _Text = "",
    jsonl: options.Jsonl = False,
    as_json: options.AsJson = False,
    database: Database = "",
    tenant: options.Tenant = "",
    server: options.Server = "",
    api_key_file: options.ApiKeyFile = None,
    ca_file: options.CaFile = None,
    tls: options.Tls = False,
    timeout: options.Timeout = 30.0,
) -> None:
    """Uphold or overturn an appeal, named by the id that `appeal` answered.

    Lines in: {"id", "account", "appeal", "outcome", "moderator", "statement"}.
    """
    from services.cli import account_lines as lines

    stated = {"outcome": outcome, "moderator": moderator, "statement": statement}
    given = [{"id": "1", "account": account, "appeal": appeal_id, **stated}] if account and appeal_id else []
    check_given(given, jsonl=jsonl, what="an account and the id of its appeal")

    async def ask(accounts: Accounts, ruling: lines.Ruling) -> Answer:
        resolved = await accounts.resolve(
            ruling.account,
            ruling.appeal,
            ruling.outcome,
            moderator=ruling.moderator,
            statement=ruling.statement,
        )
        return lines.resolved_answer(ruling, resolved.standing)

    where = _Where(database, tenant, options.server_options(server, api_key_file, ca_file, tls, timeout))
    _run(where, _Call(lines.ruling, ask, _RESOLVED), given, jsonl=jsonl, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Where:
    """Which accounts are meant: a server's, or a database's of one tenant."""

    database: str
    tenant: str
    server: options.ServerOptions | None

    def open(self) -> AbstractContextManager[OpenAccounts]:
        options.check_local(self.server, database=self.database, tenant=self.tenant)
        if self.server is not None:
            from services.cli.account_remote import remote_accounts

            return remote_accounts(self.server)
        from services.cli.accounts import stored_accounts
        from services.cli.settings import load_section
        from services.enforcement.settings import DatabaseSettings

        address = self.database or load_section("database", DatabaseSettings).address
        return stored_accounts(address, tenant=self.tenant or options.LOCAL_TENANT)


@dataclass(frozen=True, slots=True)
class _Call(Generic[T]):
    """One command: how an object is read, what is asked, what is shown."""

    parse: Callable[[str, Fields], T]
    ask: Callable[[Accounts, T], Awaitable[Answer]]
    columns: render.Columns


def _run(
    where: _Where, call: _Call[T], given: Sequence[Mapping[str, object]], *, jsonl: bool, as_json: bool
) -> None:
    """One after the other: what an account did earlier counts before what it did later."""
    from services.cli.aio import side_by_side

    with where.open() as opened:

        async def ask(item: T) -> Answer:
            return await call.ask(opened.accounts, item)

        job = Job(call.parse, side_by_side(opened.runner, ask, at_once=1), _BATCH)
        run_job(job, given, columns=call.columns, jsonl=jsonl, as_json=as_json)
