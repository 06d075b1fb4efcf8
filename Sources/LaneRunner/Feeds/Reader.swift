import LatencyLog
import StreamIO

/// The one reading loop: stamps what a source delivers and hands it on, block by block.
///
/// Owned by one thread at a time. It formats and prints nothing.
@safe final class Reader {
  private let source: any SampleSource
  private let journal: RunJournal
  @unsafe private let buffer: UnsafeMutableBufferPointer<Float>
  private(set) var intake: Intake
  /// What kept the input from being read to its end.
  private(set) var failure: SourceError?
  /// The most samples that one block of samples holds.
  let blockCapacity: Int

  /// What takes the blocks; the samples are `[count, channels]`, nil for any other block.
  @unsafe typealias Receiver = (SampleBlock, UnsafePointer<Float>?) -> Void

  init(source: any SampleSource, journal: RunJournal, intake: Intake, blockCapacity: Int) {
    self.source = source
    self.journal = journal
    self.intake = intake
    self.blockCapacity = blockCapacity
    unsafe buffer = .allocate(capacity: blockCapacity * source.channelCount)
  }

  deinit { unsafe buffer.deallocate() }

  /// Reads what is there, at most `limit` samples, and gives it to `receiver`; false where nothing more
  /// comes. `now` tells the nanoseconds since the start of the run.
  @unsafe func read(
    atMost limit: Int = .max, now: () -> Int64, _ receiver: Receiver
  ) -> Bool {
    let count = min(blockCapacity, limit)
    let room = unsafe UnsafeMutableBufferPointer(
      rebasing: buffer[..<(count * source.channelCount)])
    do throws(SourceError) {
      switch try unsafe source.read(into: room) {
      case .samples(let count, let instant):
        let block = try intake.samples(count: count, instant: instant)
        unsafe receiver(block, UnsafePointer(room.baseAddress))
      case .gap(let length): try unsafe takeGap(length, now: now(), receiver)
      case .idle: break
      case .end: return false
      }
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// Takes what was lost and not told of when the reading was stopped.
  @unsafe func stop(now: () -> Int64, _ receiver: Receiver) {
    guard failure == nil, let length = source.lossWhenStopped() else { return }
    do throws(SourceError) {
      try unsafe takeGap(length, now: now(), receiver)
    } catch {
      failure = error
    }
  }

  @unsafe private func takeGap(
    _ length: UInt64, now: Int64, _ receiver: Receiver
  ) throws(SourceError) {
    let block = try intake.gap(length: length, now: now)
    journal.add(InputGap(position: block.position, length: length), began: block.earliest)
    receiver(block, nil)
  }
}
