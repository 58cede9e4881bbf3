"""The yardsticks of circles and rota, where they are installed: cases and evaluators of their own."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

SHARED = Path(__file__).resolve().parents[2] / "shared"


def judge(name: str) -> ModuleType | None:
    """The module of this name in the folder EVENHAND_BENCH, or in `shared/bench` beside the project."""
    file = Path(os.environ.get("EVENHAND_BENCH", SHARED / "bench")) / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
