import Foundation
import LaneRunner
import PlainText
import StreamIO

/// What the streams of a controlled load take, and what the machine has.
enum MeasureMemory {
  /// Bytes of one lane, about: state of model and front end, and what the lane's calls read and write.
  /// Choosing a batch keeps the model's streams three times.
  static func bytes(of setup: LaneSetup, streams: Int) -> Int {
    let model = setup.model
    let copies = streams > 1 ? 3 : 1
    let values = model.inputSize + (model.chunkSize + 1) * model.outputSize
    let perStream =
      copies * model.stateBytes() + setup.frontEnd.stateBytes
      + values * MemoryLayout<Float>.stride + allowance
    let (bytes, isTooMuch) = streams.multipliedReportingOverflow(by: perStream)
    return isTooMuch ? .max : bytes
  }

  /// An allowance for what is not counted: a stream's objects and tables, and the allocator.
  private static let allowance = 1_024

  /// Bytes that programs can still have; the machine's memory where the system does not tell.
  static var available: Int {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      let fields = line.split(separator: " ")
      if fields.count > 1, let kibibytes = Int(fields[1]) { return kibibytes * 1_024 }
    }
    return Int(clamping: ProcessInfo.processInfo.physicalMemory)
  }

  /// The most streams of a lane that fit in half of the memory; the other half is for others.
  static func mostStreams(
    of setup: LaneSetup, limit: Int = .max, available: Int = available
  ) -> Int {
    max(1, min(available / 2, limit) / bytes(of: setup, streams: 2) * 2)
  }

  /// Throws `memory` where the lanes need more than there is.
  static func check(
    _ lanes: [LaneSetup], streams: Int, limit: Int = .max, available: Int = available
  ) throws(SourceError) {
    let available = min(available, limit)
    let needed = lanes.reduce(0) { $0 + bytes(of: $1, streams: streams) }
    guard needed > available else { return }
    let fitting = lanes.map { bytes(of: $0, streams: 2) }.reduce(0, +)
    throw SourceError(
      .memory,
      "\(streams) streams of \(lanes.map(\.name).joined(separator: ", ")) need "
        + "\(ByteCountText.binary(needed)) of memory, they may have \(ByteCountText.binary(available)): expected at most "
        + "\(max(1, available / fitting * 2)) streams")
  }
}
