"""Read a configuration whole: file, environment, secrets, channels; and either all of it is right or none."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapters import registry
from gateway.errors import ConfigError, Problem
from gateway.settings.channels import SpecOf, channels_of
from gateway.settings.cross_checks import cross_checked
from gateway.settings.mistakes import Mistake, mistakes_of
from gateway.settings.model import Settings
from gateway.settings.secret_values import resolved
from gateway.settings.shape import is_table
from gateway.settings.sources import PREFIX, Tables, from_environment, from_file, has, is_value, merged


def load(
    path: Path | str = "config.toml",
    *,
    environ: Mapping[str, str] | None = None,
    spec_of: SpecOf = registry.spec,
) -> Settings:
    """Return the settings of a file with the environment (``GATEWAY__SERVER__PORT=8080``) laid over it.

    Relative paths in it are seen from the file's own folder.

    Raises:
        ConfigError: with every problem at once; nothing is half loaded.
    """
    path = Path(path)
    environ = os.environ if environ is None else environ
    file = from_file(path)
    variables, mistakes = from_environment(environ)
    tables: Tables = merged(file, variables)
    context = {"base": path.parent.absolute()}
    channels, more = channels_of(
        tables.pop("channels", {}), spec_of=spec_of, environ=environ, context=context
    )
    tables, secrets = resolved(tables, Settings, at=(), environ=environ, base=context["base"])
    settings, others = _settings(tables | {"channels": channels}, context, secrets)
    mistakes += secrets + others + more
    if settings is None or mistakes:
        raise ConfigError([_problem(mistake, path, file, variables) for mistake in mistakes])
    return settings


def _settings(
    tables: Tables, context: dict[str, Any], known: list[Mistake]
) -> tuple[Settings | None, list[Mistake]]:
    # A table that is not there is read as an empty one, so that its default paths are seen from the file too.
    all_tables: Tables = {
        name: {} for name, field in Settings.model_fields.items() if is_table(field.annotation)
    }
    try:
        settings = Settings.model_validate({**all_tables, **tables}, context=context)
    except ValidationError as error:
        return None, mistakes_of(error, Settings, known=known)
    return settings, cross_checked(settings)


def _problem(mistake: Mistake, path: Path, file: Tables, variables: Tables) -> Problem:
    in_environment = mistake.from_environment or (
        has(variables, mistake.key) and (is_value(variables, mistake.key) or not has(file, mistake.key))
    )
    return Problem(
        file="environment" if in_environment else path.name,
        key=PREFIX + "__".join(mistake.key).upper() if in_environment else ".".join(mistake.key) or "-",
        found=mistake.found,
        wanted=mistake.wanted,
        remedy=mistake.remedy,
    )
