import PlainText
import StreamCore

/// A model's outputs for stored inputs, against those that were stored with them.
///
/// The file is safetensors, as docs/model-file.md tells: `output` `[frames, outputSize]`, after the output
/// activation; and either `input` `[frames, inputSize]`, which goes to the model as it is, or `samples`
/// `[samples, channels]`, which goes through the front end. Metadata `start` is the position of the first
/// frame of `input`, 0 without it.
public struct ModelCheck: Sendable {
  /// Output frames that were compared, and the values of each.
  public let frames: Int
  public let outputSize: Int
  /// The largest absolute difference; infinite where a value is not a number.
  public let largestDifference: Float
  /// Where it is, and what was found and stored there.
  public let frame: Int
  public let output: Int
  public let found: Float
  public let expected: Float

  /// Runs the stored inputs. Throws `unreadable` for a file that is none, `malformed` for one that is not
  /// about this model. Allocates.
  ///
  /// - Parameters:
  ///   - whole: the model as a lane has it, behind a splice if there is one.
  ///   - frontEnd: what makes its frames.
  ///   - path: the stored inputs and outputs.
  public init(
    _ whole: any StreamingModel, frontEnd: any FrontEnd, against path: String
  ) throws(ModelFileError) {
    let golden = try SafetensorsFile(contentsOf: path)
    func refuse(_ reason: String) -> ModelFileError { FileDefect(reason).inFile(path) }
    /// The values of a tensor, row by row.
    func rows(_ name: String, of width: Int, _ meaning: String) throws(ModelFileError) -> [Float] {
      let shape = golden.shape(of: name) ?? []
      let fits = shape.count == 2 && shape[1] == width || shape.count == 1 && width == 1
      guard fits, shape[0] > 0 else {
        throw refuse("tensor \(name) is \(shape), expected [\(meaning), \(width)]")
      }
      return try golden.values(of: name)
    }
    let names = Set(golden.tensorNames)
    guard names.contains("output") else {
      throw refuse("has no tensor output, expected one of [frames, outputs]")
    }
    let model = (whole as? SplicedModel)?.model ?? whole
    let wanted = try rows("output", of: model.outputSize, "frames")
    let start = golden.metadata["start"].map { UInt64($0) } ?? 0
    guard let start, start % UInt64(model.chunkSize) == 0 else {
      throw refuse(
        "metadata start is \(golden.metadata["start"]?.excerpt ?? ""), expected a number of frames in whole "
          + "chunks of \(model.chunkSize)")
    }
    let results: [Float]
    if names.contains("samples") {
      let samples = try rows("samples", of: frontEnd.channels, "samples")
      let frames = Self.run(frontEnd.makeStream(), samples)
      results = Self.run(whole.makeStreams(), frames)
    } else if names.contains("input") {
      let frames = try rows("input", of: model.inputSize, "frames")
      results = Self.run(model.makeStreams(), frames, start: start)
    } else {
      throw refuse(
        "has neither a tensor input of [frames, \(model.inputSize)] nor samples of [samples, "
          + "\(frontEnd.channels)]")
    }
    guard results.count == wanted.count else {
      throw refuse(
        "tensor output has \(wanted.count / model.outputSize) frames, expected the "
          + "\(results.count / model.outputSize) that the model gives")
    }
    frames = wanted.count / model.outputSize
    outputSize = model.outputSize
    var place = 0
    var largest: Float = -1
    for index in results.indices {
      let difference = abs(results[index] - wanted[index])
      let size = difference.isNaN ? Float.infinity : difference
      if size > largest { (largest, place) = (size, index) }
    }
    largestDifference = largest
    frame = place / outputSize
    output = place % outputSize
    found = results[place]
    expected = wanted[place]
  }

  /// All outputs of one stream, its end included.
  private static func run(
    _ stream: consuming AnyFrameProcessor, _ frames: [Float], start: UInt64 = 0
  ) -> [Float] {
    if start > 0 { stream.reset(stream: 0, at: start) }
    let count = frames.count / stream.inputSize
    var room = [Float](
      repeating: 0, count: stream.outputCapacity(forFrames: count) * stream.outputSize)
    var span = room.mutableSpan
    let written = stream.process(frames.span, into: &span) * stream.outputSize
    var last = [Float](
      repeating: 0, count: stream.outputCapacity(forFrames: 0) * stream.outputSize)
    var lastSpan = last.mutableSpan
    let finished = stream.finish(into: &lastSpan) * stream.outputSize
    return Array(room.prefix(written) + last.prefix(finished))
  }
}
