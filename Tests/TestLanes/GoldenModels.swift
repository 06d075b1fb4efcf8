import Foundation
import LaneRunner
import ModelFiles

/// Lanes of the golden models that have a log-mel front end at 16 kHz.
public enum GoldenModels {
  public static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden").path

  public static func path(_ name: String) -> String { "\(directory)/\(name).model.safetensors" }

  public static func file(_ name: String, chunkSize: Int? = nil) throws -> ModelFile {
    try ModelFile(contentsOf: path(name), chunkSize: chunkSize)
  }

  public static func lstm(_ name: String = "lstm") throws -> LaneSetup {
    LaneSetup(name: name, file: try file("lstm-h20-l1-log-mel"))
  }

  public static func transformer(_ name: String = "transformer") throws -> LaneSetup {
    LaneSetup(name: name, file: try file("chunk-l2-h2-d10-c4-left16-log-mel"))
  }

  /// Deterministic noise in -0.5 ... 0.5.
  public static func noise(_ count: Int, seed: UInt32 = 1) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int32(bitPattern: state)) / 4_294_967_296
    }
  }
}
