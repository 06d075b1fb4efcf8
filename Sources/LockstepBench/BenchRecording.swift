import Experiments
import Foundation
import StreamIO

/// An input as users have them: how it is written, at what rate, and which default lane takes it.
struct BenchRecording {
  /// The row that replays it: `path-48k`.
  let row: String
  let format: SourceFormat
  let sampleRate: Int
  let channels: Int
  /// Of the default model.
  let model: String
  private let content: Content

  private enum Content {
    /// 16-bit integers, behind a WAV header or alone.
    case integers(hasHeader: Bool)
    case lines(hasTime: Bool)
  }

  /// Everything that a lane is measured with, in the order of the table.
  static let all: [BenchRecording] = [
    sound("path-16k", 16_000), sound("path-48k", 48_000, channels: 2),
    sound("path-48k-raw", 48_000, channels: 2, hasHeader: false), sound("path-44k", 44_100),
    sound("path-8k", 8_000), lines("path-csv", .csv, hasTime: false),
    lines("path-csv-time", .csv, hasTime: true), lines("path-ndjson", .ndjson, hasTime: false),
    lines("path-ndjson-time", .ndjson, hasTime: true),
  ]

  private static func sound(
    _ row: String, _ rate: Int, channels: Int = 1, hasHeader: Bool = true
  ) -> BenchRecording {
    BenchRecording(
      row: row, format: hasHeader ? .sound : .raw(.s16le), sampleRate: rate, channels: channels,
      model: "speech-lstm", content: .integers(hasHeader: hasHeader))
  }

  private static func lines(_ row: String, _ format: SourceFormat, hasTime: Bool) -> BenchRecording
  {
    BenchRecording(
      row: row, format: format, sampleRate: 50, channels: 6, model: "activity-lstm",
      content: .lines(hasTime: hasTime))
  }

  /// The samples that one read of a replay asks for.
  var blockSamples: Int { max(1, min(4_096, sampleRate / 2)) }

  /// Half a minute of sound, or 100,000 lines, as a file would hold them. Allocates.
  func bytes() -> [UInt8] {
    var random = RandomTensors()
    switch content {
    case .integers(let hasHeader):
      let count = 30 * sampleRate * channels
      let data = random.values(count).flatMap { value in
        let level = UInt16(bitPattern: Int16(value * 3_276))
        return [UInt8(truncatingIfNeeded: level), UInt8(level >> 8)]
      }
      return (hasHeader ? header(dataBytes: data.count) : []) + data
    case .lines(let hasTime):
      var text = format == .csv ? (hasTime ? "time," : "") + "ax,ay,az,wx,wy,wz\n" : ""
      let samples = (0..<1_000).map { _ in
        random.values(channels).map { String(format: "%.5f", $0) }
      }
      for line in 0..<100_000 {
        // As loggers stamp: up to a twentieth of a period off.
        let jitter = 0.05 * Double(random.next())
        let time = String(format: "%.6f", (Double(line) + jitter) / Double(sampleRate))
        let values = samples[line % samples.count]
        switch (format == .csv, hasTime) {
        case (true, false): text += values.joined(separator: ",")
        case (true, true): text += time + "," + values.joined(separator: ",")
        case (false, false): text += "[" + values.joined(separator: ", ") + "]"
        case (false, true):
          text += "{\"time\": \(time), \"values\": [" + values.joined(separator: ", ") + "]}"
        }
        text += "\n"
      }
      return Array(text.utf8)
    }
  }

  /// The 44 bytes before the samples of a WAV file.
  private func header(dataBytes: Int) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    return Array("RIFF".utf8) + little(36 + dataBytes, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
      + little(1, 2) + little(channels, 2) + little(sampleRate, 4)
      + little(2 * channels * sampleRate, 4) + little(2 * channels, 2) + little(16, 2)
      + Array("data".utf8) + little(dataBytes, 4)
  }
}

/// A recording in a file of its own without a name, in memory where the machine has such files.
final class RecordingFile {
  let recording: BenchRecording
  private let file: FileHandle

  init(_ recording: BenchRecording) throws {
    self.recording = recording
    let memory = "/dev/shm"
    let folder =
      FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    let path = "\(folder)/lockstep-bench-\(UUID().uuidString)"
    guard FileManager.default.createFile(atPath: path, contents: nil) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
    // Open, it needs no name, and is gone with the process, however that ends.
    defer { try? FileManager.default.removeItem(atPath: path) }
    file = try FileHandle(forUpdating: URL(filePath: path))
    try file.write(contentsOf: Data(recording.bytes()))
  }

  /// The recording from its start; one at a time.
  func open() throws -> any SampleSource {
    try file.seek(toOffset: 0)
    let input = try InputDescriptor(
      adopting: file.fileDescriptor, name: recording.row, closes: false)
    let isRaw = if case .raw = recording.format { true } else { false }
    return try SourceOptions(
      format: recording.format, rate: isRaw ? recording.sampleRate : nil,
      channels: isRaw ? recording.channels : nil
    ).open(input)
  }
}
