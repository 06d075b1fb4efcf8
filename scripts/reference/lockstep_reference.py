"""The models of Lockstep in PyTorch: what training, export and the golden files use.

A model here sees a whole recording at once; the Swift streams must give the same numbers frame by
frame. Parameter names are the tensor names of the model file; each type is in the file of its name.
Shapes: `frames` is [frames, input_size] or [batch, frames, input_size]; models return the head's
values before the output activation (`activate`).

  from lockstep_reference import StreamingTransformer, LogMel, export, load
  model = StreamingTransformer(input_size=40, model_size=64, ...)
  logits = model(frames, chunk_size=4)                  # training: float32, batched
  export("speech.safetensors", model, front_end=LogMel(mean=m, std=s), labels=["speech"])
  outputs = load("speech.safetensors").double().outputs(samples)   # activated, [frames, outputs]
"""

from front_ends import ChannelNormaliser, Direct, LogMel, Samples
from model_file import LoadedModel, activate, export, load, write_safetensors
from recurrent_model import RecurrentModel
from silero_vad import SileroVAD
from streaming_transformer import StreamingTransformer

__all__ = [
    "ChannelNormaliser",
    "Direct",
    "LoadedModel",
    "LogMel",
    "RecurrentModel",
    "Samples",
    "SileroVAD",
    "StreamingTransformer",
    "activate",
    "export",
    "load",
    "write_safetensors",
]
