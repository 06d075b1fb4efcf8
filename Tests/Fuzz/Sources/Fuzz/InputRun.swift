import CFuzzer
import Foundation
import LaneRunner
import ModelFiles
import StreamCore
import StreamIO

/// What becomes of an input that the fuzzer made: it is opened as the command opens it, from a file and from a
/// pipe, and replayed through a small lane.
struct InputRun {
  private let sound: ModelFile
  private let numbers: ModelFile

  init() throws {
    sound = try ModelFile(contentsOf: "Tests/Golden/lstm-h20-l1-log-mel.model.safetensors")
    numbers = try ModelFile(contentsOf: "Tests/Golden/lstm-h1-l1.model.safetensors")
  }

  func replay(_ bytes: [UInt8], as format: SourceFormat) {
    var lines = LineOptions()
    // The choice is the input's, so that it comes out the same again.
    if format != .sound {
      lines.badLines = BadLinePolicy.allCases[bytes.count % BadLinePolicy.allCases.count]
    }
    let options = SourceOptions(format: format, lines: lines)
    try? FuzzTarget.withFile(bytes) { try run(options.open($0)) }
    let pipe = unsafe bytes.withUnsafeBufferPointer {
      unsafe fuzzer_pipe($0.baseAddress, $0.count)
    }
    guard pipe >= 0 else { return }
    try? run(
      options.open(InputDescriptor(adopting: pipe, name: "standard input", closes: true)))
  }

  private func run(_ source: any SampleSource) throws {
    var lane = LaneSetup(name: "lane", file: source.isSound ? sound : numbers)
    if !source.isSound {
      let rate = source.sampleRate ?? source.stampedRate.map { Int($0.rounded()) } ?? 100
      // A faster one is refused, as the command refuses it.
      if (1...1_000).contains(rate) { lane.frontEnd = NoFrontEnd(sampleRate: rate, channels: 1) }
    }
    // No input of the fuzzer's is so long that it needs as many turns.
    var turns = 0
    var options = PipelineOptions(
      channel: 0,
      isStopped: {
        turns += 1
        return turns > 5_000
      })
    options.memoryLimit = 64 << 20
    let mode = Pipeline.Mode.replay(.max(factor: 1))
    let pipeline = try Pipeline(source: source, mode: mode, lanes: [lane], options: options)
    _ = pipeline.run([
      OutputSubscriber(try FileSink(path: "/dev/null")),
      LogSubscriber(
        try FileSink(path: "/dev/null"), format: .ndjson, clock: .virtual, listsGaps: true),
    ])
  }
}
