import LaneRunner
import ModelFiles
import Results
import StreamCore

/// Measures the rows of the comparison of the families, one experiment a row.
public struct Study {
  /// What is asked for.
  public struct Options {
    /// Whether to be done in minutes: fewer rounds, shorter streams, smaller sizes.
    public var isQuick = false
    /// Files whose lanes the row of memory takes, too.
    public var models: [String] = []
    /// The library for ONNX files; nil for where it is looked for.
    public var onnxRuntime: String?
    /// Told which row is being measured, and how much of the study is done.
    public var progress: (StudyTopic, Double) -> Void = { _, _ in }
    /// Asked between measurements whether the study should end.
    public var isStopped: () -> Bool = { false }

    public init() {}
  }

  private let topics: [StudyTopic]
  private let options: Options
  private let files: StudyFiles

  /// Throws where the models or recordings that the topics need are not there.
  public init(_ topics: [StudyTopic], _ options: Options = Options()) throws(ModelFileError) {
    self.topics = topics
    self.options = options
    files = try StudyFiles()
    for path in options.models {
      _ = try LaneFile(contentsOf: path, onnxRuntime: options.onnxRuntime)
    }
  }

  /// The files that are read, so that no result replaces one.
  public var inputs: [String] { files.all + options.models }

  /// Measures the rows in order, or those until it is stopped.
  public func run() throws -> StudySummary {
    var summary = StudySummary(isQuick: options.isQuick)
    summary.machine = .current(kernelVariant: try KernelVariant.selected().rawValue)
    let recognition = RecognitionRuns(files, isStopped: options.isStopped)
    // One for all rows: it keeps its memory.
    let limits =
      topics.contains(.scaling) || topics.contains(.efficiency)
      ? MachineLimits(footprints: []) : nil
    for (index, topic) in topics.enumerated() {
      if options.isStopped() { break }
      let share = Double(index) / Double(topics.count)
      options.progress(topic, share)
      let pace = StudyPace(isQuick: options.isQuick, isStopped: options.isStopped)
      let row: StudyRow =
        switch topic {
        case .processing: try ProcessingStudy(files, pace).figures().row
        case .reach: try ReachStudy(files, pace).figures().row
        case .memory:
          try MemoryStudy(files, pace, models: options.models, onnxRuntime: options.onnxRuntime)
            .figures().row
        case .parallelism: try ParallelismStudy(files, pace).figures().row
        case .scaling: try ScalingStudy(pace, limits).figures(try recognition.results()).row
        case .core: try CoreStudy(files).figures().row
        case .efficiency: try EfficiencyStudy(files, pace, limits).figures().row
        case .context:
          try recognition.results().contextFigures(bounds: try files.bounds()).row
        case .place: try PlaceStudy(files, pace).figures().row
        case .third: try ThirdStudy(files, pace).figures(try recognition.results()).row
        }
      // What was cut short says nothing.
      if !options.isStopped() { summary.rows.append(row) }
    }
    return summary
  }
}

/// How much a study measures.
struct StudyPace {
  let isQuick: Bool
  let isStopped: () -> Bool

  /// As `StudyClock` knows them.
  var rounds: Int { isQuick ? 9 : 15 }
}
