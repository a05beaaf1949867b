"""Make room for the rules that keep time: classification, promises in stages, routing, ticket life, emergencies."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
