"""What the desk is told of what a customer named."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Entity(BaseModel):
    """Something the customer named; telephones and mail addresses are covered."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["order", "tracking", "phone", "email", "amount", "product", "date"]
    value: str
