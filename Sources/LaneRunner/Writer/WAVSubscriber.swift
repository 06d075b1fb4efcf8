import LatencyLog
import PlainText
import StreamCore
import StreamIO

/// The samples that a lane gives, as a WAV file of 32-bit floats at the rate of its model.
///
/// The values of frame t are added to the file from sample t * hop on: outputs that are longer than the hop
/// overlap, and what no frame gave, such as a dropped one, is silence.
public final class WAVSubscriber: FrameSubscriber {
  private let sink: FileSink
  private let lane: Int
  private let sampleRate: Int
  private let hop: UInt64
  /// Samples that later frames may still be added to, from `position` on.
  private var held: [Float] = []
  private var position: UInt64 = 0

  /// `lane` is an index of the run's lanes.
  public init(_ sink: FileSink, lane: Int, sampleRate: Int, hop: Int) {
    self.sink = sink
    self.lane = lane
    self.sampleRate = sampleRate
    self.hop = UInt64(hop)
  }

  public var keepsRunGoing: Bool { true }

  public func begin(_ lanes: [LaneDescription]) throws {
    // Lengths come at the end; a pipe keeps these, which mean "until the end".
    try sink.begin(heading: header(sampleCount: nil))
  }

  public func frame(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws {
    guard record.lane == lane, !record.dropped else { return }
    try release(until: record.frame * hop)
    for index in output.indices {
      if index < held.count { held[index] += output[index] } else { held.append(output[index]) }
    }
  }

  public func exchange(with archive: inout StateArchive) {
    archive.array(&held)
    archive.value(&position)
  }

  public func flush() throws { try sink.flush() }

  public func end() throws {
    try release(until: position + UInt64(held.count))
    try sink.overwrite(header(sampleCount: position), at: 0)
    try sink.close()
  }

  /// Writes the samples before a position.
  private func release(until end: UInt64) throws {
    var taken = 0
    while position < end {
      let value = taken < held.count ? held[taken] : 0
      taken += 1
      sink.buffer.append(little: value.bitPattern)
      position += 1
      try sink.flushIfFull()
    }
    held.removeFirst(min(taken, held.count))
  }

  /// RIFF with `fmt ` of format 3, `fact` and `data`; lengths that are unknown, or do not fit, are 2^32 - 1.
  private func header(sampleCount: UInt64?) -> [UInt8] {
    let rest = 4 + 26 + 12 + 8
    let byteCount = sampleCount.map { 4 * $0 }.flatMap { $0 <= UInt32.max - 58 ? UInt32($0) : nil }
    var bytes: [UInt8] = []
    bytes += Array("RIFF".utf8)
    bytes.append(little: byteCount.map { $0 + UInt32(rest) } ?? .max)
    bytes += Array("WAVEfmt ".utf8)
    bytes.append(little: UInt32(18))
    bytes.append(little: UInt16(3))
    bytes.append(little: UInt16(1))
    bytes.append(little: UInt32(sampleRate))
    bytes.append(little: UInt32(4 * sampleRate))
    bytes.append(little: UInt16(4))
    bytes.append(little: UInt16(32))
    bytes.append(little: UInt16(0))
    bytes += Array("fact".utf8)
    bytes.append(little: UInt32(4))
    bytes.append(little: byteCount.map { $0 / 4 } ?? .max)
    bytes += Array("data".utf8)
    bytes.append(little: byteCount ?? .max)
    return bytes
  }
}

extension [UInt8] {
  /// The bytes of an integer, the lowest first.
  fileprivate mutating func append<Value: FixedWidthInteger>(little value: Value) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }
}
