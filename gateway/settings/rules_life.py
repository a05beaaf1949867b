"""The settings of a ticket's life: what a complaint's record must hold, tags by rule, channels logged by hand."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from gateway.domain.complaint import FIELDS
from gateway.domain.life import FOLLOW_CLOSELY, YEAR, Life, TagRule
from gateway.settings.fields import Span, Text, parse_text
from gateway.settings.rules import Strict, Tickets

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Field_ = Literal[FIELDS]  # type: ignore[valid-type] # the very names that the record has
LoggedName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class Complaints(Strict):
    """The record that each complaint has."""

    required: tuple[Field_, ...] = ()


class TagWhen(Strict):
    """What must hold, all of it, for a tag to be given."""

    complaints_at_least: Annotated[int, Field(ge=1)] | None = None
    within: Span = YEAR
    reopens_at_least: Annotated[int, Field(ge=1)] | None = None
    amount_at_least: Annotated[Decimal, Field(gt=0)] | None = None
    products: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        """A rule that asks nothing would tag everybody."""
        counted = (self.complaints_at_least, self.reopens_at_least, self.amount_at_least)
        if not (any(one is not None for one in counted) or self.products or self.words):
            raise ValueError("one of complaints_at_least, reopens_at_least, amount_at_least, products, words")
        return self


class TagRuleTable(Strict):
    """One rule."""

    when: TagWhen
    tag: Tag
    on: Literal["contact", "ticket"] = "contact"


class Tags(Strict):
    """Tags that are given by themselves."""

    rules: tuple[TagRuleTable, ...] = (TagRuleTable(when=TagWhen(complaints_at_least=3), tag=FOLLOW_CLOSELY),)


class Logged(Strict):
    """What no adapter reads and agents write down."""

    channels: dict[LoggedName, Text] = Field(
        default_factory=lambda: {
            "phone": parse_text({"zh-CN": "电话", "en": "Phone"}),
            "walk_in": parse_text({"zh-CN": "到店", "en": "Walk-in"}),
            "sms": parse_text({"zh-CN": "短信", "en": "SMS"}),
        }
    )


def life_of(tickets: Tickets, complaints: Complaints, tags: Tags, logged: Logged) -> Life:
    """Return the rules of a ticket's life."""
    return Life(
        close_after=tickets.close_after,
        close_notice=tickets.close_notice,
        complaint_required=complaints.required,
        tag_rules=tuple(
            TagRule(
                tag=rule.tag,
                on=rule.on,
                complaints_at_least=rule.when.complaints_at_least,
                within=rule.when.within,
                reopens_at_least=rule.when.reopens_at_least,
                amount_at_least=rule.when.amount_at_least,
                products=rule.when.products,
                words=rule.when.words,
            )
            for rule in tags.rules
        ),
        logged={name: dict(label.texts) for name, label in logged.channels.items()},
        merge_notice=tickets.merge_notice,
    )
