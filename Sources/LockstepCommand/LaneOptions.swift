import ArgumentParser
import Experiments
import Foundation
import LaneRunner
import ModelFiles
import ONNXLanes
import PlainText
import StreamCore

/// The options that say what lanes there are.
struct LaneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model, a lane for each; options after the file are this lane's own.",
      valueName: "file[,name=,chunk=,left-context=,precision=,kv=,beam=]"))
  var model: [String] = []

  @Option(help: ArgumentHelp("Frames a call for lanes that have chunks.", valueName: "n"))
  var chunk: Int?

  @Option(help: ArgumentHelp("Frames before the chunk that attention sees.", valueName: "n"))
  var leftContext: Int?

  @Option(
    help: ArgumentHelp("Weights as loaded into the kernels: f32, bf16 or int8.", valueName: "p"))
  var precision: Precision = .f32

  @Option(
    help: ArgumentHelp(
      "Latest good response time, such as 20ms; by default algorithmic latency plus one frame.",
      valueName: "duration"))
  var deadline: String?

  @OptionGroup var onnx: ONNXOptions
  @OptionGroup var memory: MemoryOptions

  /// Reads the models and names the lanes; without `--model` those of a pair. `beam` is for lanes of tokens
  /// that do not bring their own.
  func lanes(_ pair: DefaultModels.Pair, beam: Int = 1) throws -> [LaneSetup] {
    if let chunk, chunk < 1 {
      throw CommandFailure.usage("--chunk \(chunk): expected at least 1")
    }
    if let leftContext, leftContext < 0 {
      throw CommandFailure.usage("--left-context \(leftContext): expected at least 0")
    }
    guard (1...CTCOptions.widest).contains(beam) else {
      throw CommandFailure.usage("--beam \(beam): expected 1 to \(CTCOptions.widest)")
    }
    let deadline = try deadline.map { try DurationArgument.parse($0, of: "--deadline") }
    let choices = model.isEmpty ? try DefaultModels.choices(pair) : try ModelChoice.list(model)
    let limit = try memory.limit()
    var shared = SharedModels()
    var lanes: [LaneSetup] = []
    for choice in choices {
      // Files together load no more than the limit, too.
      let file = try load(choice, limit: limit - LaneMemory.sum(lanes), from: &shared)
      if let note = file.note, shared.isNew { StandardError.note(note) }
      var lane = shared.lane(name: choice.name, file: file, deadline: deadline)
      if let own = choice.beam, lane.tokens == nil {
        throw CommandFailure.usage(
          "--model \(choice.path): beam=\(own): lane \(choice.name) gives no tokens, expected a model "
            + "of kind ctc with it")
      }
      lane.tokens?.beam = choice.beam ?? beam
      lanes.append(lane)
    }
    return lanes
  }

  /// Given chunks and precisions are for every lane that has a choice; in `--model` they must fit that lane.
  private func load(
    _ choice: ModelChoice, limit: Int, from shared: inout SharedModels
  ) throws -> LaneFile {
    let precision = ONNXFile.isONNX(choice.path) ? .f32 : precision
    func file(chunkSize: Int?, leftContext: Int?) throws -> LaneFile {
      try shared.file(
        choice.path,
        options: ModelOptions(
          chunkSize: choice.chunkSize ?? chunkSize,
          leftContext: choice.leftContext ?? leftContext,
          precision: choice.precision ?? precision, kvPrecision: choice.kvPrecision,
          memoryLimit: limit),
        onnxRuntime: onnx.onnxRuntime)
    }
    let own = try file(chunkSize: nil, leftContext: nil)
    guard own.hasChunks, chunk != nil || leftContext != nil else { return own }
    return try file(chunkSize: chunk, leftContext: leftContext)
  }
}

/// The options of runs whose lanes may give tokens.
struct TokenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Prefixes that the search for tokens keeps, 1 to 64, for lanes of models of kind ctc; 1: the best "
        + "label of each frame, without a search.", valueName: "n"))
  var beam = 1
}

/// The option of runs that watch their lanes for drift.
struct TwinOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A fresh twin beside each lane gets the same frames and begins anew every so often, such as "
        + "60s: the table says how far the two are apart when the twin is oldest, and how long "
        + "until they agree within 0.01, which tells whether the lane's state drifts.",
      valueName: "duration"))
  var twin: String?

  /// Nanoseconds from one beginning to the next; nil for no twin.
  func period() throws -> Int64? {
    try twin.map { try DurationArgument.parse($0, of: "--twin", allowingLong: true) }
  }
}

/// The option of everything that reads models.
struct ONNXOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The library of ONNX Runtime, for .onnx models; by default that of LOCKSTEP_ONNX_RUNTIME, or of "
        + "scripts/setup --onnx.", valueName: "file"))
  var onnxRuntime: String?
}

/// The option of everything that makes streams of models.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What state, weights and scratch of all lanes may take (2GiB, 500MB), checked before any of it is "
        + "allocated; by default a quarter of the memory, 4 GiB at most.", valueName: "bytes"))
  var memoryLimit: String?

  /// Bytes.
  func limit() throws -> Int {
    guard let memoryLimit else { return LaneMemory.defaultLimit }
    guard let bytes = ByteCountText.parse(memoryLimit), bytes > 0 else {
      throw CommandFailure.usage(
        "--memory-limit \(memoryLimit): expected bytes such as 500MB, 2GiB or 1000000000")
    }
    return bytes
  }
}

extension Precision: ExpressibleByArgument {}

/// The options of lanes that run in real time, on threads of their own.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a lane does that is behind, live or in real time: catch-up, or drop whole chunks.",
      valueName: "policy"))
  var whenLate: LatePolicy = .catchUp

  @Flag(
    help: ArgumentHelp(
      "Lanes on SCHED_FIFO threads with memory locked, a core each where there are enough; at pace max "
        + "all of them on one such thread."))
  var realtime = false
}

extension LatePolicy: ExpressibleByArgument {}

/// The trained pairs, for when no `--model` is given.
enum DefaultModels {
  /// What the input looks like, which decides the pair.
  enum Pair: String, CaseIterable {
    case speech
    case activity
  }

  /// The pair's two files, from the first place that has both.
  static func choices(_ pair: Pair) throws -> [ModelChoice] {
    let names = ["lstm", "transformer"].map { "\(pair.rawValue)-\($0).safetensors" }
    let directories = ModelDirectories.all
    for directory in directories {
      let files = names.map { "\(directory)/\($0)" }
      if files.allSatisfy(FileManager.default.fileExists) {
        return files.map { ModelChoice(path: $0) }
      }
    }
    throw CommandFailure(
      "no default models: \(names.joined(separator: " and ")) are in none of "
        + directories.joined(separator: ", ") + "; expected them there, or --model FILE",
      exitCode: 66)
  }
}
