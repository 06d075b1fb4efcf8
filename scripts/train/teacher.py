"""The teacher: Silero VAD's probability of speech, from its ONNX weights in the silero-vad wheel (MIT)."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import onnxruntime

MODEL = "silero_vad_16k_op15.onnx"
SHA256 = "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
CHUNK = 512
CONTEXT = 64


class Teacher:
    """Silero VAD at 16 kHz, chunk after chunk, from a zero state for every recording."""

    def __init__(self) -> None:
        # Found, not imported: the package's own code wants torchaudio.
        package = importlib.util.find_spec("silero_vad")
        if package is None or package.origin is None:
            raise SystemExit("Error: the Python package silero-vad is not installed")
        path = Path(package.origin).parent / "data" / MODEL
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != SHA256:
            raise SystemExit(f"Error: {path} has sha256 {digest}, expected {SHA256}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def chunk_probabilities(self, streams: np.ndarray) -> np.ndarray:
        """[streams, samples] to [streams, ceil(samples / 512)]; zeros fill the last chunk."""
        count, length = streams.shape
        chunks = -(-length // CHUNK)
        padded = np.zeros((count, CONTEXT + chunks * CHUNK), np.float32)
        padded[:, CONTEXT : CONTEXT + length] = streams
        state = np.zeros((2, count, 128), np.float32)
        rate = np.array(16000, np.int64)
        result = np.empty((count, chunks), np.float32)
        for k in range(chunks):
            window = padded[:, k * CHUNK : k * CHUNK + CONTEXT + CHUNK]
            out, state = self.session.run(None, {"input": window, "state": state, "sr": rate})
            result[:, k] = out[:, 0]
        return result

    def frame_probabilities(
        self, streams: np.ndarray, frames: int, hop: int, window: int
    ) -> np.ndarray:
        """[streams, samples] to [streams, frames]: a frame gets the chunk that holds its middle."""
        middle = (np.arange(frames) * hop + window // 2) // CHUNK
        return self.chunk_probabilities(streams)[:, middle]
