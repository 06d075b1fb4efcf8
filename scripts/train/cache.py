"""Where training keeps what can be made again: prepared data and checkpoints."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "samples" / "models"


def cache_directory(*parts: str) -> Path:
    """A directory under scripts/.cache/train (or $LOCKSTEP_TRAIN_CACHE), made if it is not there."""
    base = Path(os.environ.get("LOCKSTEP_TRAIN_CACHE", ROOT / "scripts" / ".cache" / "train"))
    directory = base.joinpath(*parts)
    directory.mkdir(parents=True, exist_ok=True)
    return directory
