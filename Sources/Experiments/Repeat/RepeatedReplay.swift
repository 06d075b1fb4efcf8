import LaneRunner
import LatencyLog
import Results
import StreamIO

/// A replay that is run several times, each time over the input from its start, so that its figures are
/// medians and one disturbed run decides nothing.
public struct RepeatedReplay {
  private let count: Int
  private let open: () throws -> Pipeline

  /// `open` makes the pipeline of each run but the first anew.
  public init(count: Int, opening open: @escaping () throws -> Pipeline) {
    self.count = count
    self.open = open
  }

  /// Runs all, or those until it is stopped or the input fails: the result is the first run's with medians
  /// for figures. Throws what keeps a later run from beginning.
  ///
  /// - Parameters:
  ///   - first: the pipeline of the first run.
  ///   - subscribers: take the first run alone, so that outputs are written once.
  ///   - watchers: take every run.
  public func run(
    _ first: Pipeline, _ subscribers: [any FrameSubscriber], watchers: [any FrameSubscriber]
  ) throws -> PipelineResult {
    guard count > 1 else { return first.run(subscribers + watchers) }
    let digest = OutputDigest()
    var result = first.run(subscribers + watchers + [digest])
    var runs = [result.summary]
    let outputs = digest.lanes
    var areEqual = outputs.map { _ in true }
    while runs.count < count, !result.stopped, result.sourceFailure == nil {
      let again = try open().run(watchers + [digest])
      // What is not whole is in no median.
      if again.stopped { break }
      result.sourceFailure = again.sourceFailure
      runs.append(again.summary)
      areEqual = zip(areEqual, zip(outputs, digest.lanes)).map { $0 && $1.0 == $1.1 }
    }
    result.summary = RunSummary(mediansOf: runs)
    for index in areEqual.indices {
      result.summary.lanes[index].repeats?.outputsEqual = areEqual[index]
    }
    return result
  }
}

/// What tells whether two runs said the same: of each lane a hash of its frames and outputs.
private final class OutputDigest: FrameSubscriber {
  private(set) var lanes: [UInt64] = []

  func begin(_ descriptions: [LaneDescription]) {
    // The offset basis and the prime of FNV-1a, 64 bits.
    lanes = descriptions.map { _ in 0xcbf2_9ce4_8422_2325 }
  }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    guard !record.dropped else { return }
    var hash = lanes[record.lane]
    func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01b3 }
    add(record.frame)
    for index in output.indices { add(UInt64(output[index].bitPattern)) }
    lanes[record.lane] = hash
  }
}
