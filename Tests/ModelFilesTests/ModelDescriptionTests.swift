import PlainText
import StreamCore
import Testing

@testable import ModelFiles

/// What `lockstep model info` prints.
struct ModelDescriptionTests {
  private func describe(
    _ model: ExampleModel, chunkSize: Int? = nil
  ) throws -> (file: ModelFile, text: String) {
    try withTemporaryFile(model.file.bytes) { path in
      let file = try ModelFile(contentsOf: path, chunkSize: chunkSize)
      return (file, ModelDescription(file).text)
    }
  }

  @Test func lstm() throws {
    let (file, text) = try describe(.lstm)
    #expect(
      text == """
        architecture         lstm
        configuration        input_size 6
                             projection_size 2
                             hidden_size 3
                             layer_count 2
                             output_size 2
        front end            none
                             sample_rate 50
                             channels 6
        frame period         20 ms
        outputs              rest, move (activation softmax)
        parameters           202
        weights              \(file.model.weightBytes.grouped) bytes
        state                \(file.model.stateBytes(streams: 1).grouped) bytes a stream
        multiply-adds        \(file.model.multiplyAddsPerFrame.grouped) a frame
        algorithmic latency  0 frames, 0 ms
        provenance           seed: 7
                             data:
                               name: made up
                               hours: 0.5
                             tags: [a, b]

        """)
  }

  @Test func tokens() throws {
    let model = ExampleModel.lstm.replacing(
      "outputs", #"["rest", "move"]"#, #"["-", "word"], "kind": "ctc", "blank": "-""#)
    let (file, text) = try describe(model)
    #expect(file.tokens?.blank == 0)
    #expect(
      text.contains(
        "outputs              -, word (activation softmax)\n"
          + "                     tokens (ctc), blank -\n"))
    #expect(try describe(.lstm).file.tokens == nil)
  }

  @Test func plainRecurrentModel() throws {
    var model = ExampleModel.lstm.with("architecture", "rnn")
      .replacing("configuration", "2}", #"2, "nonlinearity": "relu"}"#)
    model.tensors = model.tensors.map { tensor in
      let isLayer = tensor.name.hasPrefix("lstm.")
      return (
        tensor.name.replacing("lstm.", with: "rnn."),
        isLayer ? [tensor.shape[0] / 4] + tensor.shape.dropFirst() : tensor.shape
      )
    }
    let text = try describe(model).text
    #expect(text.hasPrefix("architecture         rnn\n"))
    #expect(text.contains("output_size 2\n                     nonlinearity relu\n"))
    #expect(text.contains("parameters           67\n"))
  }

  @Test func transformer() throws {
    let (file, text) = try describe(.transformer, chunkSize: 16)
    #expect(
      text == """
        architecture         streaming_transformer
        configuration        input_size 5
                             model_size 4
                             head_count 2
                             feed_forward_size 3
                             layer_count 1
                             output_size 1
                             mask chunk
                             chunk_size 16
                             left_context 8
                             activation gelu_tanh
                             norm_epsilon 1e-05
                             rotary_base 10000.0
                             max_left_context 16
                             chunk_sizes 1, 4, 16
        front end            log_mel
                             sample_rate 16000
                             channels 1
                             window 400
                             hop 160
                             mel_bands 5
                             low_hz 20.0
                             high_hz 3800.0
        frame period         10 ms
        outputs              speech (activation sigmoid)
        parameters           164
        weights              \(file.model.weightBytes.grouped) bytes
        state                \(file.model.stateBytes(streams: 1).grouped) bytes a stream
        multiply-adds        \(file.model.multiplyAddsPerFrame.grouped) a frame
        algorithmic latency  15 frames, 150 ms
        provenance           none

        """)
  }

  @Test func causalChunkSizes() throws {
    #expect(try describe(.causal).text.contains("chunk_sizes 1 to 1024\n"))
  }

  /// Nothing in a file reaches the terminal as a control character.
  @Test func hostileText() throws {
    let model = ExampleModel.lstm.replacing("outputs", "rest", #"\u001b[2J\n"#)
      .with("provenance", #"{"a\u0007": "b\r"}"#)
    let text = try describe(model).text
    #expect(text.contains("outputs              \\u{1b}[2J\\u{a}, move (activation softmax)\n"))
    #expect(text.contains("provenance           a\\u{7}: b\\u{d}\n"))
  }

  @Test(arguments: [(16_000, 1, "0.063 ms"), (3, 1, "333.333 ms"), (50, 3, "60 ms")])
  func durations(sampleRate: Int, frames: Int, text: String) {
    #expect(NoFrontEnd(sampleRate: sampleRate, channels: 1).duration(frames: frames) == text)
  }
}
