"""``make sbom``: what ships, as a CycloneDX document and as a list of licences, without asking any network.

``python -m tests.security.sbom FOLDER`` reads the lock of what we run on and the metadata of what is installed.
"""

import csv
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "core.txt"
GOES_WITH_GPL3 = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python|MPL|Mozilla|LGPL|Lesser|GPL|GNU General|Zlib|Unlicense|CC0|Public Domain|HPND|CMU|0BSD|Artistic",
    re.IGNORECASE,
)


def shipped() -> dict[str, str]:
    """Return every locked package with its version."""
    return dict(re.findall(r"^([\w.-]+)==([\w.+]+)", LOCK.read_text("utf-8"), re.MULTILINE))


def licence_of(name: str) -> str:
    """Return what a package says of its licence; empty where it is not installed on this kind of machine."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    told = _field(about, "License-Expression")
    classified = "; ".join(
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License ::")
    )
    return told or classified or (_field(about, "License") or "unknown").strip().splitlines()[0][:100]


def _field(about: metadata.PackageMetadata, name: str) -> str:
    return str(next(iter(about.get_all(name) or ()), ""))


def licences() -> list[tuple[str, str, str]]:
    """Return name, version and licence of what ships and is installed here."""
    return [
        (name, version, told) for name, version in sorted(shipped().items()) if (told := licence_of(name))
    ]


def document() -> dict[str, object]:
    """Return the CycloneDX document of the lock."""
    made = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml"),
         "--output-reproducible", "--of", "JSON", "-o", "-"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found: dict[str, object] = json.loads(made.stdout)
    return found


def main() -> int:
    """Write both; 1 if a licence does not go with ours or is not told."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(
        json.dumps(document(), indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    told = licences()
    with (folder / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("package", "version", "licence"), *told])
    strange = [one for one in told if not GOES_WITH_GPL3.search(one[2])]
    for name, version, licence in strange:
        sys.stdout.write(f"{name} {version}: {licence}: does not go with GPL-3.0-or-later, or is not told\n")
    sys.stdout.write(f"{len(shipped())} packages, {len(told)} licences in {folder}\n")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
