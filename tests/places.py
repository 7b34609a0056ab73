"""Where the tests find what stands beside them: the project's folder, its documents, the sample bases."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DATA = ROOT / "tests" / "data"
