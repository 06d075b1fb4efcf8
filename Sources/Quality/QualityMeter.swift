import LatencyLog
import Results
import StreamCore

/// Compares one lane's outputs with labels while they are written.
///
/// Give it every output of the lane in order, then ask for `summary()`. It keeps 32 bytes and the
/// outputs of every frame in arrays that grow, so it does not belong on the lane's path.
public struct QualityMeter: Sendable, Restorable {
  /// One recording's labels, and where its frames begin.
  struct Recording: Sendable {
    let track: LabelTrack
    let firstFrame: Int
  }

  /// The names of the model's outputs.
  public let outputs: [String]
  public package(set) var options: QualityOptions
  private(set) var recordings: [Recording] = []
  /// For each frame its absolute index, the instant that it stands for, and the earliest instant of
  /// its output, in ns.
  private(set) var frames: [UInt64] = []
  private(set) var instants: [Int64] = []
  private(set) var readyInstants: [Int64] = []
  /// For each frame the class that the labels give it, and the one that the model gives it.
  private(set) var classes: [Int32] = []
  private(set) var predictions: [Int32] = []
  /// `[frames, outputs]`
  private(set) var scores: [Float] = []
  private(set) var notANumber = 0
  /// Frames of a model call whose last one has not come yet.
  private var framesInCall = 0

  /// A meter for a model with these outputs (the model file's `labels`; one at least) and its first
  /// recording. Throws `badData` for labels that the model does not know.
  public init(outputs: [String], labels: Labels, options: QualityOptions) throws(LabelError) {
    precondition(!outputs.isEmpty, "a model has an output")
    self.outputs = outputs
    self.options = options
    try beginRecording(labels)
  }

  /// Ends the recording before and begins another one, whose frames and times start anew.
  public mutating func beginRecording(_ labels: Labels) throws(LabelError) {
    let track = try LabelTrack(labels, outputs: outputs)
    recordings.append(Recording(track: track, firstFrame: frames.count))
  }

  public var kind: QualityKind { outputs.count == 1 ? .binary : .multiClass }

  /// Takes one frame's output. Allocates only when its arrays outgrow their capacity.
  ///
  /// - Parameters:
  ///   - frame: absolute index, rising within a recording; dropped frames are left out.
  ///   - time: the end of the frame's last sample, in seconds since the stream began.
  ///   - ready: the earliest time at which the output can be there, in seconds: `time` of the last
  ///     frame of its chunk. `time` itself unless given, which hides a chunk's algorithmic latency.
  ///   - output: `[outputs]`; higher means more likely. A NaN counts as lower than any other value.
  public mutating func add(
    frame: UInt64, time: Double, ready: Double? = nil, output: borrowing Span<Float>
  ) {
    precondition(output.count == outputs.count, "a value an output")
    let recording = recordings[recordings.count - 1]
    precondition(
      frames.count == recording.firstFrame || frame > frames[frames.count - 1], "frames rise")
    let instant = Int64(seconds: time - options.frameOffset)
    var hasNaN = false
    var best = 0
    let first = scores.count
    for index in output.indices {
      let value = output[index].isNaN ? -Float.infinity : output[index]
      hasNaN = hasNaN || output[index].isNaN
      scores.append(value)
      if value > scores[first + best] { best = index }
    }
    frames.append(frame)
    instants.append(instant)
    readyInstants.append(Int64(seconds: ready ?? time))
    classes.append(recording.track.classOf(frame: frame, instant: instant))
    predictions.append(
      kind == .binary ? (scores[first] > options.threshold ? 1 : 0) : Int32(best))
    if hasNaN { notANumber += 1 }
  }

  /// Takes a frame of a run as its writer sees it; a dropped one has no output and is left out. Throws where the
  /// state that it went on from is ahead of it.
  ///
  /// The outputs of one model call are there at the end of its last frame at the earliest.
  public mutating func add(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws(StateDefect) {
    guard !record.dropped else { return }
    if recordings.count == 1, let last = frames.last, record.frame <= last { throw .damaged }
    add(frame: record.frame, time: time, output: output)
    framesInCall += 1
    guard record.endsCall else { return }
    for index in (frames.count - framesInCall)..<frames.count {
      readyInstants[index] = Int64(seconds: time + options.lookAhead)
    }
    framesInCall = 0
  }

  /// The frames of the one recording of a run.
  public mutating func exchange(with archive: inout StateArchive) {
    archive.array(&frames)
    archive.array(&instants)
    archive.array(&readyInstants)
    archive.array(&classes)
    archive.array(&predictions)
    archive.array(&scores)
    archive.value(&notANumber)
    archive.value(&framesInCall)
    let count = frames.count
    archive.check(
      [instants.count, readyInstants.count, classes.count, predictions.count]
        .allSatisfy { $0 == count } && scores.count == count * outputs.count
        && (0...count).contains(framesInCall))
    if archive.isRestoring { archive.check(isSound) }
  }

  /// Whether frames rise, times are far from overflow, and classes are those that there are.
  private var isSound: Bool {
    let known = 0..<Int32(max(2, outputs.count))
    return zip(frames, frames.dropFirst()).allSatisfy(<) && frames.last ?? 0 < 1 << 48
      && (instants + readyInstants).allSatisfy { $0.magnitude < 1 << 60 }
      && classes.allSatisfy { $0 == LabelTrack.unlabelled || known.contains($0) }
      && predictions.allSatisfy(known.contains) && notANumber >= 0
  }

  /// The frames of a recording, as indices of the arrays.
  func range(ofRecording index: Int) -> Range<Int> {
    let end = index + 1 < recordings.count ? recordings[index + 1].firstFrame : frames.count
    return recordings[index].firstFrame..<end
  }
}

/// How a lane's outputs are judged.
public struct QualityOptions: Sendable, Equatable {
  /// Seconds from one frame to the next, `hop / sampleRate`.
  public var framePeriod: Double
  /// Seconds from the instant that a frame stands for to its `time`: half a window
  /// (`window / 2 / sampleRate`) labels it by its centre, 0 by its end.
  public var frameOffset: Double
  /// Seconds from a frame's end until a filter before the front end lets it go: a part of every delay.
  public var lookAhead = 0.0
  /// A model of one output says "present" where its output is over this.
  public var threshold: Float = 0.5
  public var alarmRule = AlarmRule()
  /// Resamples of the bootstrap; 0 for no intervals.
  public var resamples = 1_000
  /// The same seed gives the same intervals.
  public var seed: UInt64 = 1

  public init(framePeriod: Double, frameOffset: Double) {
    precondition(framePeriod > 0, "a frame has a length")
    self.framePeriod = framePeriod
    self.frameOffset = frameOffset
  }
}

extension Int64 {
  /// The nanosecond nearest to so many seconds.
  ///
  /// Instants are compared as integers: ten frames of 0.01 s are not 0.1 s in floating point.
  init(seconds: Double) {
    self.init(Swift.min(Swift.max((seconds * 1e9).rounded(), -9.2e18), 9.2e18))
  }
}
