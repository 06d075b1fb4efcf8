import LaneRunner
import LatencyLog
import PlainText
import Results
import StreamIO

/// What became of one of several inputs.
struct BatchRun: @unchecked Sendable {
  let input: String
  /// Nil where it was not begun.
  var result: PipelineResult?
  var outputs: NamelessFile?
  var log: NamelessFile?
  var failure: CommandFailure?
  var writingFailures: [any Error] = []
  var sentences: [BatchSentences.Sentence] = []
}

/// Takes the inputs one after the other, as they were given: writes, says and adds up.
struct BatchDesk {
  var summary: BatchSummary
  private(set) var failures: [CommandFailure] = []
  private(set) var writingFailures: [any Error] = []
  private var sinks: [Sink]
  private let inputCount: Int
  private let view = TerminalView()
  /// What is true of the lanes is said of the first input alone.
  private var said: Set<String> = []

  /// A file of the run, and which of an input's parts goes there.
  private struct Sink {
    let file: FileSink
    let heading: [UInt8]
    let part: (BatchRun) -> NamelessFile?
    var isOpen = true
  }

  init(_ files: ResultFiles, inputs: Int, jobs: Int) {
    inputCount = inputs
    summary = BatchSummary(jobs: jobs)
    var heading: [UInt8] = []
    FrameLogEncoder(files.logFormat, lanes: [], clock: .virtual, input: "")
      .appendHeader(to: &heading)
    sinks = [
      files.outputs.map { Sink(file: $0, heading: [], part: \.outputs) },
      files.log.map { Sink(file: $0, heading: heading, part: \.log) },
    ].compactMap(\.self)
  }

  /// Whether there was somebody to take outputs or records, and nobody is left.
  var hasLostItsAudience: Bool { !sinks.isEmpty && !sinks.contains(where: \.isOpen) }

  mutating func begin() {
    writeAll { try $0.file.begin(heading: $0.heading) }
  }

  mutating func take(_ run: BatchRun) {
    view?.erase()
    for sentence in run.sentences { say(sentence, of: run.input) }
    writingFailures += run.writingFailures
    if let failure = run.failure { failures.append(failure) }
    guard run.result != nil || run.failure != nil else { return }
    writeAll { try $0.part(run)?.append(to: $0.file) }
    summary.add(
      BatchSummary.Input(
        name: run.input, input: run.result?.summary.input, lanes: run.result?.summary.lanes ?? [],
        failure: run.failure?.message.printable),
      statistics: run.result?.statistics ?? [], machine: run.result?.summary.machine)
    view?.draw(share: Double(summary.inputs.count) / Double(inputCount))
  }

  /// The desk after the last input.
  mutating func finished() -> BatchDesk {
    view?.erase()
    writeAll { try $0.file.close() }
    return self
  }

  /// A sink that fails takes down only itself; a reader that has gone is no failure.
  private mutating func writeAll(_ body: (Sink) throws -> Void) {
    for index in sinks.indices where sinks[index].isOpen {
      do {
        try body(sinks[index])
      } catch {
        sinks[index].isOpen = false
        if (error as? SinkError) != .readerGone { writingFailures.append(error) }
      }
    }
  }

  private mutating func say(_ sentence: BatchSentences.Sentence, of input: String) {
    guard said.insert(sentence.text).inserted else { return }
    let isNamed = sentence.text.contains(input) || sentence.text.hasPrefix("lane ")
    let text = isNamed ? sentence.text : "\(input.shownFileName): \(sentence.text)"
    sentence.isWarning ? StandardError.warn(text) : StandardError.note(text)
  }
}

extension ResultFiles {
  /// What writes one of several inputs to files that wait.
  func subscribers(
    of input: String, outputs: FileSink?, log: FileSink?
  ) -> [any FrameSubscriber] {
    let all: [(any FrameSubscriber)?] = [
      outputs.map { OutputSubscriber($0, input: input) },
      log.map {
        LogSubscriber($0, format: logFormat, clock: .virtual, listsGaps: false, input: input)
      },
    ]
    return all.compactMap { $0 }
  }
}
