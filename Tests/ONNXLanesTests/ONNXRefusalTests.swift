import Foundation
import ModelFiles
import PlainText
import TestDevices
import Testing

@testable import ONNXLanes

/// What is no lane, and the one sentence that says why.
@Suite("ONNX files that are no lanes")
struct ONNXRefusalTests {
  private static let missing = """
    it has no signature, expected one in unpaired.onnx.json; its inputs are input float [1, 4], \
    before float [1, 4]; its outputs are output float [1, 4], after float [1, 4]; lockstep model \
    info prints an example to fill in
    """

  private static func outputs(_ text: String) -> String {
    ONNXExample.signature("outputs", text)
  }

  private static func states(_ text: String) -> String { ONNXExample.signature("states", text) }

  static let cases: [(name: String, signature: String?, reason: String)] = [
    ("unpaired", nil, missing),
    (
      "namesake", nil,
      "signature: input takes input float [1, 4], expected 576 values, those of a frame; its inputs "
        + "and outputs have the names of Silero VAD, whose signature was taken: expected its own in "
        + "FILE.json where it is another model"
    ),
    (
      "unpaired", ONNXExample.signature,
      "signature: nothing says what feeds before float [1, 4]: expected it in states or constants "
        + "(its name pairs with none of the outputs output, after)"
    ),
    (
      "leak", states(#"{"input": "stateN"}"#),
      "signature: states: input is what frames go to, expected an input that carries a state"
    ),
    (
      "leak", states(#"{"state": "output"}"#),
      "signature: states: state is paired to output, the output of the frames, expected a state"
    ),
    (
      "leak", states(#"{"status": "stateN"}"#),
      "signature: states: status is no input, expected one of input, state"
    ),
    (
      "leak", states(#"{"state": "next"}"#),
      "signature: states: state is paired to next, expected one of the outputs output, stateN"
    ),
    (
      "leak", states(#"{"state": 3}"#),
      "signature: states: state is 3, expected the name of an output (FILE.json)"
    ),
    (
      "idle", states(#"{"state": "stateN", "other": "stateN"}"#),
      "signature: states: other is paired to stateN, which is another state's already"
    ),
    (
      "chunk", states(#"{"state": "count_out"}"#),
      "signature: input takes input float [1, 2, 3], expected 4 values, those of a frame"
    ),
    (
      "leak", ONNXExample.signature("hop", "5"),
      "signature: input takes input float [1, 4], expected 5 values, those of a frame"
    ),
    (
      "leak", ONNXExample.signature("input", #""inputs""#),
      "signature: input is inputs, expected one of input, state"
    ),
    (
      "leak", outputs(#"{"tensor": "out"}"#),
      "signature: outputs: tensor is out, expected one of output, stateN"
    ),
    (
      "leak", outputs(#"{"tensor": "output", "labels": ["a"]}"#),
      "signature: outputs: labels has 1 entries, expected 4, the values of output a frame"
    ),
    (
      "leak", outputs(#"{"tensor": "output", "kind": "audio", "labels": ["a"]}"#),
      "signature: outputs: kind is \"audio\", expected no labels and no activation (FILE.json)"
    ),
    (
      "leak", outputs(#"{"tensor": "output", "kind": "ctc", "blank": "-"}"#),
      "signature: outputs: labels is missing (FILE.json)"
    ),
    (
      "leak", outputs(#"{"tensor": "output", "kind": "ctc", "blank": "-", "labels": ["-", "a"]}"#),
      "signature: outputs: activation is \"none\", expected \"softmax\" with kind \"ctc\" (FILE.json)"
    ),
    (
      "leak",
      outputs(
        #"{"tensor": "output", "kind": "ctc", "activation": "softmax", "blank": "-", "labels": ["a"]}"#
      ),
      "signature: outputs: blank is \"-\", expected one of labels: a (FILE.json)"
    ),
    (
      "leak", ONNXExample.signature("constants", #"{"state": [1, 2]}"#),
      "signature: constants: state float [1, 4] has 2 values, expected one for all or each"
    ),
    (
      "leak", ONNXExample.signature("constants", #"{"sr": 16000}"#),
      "signature: constants: a name is sr, expected one of input, state"
    ),
    (
      "open",
      #"{"sample_rate": 1, "hop": 4, "input": "input", "constants": {"gain": 1.5}, "#
        + #""outputs": {"tensor": "output"}}"#,
      "its first call fails: int64 of constant gain does not hold 1.5"
    ),
    (
      "leak", ONNXExample.signature("frames", "3"),
      "signature: unknown key frames (FILE.json)"
    ),
    ("leak", "{", "signature: not valid JSON at byte 1: expected a string (FILE.json)"),
    ("leak", #"{"hop": 4}"#, "signature: input is missing (FILE.json)"),
    (
      "leak",
      #"{"front_end": {"type": "channel_normaliser", "sample_rate": 100, "channels": 4, "#
        + #""mean": [0, 0, 0, 0]}, "input": "input", "outputs": {"tensor": "output"}}"#,
      "signature: front_end: std is missing, expected 4 numbers (FILE.json)"
    ),
    (
      "leak",
      #"{"front_end": {"type": "none", "sample_rate": 100, "channels": 4}, "sample_rate": 50, "#
        + #""input": "input", "outputs": {"tensor": "output"}}"#,
      "signature: sample_rate is 50, expected 100, the front end's (FILE.json)"
    ),
    (
      "stateless", ONNXExample.signature,
      "it has no states, so that every frame would be the first: expected a streaming model, or "
        + "\"states\": {} in the signature of one that needs no memory"
    ),
    (
      "random", ONNXExample.signature,
      "two runs of it from zero states differ in call 1, expected the same bits"
    ),
    (
      "idle", ONNXExample.signature,
      "its state other never changes in 64 calls on noise, expected one that other_out moves on"
    ),
    (
      "left-open", ONNXExample.signature,
      "the shape of its state state float [1, past] is left open, expected sizes that never change "
        + "(only the batch may be open)"
    ),
    (
      "grows", ONNXExample.signature,
      "its state state goes in as [1, 4] and comes out of stateN as [1, 8], expected one shape"
    ),
    (
      "large", ONNXExample.signature,
      "its input state float [4000000000, 4000000000, 4000000000] is too large, expected at most "
        + "268,435,456 values"
    ),
    (
      "half", ONNXExample.signature,
      "signature: outputs: tensor is output float16 [1, 4], expected one of float"
    ),
  ]

  @Test("One sentence each", arguments: cases.indices)
  func refusals(index: Int) throws {
    let (name, signature, reason) = Self.cases[index]
    let found = try ONNXExample(name, signature).refusal()
    #expect(found == reason)
  }

  @Test("What is no ONNX file is told in ONNX Runtime's words")
  func damaged() throws {
    let file = try ScratchFile(Array("no model".utf8), suffix: ".onnx")
    let error = #expect(throws: ModelFileError.self) { try ONNXFile(contentsOf: file.path) }
    #expect(error?.kind == .malformed)
    #expect(error?.reason.hasPrefix("ONNX Runtime ") == true)
    #expect(error?.reason.contains("refuses it: ") == true)
    #expect(throws: ModelFileError.self) { try ONNXFile(contentsOf: file.path + ".gone.onnx") }
  }

  @Test("An example holds what names tell, and a question mark for what somebody has to know")
  func example() throws {
    let example = try ONNXExample("unpaired", nil)
    let text = try ModelDescription(ONNXFile(contentsOf: example.path)).text
    #expect(text.contains(#""states": {"before": "?"}"#))
    #expect(text.contains(#""sample_rate": "?""#))
    let open = try ONNXExample("open", nil)
    let known = try ModelDescription(ONNXFile(contentsOf: open.path)).text
    #expect(known.contains(#""states": {"state": "stateN"}"#))
    #expect(known.contains(#""constants": {"gain": "?"}"#))
  }
}

@Suite("ONNX Runtime")
struct ONNXRuntimeTests {
  private func sentence(_ path: String) -> String? {
    do throws(ONNXRuntimeError) {
      _ = try ONNXRuntime(path: path)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("A path without a library, and another library")
  func others() {
    let gone = sentence("/nowhere/libonnxruntime.so")
    #expect(
      gone?.hasPrefix(
        "ONNX Runtime cannot be opened: /nowhere/libonnxruntime.so (--onnx-runtime): ") == true)
    let other = sentence("/lib/x86_64-linux-gnu/libm.so.6") ?? ""
    #expect(
      other.hasSuffix("it is another library: it has no OrtGetApiBase")
        || other.contains("cannot open shared object file"))
    #expect(sentence("libonnxruntime.so")?.contains("expected a path with a folder") == true)
  }

  /// A library of three functions, as a version knows itself that has no newer interface.
  @Test("A runtime that is too old says so")
  func tooOld() throws {
    let source = try ScratchFile(
      Array(
        """
        static const void *table(unsigned version) { return version > 10 ? 0 : &table; }
        static const char *name(void) { return "1.10.0"; }
        static const void *base[2] = { (void *)table, (void *)name };
        const void *OrtGetApiBase(void) { return base; }
        """.utf8), suffix: ".c")
    let library = source.path + ".so"
    defer { try? FileManager.default.removeItem(atPath: library) }
    let compiler = try SpawnedProgram(
      "/usr/bin/env", ["clang", "-shared", "-fPIC", "-o", library, source.path])
    compiler.wait()
    #expect(
      sentence(library)
        == "ONNX Runtime is too old: \(library) (--onnx-runtime) is version 1.10.0, expected 1.20 or "
        + "later")
  }
}
