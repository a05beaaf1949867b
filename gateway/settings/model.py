"""Every setting, with its default. The rules of service have those of the handbooks' strictest figures.

What a key means to an operator is told in docs/reference/config.md; a test reads both.
"""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, InstanceOf, ValidationInfo, model_validator

from gateway.domain.policy import Policy
from gateway.settings.accounts import Accounts
from gateway.settings.actions import ActionName, ActionRule, shipped_actions
from gateway.settings.audit import AuditRules
from gateway.settings.channels import Channel
from gateway.settings.directory import DirectoryChoice
from gateway.settings.fields import Place, Port, beside_config
from gateway.settings.identity import IdentityChoice, SmsChoice
from gateway.settings.limits import LimitRules
from gateway.settings.outgoing import OutgoingRules
from gateway.settings.privacy import Privacy
from gateway.settings.protection import Protection
from gateway.settings.retention import Retention
from gateway.settings.rules import (
    AutomaticMail,
    DepartmentRule,
    Hours,
    House,
    Ratings,
    Routing,
    Strict,
    Tickets,
    Tries,
    WordLists,
    departments_of_the_sample,
)
from gateway.settings.rules_alarms import Alarms
from gateway.settings.rules_emergency import Emergencies
from gateway.settings.rules_life import Complaints, Logged, Tags, life_of
from gateway.settings.rules_promises import Promises
from gateway.settings.rules_routing import PeopleRules
from gateway.settings.rules_triage import TriageRules, triager_of
from gateway.settings.to_policy import policy_of
from gateway.settings.uploads import UploadRules
from gateway.triage.triage import Triager
from knowledge.semantic import Wish


def checked_database(url: str, info: ValidationInfo) -> str:
    """Return a database address that the store understands, a SQLite path as seen from the configuration.

    Raises:
        ValueError: it names another kind of database.
    """
    if url and not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError('"sqlite:///path" or "postgresql://login:password@host/name"')
    kind, _, path = url.partition(":///")
    return f"sqlite:///{beside_config(Path(path), info)}" if kind == "sqlite" else url


def checked_address(url: str) -> str:
    """Return the address the world reaches us at, without a slash at its end.

    Raises:
        ValueError: it is no plain http(s) address.
    """
    parts = urlsplit(url)
    plain = parts.scheme in ("http", "https") and parts.netloc and not (parts.query or parts.fragment)
    if url and not plain:
        raise ValueError('an address such as "https://help.shop.example"')
    return url.rstrip("/")


class Server(Strict):
    """Where the gateway listens, and how the world reaches it."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: Annotated[str, AfterValidator(checked_address)] = ""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    tls_certificate: Place | None = None
    tls_key: Place | None = None

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the gateway."""
        scheme = "https" if self.tls_certificate else "http"
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"{scheme}://{host}:{self.port}"

    @model_validator(mode="after")
    def both_or_neither(self) -> Self:
        """TLS needs the certificate and its key."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key, both or neither")
        return self


CHECKPOINTS = Path("audit", "checkpoints.jsonl")
"""Where the audit is witnessed, within ``data.dir``."""


class Data(Strict):
    """Where files are kept: blobs, keys, caches, and the database unless it is elsewhere."""

    dir: Place = Field(Path("data"), validate_default=True)


class DatabaseChoice(Strict):
    """Which database; empty is a SQLite file in ``data.dir``."""

    url: Annotated[str, AfterValidator(checked_database)] = ""


class KnowledgeChoice(Strict):
    """Where the knowledge entries are, how a change in them is noticed, and how often they are to be right."""

    folder: Place = Field(Path("knowledge/entries"), validate_default=True)
    watch: Literal["events", "polling"] = "events"
    semantic: Wish = "auto"
    precision: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95


class Logs(Strict):
    """How much is logged."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(Strict):
    """All of the configuration, checked; build it with ``gateway.settings.load``."""

    house: House = House()
    server: Server = Server()
    data: Data = Data()
    protection: Protection = Protection()
    database: DatabaseChoice = DatabaseChoice()
    accounts: Accounts = Accounts()
    knowledge: KnowledgeChoice = KnowledgeChoice()
    logs: Logs = Logs()
    privacy: Privacy = Privacy()
    outgoing: OutgoingRules = OutgoingRules()
    uploads: UploadRules = UploadRules()
    limits: LimitRules = LimitRules()
    hours: Hours = Hours()
    promises: Promises = Promises()
    tickets: Tickets = Tickets()
    complaints: Complaints = Complaints()
    tags: Tags = Tags()
    logged: Logged = Logged()
    ratings: Ratings = Ratings()
    automatic_mail: AutomaticMail = AutomaticMail()
    intake: Tries = Tries()
    departments: Annotated[dict[str, DepartmentRule], Field(min_length=1)] = Field(
        default_factory=departments_of_the_sample
    )
    routing: Routing = Routing()
    people: PeopleRules = PeopleRules()
    words: WordLists = WordLists()
    alarms: Alarms = Alarms()
    triage: TriageRules = TriageRules()
    emergency: Emergencies = Emergencies()
    audit: AuditRules = AuditRules()
    retention: Retention = Retention()
    directory: DirectoryChoice = DirectoryChoice()
    actions: dict[ActionName, ActionRule] = Field(default_factory=shipped_actions)
    identity: IdentityChoice = IdentityChoice()
    sms: SmsChoice = SmsChoice()
    channels: dict[str, InstanceOf[Channel]] = Field(default_factory=dict)

    @property
    def database_url(self) -> str:
        """The database's address: ``database.url``, or a file in ``data.dir``."""
        return self.database.url or f"sqlite:///{self.data.dir / 'gateway.db'}"

    @property
    def checkpoints(self) -> Path:
        """Where the audit's checkpoints are written: ``audit.checkpoints``, or a file in ``data.dir``."""
        return self.audit.checkpoints or self.data.dir / CHECKPOINTS

    @property
    def ways_of_codes(self) -> tuple[str, ...]:
        """How a one-time code can leave this house."""
        by_sms = ("sms",) if self.sms.provider != "none" else ()
        return (*by_sms, "mail") if self.mailbox_of_codes else by_sms

    @property
    def mailbox_of_codes(self) -> str:
        """The mail channel that codes are sent from: ``identity.mail_channel``, or the first; empty for none."""
        wanted = self.identity.mail_channel
        boxes = [name for name, one in self.channels.items() if one.spec.capabilities.subject]
        return next((name for name in boxes if wanted in ("", name)), "")

    @cached_property
    def _policy(self) -> Policy:
        return policy_of(
            house=self.house,
            hours=self.hours,
            promises=self.promises,
            departments=self.departments,
            routing=self.routing,
            people=self.people,
            words=self.words,
            tickets=self.tickets,
            ratings=self.ratings,
            mail=self.automatic_mail,
            tries=self.intake,
            triage_routes=self.triage.routes,
            life=life_of(self.tickets, self.complaints, self.tags, self.logged),
            alarms=self.alarms,
            privacy=self.privacy.as_rules(),
            emergency=self.emergency,
            named=self.triage,
            directory=self.directory,
            actions=self.actions,
            verification=self.identity.rules(
                enabled=self.directory.kind != "none",
                ways=self.ways_of_codes,
                page=f"{self.server.public_url or self.server.address}/verify",
            ),
            protection=self.protection,
        )

    def policy(self) -> Policy:
        """Return the house rules as the plain values that steps read; made once."""
        return self._policy

    def triager(self) -> Triager:
        """Return the rules and the model that say what a first message is about."""
        return triager_of(self.triage, self.data.dir)
