import LaneRunner
import ModelFiles
import Quality
import Results
import StreamCore
import StreamIO

/// The recognisers over the recording that has labels, all in one run for the rows that need it,
/// so that
/// differences are over the same utterances.
final class RecognitionRuns {
  /// A recogniser as it ran.
  struct Run {
    /// Of its lane.
    let name: String
    /// Of its file.
    let model: String
    let family: String
    let isBaseSize: Bool
    let parameters: Int
    /// Frames after one that are heard before its output, in the mean.
    let lookAhead: Double
    let errors: Estimate
  }

  /// All that were run.
  struct Found {
    var runs: [Run] = []
    var differences: [QualityDifference] = []
  }

  private struct Choice {
    let family: String
    let name: String
    let chunkSize: Int?
    let lookAhead: Double
  }

  private let files: StudyFiles
  private let isStopped: () -> Bool
  private var found: Found?

  init(_ files: StudyFiles, isStopped: @escaping () -> Bool) {
    self.files = files
    self.isStopped = isStopped
  }

  /// Every family and size frame by frame, the Transformer of base size also with chunks, and
  /// LSTMs that wait.
  private var choices: [Choice] {
    let sizes = files.sizes.flatMap { family, name -> [Choice] in
      guard family == "transformer" else {
        return [Choice(family: family, name: name, chunkSize: nil, lookAhead: 0)]
      }
      return (name == family ? [1, 2, 4, 8, 16, 32] : [1]).map {
        Choice(family: family, name: name, chunkSize: $0, lookAhead: Double($0 - 1) / 2)
      }
    }
    return sizes
      + [4, 16].map {
        Choice(family: "lstm", name: "lstm-wait\($0)", chunkSize: nil, lookAhead: Double($0))
      }
  }

  func results() throws -> Found {
    if let found { return found }
    var lanes: [LaneSetup] = []
    var parameters: [Int] = []
    for choice in choices {
      let file = try ModelFile(
        contentsOf: files.recognition(choice.name), chunkSize: choice.chunkSize)
      let chunk = choice.chunkSize.map { ", chunk \($0)" } ?? ""
      lanes.append(LaneSetup(name: choice.name + chunk, file: file))
      parameters.append(file.parameterCount)
    }
    let labels = try Labels.read(path: files.recording("recognition.labels.csv"))
    let judge = try QualitySubscriber(lanes, labels: labels)
    let pipeline = try Pipeline(
      source: try SourceOptions().open(files.recording("recognition.flac")),
      mode: .replay(.max(factor: 1)), lanes: lanes, options: PipelineOptions(isStopped: isStopped))
    var result = pipeline.run([judge])
    if let failure = result.refusal ?? result.sourceFailure { throw failure }
    judge.complete(&result.summary)
    var found = Found()
    for (index, choice) in choices.enumerated() {
      guard let errors = result.summary.lanes[index].tokens?.errorRate else { continue }
      found.runs.append(
        Run(
          name: lanes[index].name, model: choice.name,
          family: StudyFiles.title(ofFamily: choice.family),
          isBaseSize: !choice.name.hasSuffix("-small") && !choice.name.hasSuffix("-large"),
          parameters: parameters[index], lookAhead: choice.lookAhead, errors: errors))
    }
    found.differences = result.summary.qualityDifferences
    self.found = found
    return found
  }
}

extension RecognitionRuns.Found {
  /// Errors over look-ahead, of base size alone.
  func contextFigures(bounds: QualityBounds) -> ContextFigures {
    ContextFigures(
      points: runs.filter(\.isBaseSize).map {
        ContextFigures.Point(
          $0.name, family: $0.family, lookAhead: $0.lookAhead * 0.01,
          errors: $0.errors)
      }, differences: differences,
      bounds: bounds.bounds.map { StudyChart.Level($0.name, $0.value.value) })
  }

  /// Errors over parameters, where all answer at once.
  var trained: [ScalingFigures.Trained] {
    runs.filter { $0.lookAhead == 0 }.map {
      ScalingFigures.Trained(
        $0.name, family: $0.family, parameters: $0.parameters, errors: $0.errors)
    }
  }
}
