import LaneRunner
import LatencyLog
import StreamIO

/// So many frames of one part.
final class FrameCalls: TimedCall {
  let warmUpCalls = 20
  private let count: Int
  private let body: (Int) -> Void

  init(_ count: Int, _ body: @escaping (_ frame: Int) -> Void) {
    self.count = count
    self.body = body
  }

  func run() {
    for frame in 0..<count { body(frame) }
  }
}

/// Reading and decoding the samples of one call.
@safe final class SourceCall: TimedCall {
  let warmUpCalls = 20
  private let source: RecordingSource
  private let buffer: UnsafeMutableBufferPointer<Float>

  init(_ source: RecordingSource) {
    self.source = source
    unsafe buffer = .allocate(capacity: source.samplesPerTurn * source.channelCount)
  }

  deinit { unsafe buffer.deallocate() }

  // So that the recording seldom ends within a round.
  func beginRound() { source.rewind() }

  func run() {
    source.beginTurn()
    while !source.turnIsOver {
      do {
        _ = try unsafe source.read(into: buffer)
      } catch {
        preconditionFailure("a recording of the bench is whole: \(error)")
      }
    }
  }
}

/// All of it: what a replay does with the samples of one call, from the file to the bytes of the output.
final class WholePathCall: TimedCall {
  let warmUpCalls = 20
  private let source: RecordingSource
  private let replay: SteppedReplay

  init(_ path: LanePath) throws {
    source = try RecordingSource(path)
    replay = try SteppedReplay(
      source: source, lane: LaneSetup(name: path.recording.model, file: path.file),
      subscribers: [OutputSubscriber(try FileSink(path: "/dev/null"))])
  }

  // So that the recording seldom ends within a round.
  func beginRound() { source.rewind() }

  func run() {
    source.beginTurn()
    while !source.turnIsOver {
      guard replay.step() else {
        preconditionFailure("\(replay.failure.map { "\($0)" } ?? "ended")")
      }
    }
  }
}

/// A recording that begins again at its end, read in turns of as many samples as a call has.
final class RecordingSource: SampleSource {
  let samplesPerTurn: Int
  private let file: RecordingFile
  private var source: any SampleSource
  private var left = 0
  private var rate: Int
  private var taken: [Int]?

  init(_ path: LanePath) throws {
    samplesPerTurn = path.framesPerCall * path.hop
    file = try RecordingFile(path.recording)
    source = try file.open()
    rate = path.recording.sampleRate
    source.adopt(rate: rate)
  }

  func beginTurn() { left = samplesPerTurn }

  var turnIsOver: Bool { left == 0 }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    // A step of a replay may ask again.
    guard left > 0 else { return .idle }
    let count = min(left * channelCount, buffer.count)
    let event = try unsafe source.read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
    switch event {
    case .samples(let count, _): left -= count
    case .end: rewind()
    default: break
    }
    return event == .end ? .idle : event
  }

  func rewind() {
    do {
      source = try file.open()
    } catch {
      preconditionFailure("a recording of the bench can be read: \(error)")
    }
    source.adopt(rate: rate)
    if let taken { source.take(columns: taken) }
  }

  func adopt(rate: Int) {
    self.rate = rate
    source.adopt(rate: rate)
  }

  func take(columns: [Int]) {
    taken = columns
    source.take(columns: columns)
  }

  var sampleRate: Int? { source.sampleRate }
  var stampedRate: Double? { source.stampedRate }
  var columns: SourceColumns? { source.columns }
  var channelCount: Int { source.channelCount }
  var sampleCount: UInt64? { nil }
  var isSound: Bool { source.isSound }
  var gridPoint: GridPoint? { source.gridPoint }
  var clock: SourceClock { source.clock }
}
