"""A record as people of the house see it: personal data covered unless they may look, and have said why."""

from gateway.domain.actions import mask_address, mask_name
from gateway.domain.masking import mask_email, mask_phone
from gateway.domain.records import Found

_COVERS = {"name": mask_name, "phone": mask_phone, "address": mask_address, "email": mask_email}


def shown(found: Found) -> dict[str, str]:
    """Return the fields of a record with name, telephone, address and mail covered, and private items not named."""
    covered = {
        name: _COVERS[name](value) if name in _COVERS else value
        for name, value in found.attrs.items()
        if name != "private"
    }
    if "private" in found.attrs and "items" in covered:
        covered["items"] = "***"
    return covered
