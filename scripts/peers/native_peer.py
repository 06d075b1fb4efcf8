"""ONNX Runtime and OpenVINO through peer_calls.c, which is compiled here."""

import ctypes
import pathlib
import subprocess

import onnxruntime
import openvino

ROOM = 400_000


def compile_calls(folder):
    """Compiles and loads peer_calls.c against the libraries inside the two wheels."""
    ort = pathlib.Path(onnxruntime.__file__).parent / "capi"
    ov = pathlib.Path(openvino.__file__).parent
    ort_library = sorted(ort.glob("libonnxruntime.so.*"))[0]
    ov_library = sorted((ov / "libs").glob("libopenvino_c.so.*"))[0]
    target = pathlib.Path(folder) / "peer_calls.so"
    source = pathlib.Path(__file__).with_name("peer_calls.c")
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", str(source), "-o", str(target)]
        + [f"-I{ov / 'include'}", f"-L{ov / 'libs'}", f"-l:{ov_library.name}"]
        + [f"-L{ort}", f"-l:{ort_library.name}", f"-Wl,-rpath,{ov / 'libs'}"],
        check=True,
    )
    # Under the name that the linker noted, which the wheel has no file for.
    ctypes.CDLL(str(ort_library), mode=ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(str(target))
    library.ort_open.restype = library.ov_open.restype = ctypes.c_void_p
    library.time_calls.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int]
    return library


class NativePeer:
    """One graph in one of the two runtimes; `runtime` is `ort` or `ov`."""

    def __init__(self, library, runtime, path, inputs, outputs):
        count = len(inputs)
        self.library = library
        self.room = (ctypes.c_int64 * ROOM)()

        def names(tensors):
            return (ctypes.c_char_p * count)(*(name.encode() for name, _ in tensors))

        both = [shape for _, shape in inputs + outputs]
        flat = [size for shape in both for size in shape]
        # Kept: the C side reads them in every call.
        self.keep = (
            names(inputs),
            names(outputs),
            (ctypes.c_int * (2 * count))(*map(len, both)),
            (ctypes.c_int64 * len(flat))(*flat),
        )
        opened = library.ort_open if runtime == "ort" else library.ov_open
        self.handle = opened(str(path).encode(), count, *self.keep)
        if not self.handle:
            raise RuntimeError(f"{runtime} does not take {path}")

    def times(self, seconds):
        """Nanoseconds of each call; a quarter of the time warms up."""
        count = self.library.time_calls(self.handle, int(seconds * 1e9), self.room, ROOM)
        if count < 0:
            raise RuntimeError("a call failed")
        return self.room[:count]
