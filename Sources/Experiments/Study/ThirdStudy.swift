import ModelFiles
import Results
import StreamCore

/// Holds the third family against the others of its size.
struct ThirdStudy {
  private let files: StudyFiles
  private let pace: StudyPace

  init(_ files: StudyFiles, _ pace: StudyPace) {
    self.files = files
    self.pace = pace
  }

  func figures(_ found: RecognitionRuns.Found) throws -> ThirdFigures {
    let runs = ["minGRU", "LSTM", "GRU", "Transformer"].compactMap { family in
      found.runs.first { $0.family == family && $0.isBaseSize && $0.lookAhead == 0 }
    }
    let models = try runs.map { run in
      try ModelFile(
        contentsOf: files.recognition(run.model), chunkSize: run.family == "Transformer" ? 1 : nil
      ).model
    }
    let calls = models.map { StudyCall($0) }
    let times = StudyClock.rounds(
      pace.rounds, calls.map { call in { StudyClock.timePerCall { call.run() } } })
    return ThirdFigures(
      models: zip(runs, zip(models, times)).map { run, measured in
        ThirdFigures.Model(
          run.name, title: run.family, errors: run.errors, time: measured.1,
          stateBytes: measured.0.stateBytes())
      }, differences: found.differences)
  }
}
