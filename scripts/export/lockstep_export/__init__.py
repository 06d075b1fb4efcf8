"""PyTorch models as Lockstep model files: docs/from-pytorch.md tells how.

Every function writes a model file, runs stored frames through the module and through `lockstep model
check`, and leaves the file only where both agree. What does not fit raises `ExportRefused`, which names it.

  from lockstep_export import export_recurrent, channel_normaliser
  print(export_recurrent("net.safetensors", net, layers=net.lstm, head=net.head,
                         front_end=channel_normaliser(50, mean, std), labels=["rest", "move"]))
"""

from .checking import CheckReport
from .front_ends import FrontEnd, channel_normaliser, log_mel, no_front_end
from .recurrent import export_recurrent
from .refusal import ExportRefused
from .safetensors_file import write_safetensors
from .state_dict import export_state_dict
from .transformer import export_transformer

__all__ = [
    "CheckReport",
    "ExportRefused",
    "FrontEnd",
    "channel_normaliser",
    "export_recurrent",
    "export_state_dict",
    "export_transformer",
    "log_mel",
    "no_front_end",
    "write_safetensors",
]
