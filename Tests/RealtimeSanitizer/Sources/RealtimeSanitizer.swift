import Foundation
import LaneRunner
import LatencyLog
import ModelFiles
import StreamCore

/// `fault NAME` does one on purpose, `variants` lists the kernels that there are, `lanes MODEL...` runs
/// every model in every precision.
@main
struct RealtimeSanitizer {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.dropFirst().first.flatMap(Fault.init(rawValue:))) {
    case ("faults", _): print(Fault.allCases.map(\.rawValue).joined(separator: " "))
    case ("fault", let fault?): fault.commit()
    case ("variants", _):
      print(KernelVariant.available.map(\.rawValue).joined(separator: " "))
    case ("lanes", _) where arguments.count > 1:
      for path in arguments.dropFirst() { try runAll(path) }
    default:
      let usage = "faults | fault NAME | variants | lanes MODEL..."
      FileHandle.standardError.write(Data("Error: usage: RealtimeSanitizer \(usage)\n".utf8))
      exit(64)
    }
  }

  private static func runAll(_ path: String) throws {
    for precision in Precision.allCases {
      let plain = try ModelFile(contentsOf: path, precision: precision)
      try run(LaneSetup(name: "\(name(path)) \(precision.rawValue)", file: plain))
      guard plain.kvPrecision != nil else { continue }
      let reduced = try ModelFile(contentsOf: path, precision: precision, kvPrecision: .bf16)
      try run(LaneSetup(name: "\(name(path)) \(precision.rawValue), kv bf16", file: reduced))
    }
  }

  private static func run(_ setup: LaneSetup) throws {
    let rate = setup.frontEnd.sampleRate
    var ways = [(try FramePath(setup: setup, sourceRate: rate).run().frames, "frames")]
    if setup.frontEnd.channels == 1 {
      ways.append((try FramePath(setup: setup, sourceRate: 48_000).run().frames, "resampled"))
    }
    var late = setup
    late.deadline = 1
    let path = FramePath(setup: late, sourceRate: rate, latePolicy: .drop)
    ways.append((try path.run().dropped, "dropped"))
    ways.append((try LoadPath(setup: setup).run(), "of many streams"))
    let text = ways.map { "\($0) \($1)" }.joined(separator: ", ")
    guard ways.allSatisfy({ $0.0 > 0 }) else { throw Idle(lane: setup.name, ways: text) }
    print("  \(setup.name): \(text)")
  }

  /// A lane of which a part never ran, so that nothing was checked.
  private struct Idle: Error {
    let lane: String
    let ways: String
  }

  /// The file's name without its folder and extension.
  private static func name(_ path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." })
  }
}
