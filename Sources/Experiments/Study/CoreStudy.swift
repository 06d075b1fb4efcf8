import ModelFiles
import Results
import StreamCore

/// Looks into the recognisers while they hear a recording.
struct CoreStudy {
  private let files: StudyFiles

  /// Three seconds.
  private static let frameCount = 300

  init(_ files: StudyFiles) {
    self.files = files
  }

  func figures() throws -> CoreFigures {
    let lstm = try ModelFile(contentsOf: files.recognition("lstm"))
    let transformer = try ReachStudy.frameByFrame(files.recognition("transformer"))
    let size = lstm.frontEnd.frameSize
    let recording = try StudyRecording(files.recording("recognition.flac"))
    // Past the first words, so that windows are full.
    let frames = Array(
      recording.frames(lstm.frontEnd).dropFirst(500 * size).prefix(Self.frameCount * size))
    return CoreFigures(
      cells: try cells(lstm, frames), heads: try heads(transformer, frames),
      period: Double(lstm.frontEnd.hop) / Double(lstm.frontEnd.sampleRate))
  }

  private func cells(_ file: ModelFile, _ frames: [Float]) throws -> [CoreFigures.Cell] {
    guard let configuration = file.configuration as? RecurrentModel.Configuration else { return [] }
    let whole = WholeLSTM(
      configuration, tensors: try tensors(file.path, configuration.tensors),
      frames: Self.frameCount)
    whole.begin(frames.span)
    var cells: [CoreFigures.Cell] = []
    let hidden = configuration.hiddenSize
    for layer in 0..<whole.layerCount {
      whole.multiplyInputs(layer: layer, frames: 0..<Self.frameCount)
      whole.step(layer: layer)
      let gates = whole.gateValues
      for unit in 0..<hidden {
        cells.append(
          CoreFigures.Cell(
            layer: layer + 1,
            forget: (0..<Self.frameCount).map { Double(gates[($0 * 4 + 1) * hidden + unit]) }))
      }
    }
    return cells
  }

  private func heads(_ file: ModelFile, _ frames: [Float]) throws -> [CoreFigures.Head] {
    guard let configuration = file.configuration as? StreamingTransformer.Configuration,
      let trace = AttentionTrace(
        configuration, tensors: try tensors(file.path, configuration.tensors), frames: frames)
    else { return [] }
    return trace.weights.enumerated().flatMap { layer, heads in
      heads.enumerated().map {
        CoreFigures.Head(layer: layer + 1, head: $0 + 1, weights: $1)
      }
    }
  }

  private func tensors(_ path: String, _ shapes: [TensorShape]) throws -> [String: [Float]] {
    let file = try SafetensorsFile(contentsOf: path)
    var tensors: [String: [Float]] = [:]
    for shape in shapes { tensors[shape.name] = try file.values(of: shape.name) }
    return tensors
  }
}
