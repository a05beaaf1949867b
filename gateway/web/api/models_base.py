"""What all models of the desk's interface are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from gateway.desk.actions import MAX_TEXT

Words = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]


class Model(BaseModel):
    """Strict at the door: unknown keys are refused, so nobody can slip one in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Model):
    """An agent or a customer, as others see them."""

    number: str
    name: str
