import Foundation
import LatencyLog
import PlainText
import Results
import Testing

@testable import Quality

/// Counts, rates and delays that Python computed: `scripts/make-golden tokens`, whose functions `aligned` and
/// `judged` are the definition.
@Suite("Tokens: golden")
struct TokenGoldenTests {
  static let outputs = ["blank", "AA", "B", "CH", "D", "EH", "F", "G"]

  private static func cases() throws -> [JSONValue] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/tokens.json")
    return try JSONValue(parsing: Array(Data(contentsOf: path))).entries("cases")
  }

  @Test func all() throws {
    let cases = try Self.cases()
    #expect(cases.count == 200)
    var matched = 0
    for (index, golden) in cases.enumerated() {
      let rows = golden.entries("reference").map(\.items)
      guard !rows.isEmpty else {
        // A file without a token is refused; what was given all the same are insertions.
        #expect(golden[path: "error_rate"] == .null)
        continue
      }
      let text =
        "start,end,label,utterance\n"
        + rows.map { $0.map(\.plain).joined(separator: ",") + "\n" }.joined()
      let reference = try TokenReference(Labels(text), outputs: Self.outputs, blank: 0)
      var meter = TokenMeter(reference, timing: TokenTiming(signalDelay: 0))
      for token in golden.entries("hypothesis").map(\.items) {
        let output = try #require(Self.outputs.firstIndex(of: token[0].plain))
        meter.add(.sample(output, time: try #require(token[1].double)))
      }
      meter.advance(to: 1e6)
      let judgement = TokenJudgement(meter)
      let summary = judgement.summary()
      #expect(summary.reference == rows.count)
      #expect(summary.substitutions == golden[path: "substitutions"]?.integer, "case \(index)")
      #expect(summary.deletions == golden[path: "deletions"]?.integer, "case \(index)")
      #expect(summary.insertions == golden[path: "insertions"]?.integer, "case \(index)")
      #expect(summary.errorRate?.value == golden[path: "error_rate"]?.double, "case \(index)")
      #expect(
        judgement.matched.map { $0.heard.time - $0.truth.end }
          == golden.nanoseconds("delays_after_end"), "case \(index)")
      #expect(
        judgement.matched.map { $0.heard.time - $0.truth.start }
          == golden.nanoseconds("delays_after_begin"), "case \(index)")
      matched += judgement.matched.count
      for (utterance, errors) in judgement.errors.enumerated() {
        let path = "utterances.u\(utterance + 1)"
        #expect(errors.reference == golden[path: "\(path).tokens"]?.integer, "case \(index)")
        #expect(
          errors.substitutions == golden[path: "\(path).substitutions"]?.integer, "case \(index)")
        #expect(errors.deletions == golden[path: "\(path).deletions"]?.integer, "case \(index)")
        #expect(errors.insertions == golden[path: "\(path).insertions"]?.integer, "case \(index)")
      }
    }
    #expect(matched > 1_000)
  }
}

extension JSONValue {
  fileprivate func entries(_ key: String) -> [JSONValue] { self[path: key]?.items ?? [] }

  fileprivate var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

  fileprivate var plain: String {
    switch self {
    case .string(let text), .number(let text): text
    default: ""
    }
  }

  fileprivate func nanoseconds(_ key: String) -> [Int64] {
    entries(key).map { Int64((($0.double ?? .nan) * 1e9).rounded()) }
  }
}

extension TokenRecord {
  /// A token known by its own frame, which answered at once.
  static func sample(_ output: Int, time: Double, known: FrameRecord? = nil) -> TokenRecord {
    let record =
      known
      ?? FrameRecord(
        lane: 0, frame: 0, position: 0, arrival: 0, frontEndStart: 0, frontEndEnd: 0, modelStart: 0,
        modelEnd: 0, emission: 0)
    return TokenRecord(
      lane: 0, output: output, frame: record.frame, time: time, begins: time, known: record,
      knownTime: time, emitted: time, position: record.position)
  }
}
