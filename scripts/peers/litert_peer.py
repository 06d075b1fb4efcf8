"""LiteRT with XNNPACK, one thread, called from Python: the interpreter keeps its tensors in place."""

import ctypes
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter

import litert_graphs


class LiteRTPeer:
    """A step of a workload; only of one frame."""

    def __init__(self, workload):
        if workload.chunk > 1:
            raise RuntimeError("a chunk of frames needs a mask that turns with the window")
        graph = litert_graphs.lstm if workload.is_lstm else litert_graphs.transformer
        # Without another word it takes XNNPACK for what that can do.
        self.interpreter = Interpreter(model_content=graph(workload), num_threads=1)
        self.interpreter.allocate_tensors()
        random = np.random.default_rng(1)
        inputs = self.interpreter.get_input_details()
        for tensor in inputs:
            values = random.standard_normal(tensor["shape"]) * 0.1
            self.interpreter.set_tensor(tensor["index"], values.astype(np.float32))
        self.inputs = [tensor["index"] for tensor in inputs]
        self.outputs = [tensor["index"] for tensor in self.interpreter.get_output_details()]
        self.window = 0 if workload.is_lstm else inputs[1]["shape"][2]
        self.slot = 0
        # By address: the interpreter does not run while there are views of its own.
        self.states = [
            (self.view(self.inputs[i]), self.view(self.outputs[i])) for i in range(1, len(inputs))
        ]

    def view(self, index):
        shown = self.interpreter.tensor(index)()
        address, shape = shown.__array_interface__["data"][0], shown.shape
        memory = (ctypes.c_float * shown.size).from_address(address)
        return np.frombuffer(memory, np.float32).reshape(shape)

    def call(self):
        self.interpreter.invoke()
        if self.window == 0:
            for state, new in self.states:
                state[:] = new
            return
        # The newest frame in the place of the oldest: their order does not matter to a sum over all.
        for state, new in self.states:
            state[:, :, self.slot] = new[:, :, 0]
        self.slot = (self.slot + 1) % self.window

    def times(self, seconds):
        """Nanoseconds of each call; a quarter of the time warms up."""
        start = time.perf_counter()
        while time.perf_counter() - start < seconds / 4:
            self.call()
        result = []
        last = time.perf_counter_ns()
        while len(result) < 3 or time.perf_counter() - start < seconds:
            self.call()
            end = time.perf_counter_ns()
            result.append(end - last)
            last = end
        return result
