import Experiments
import Foundation
import StreamCore

extension BenchRun {
  /// The result for a reader. Allocates.
  var table: String {
    var lines = [
      "processor  \(machine.processor); kernels \(machine.kernelVariant.rawValue)",
      "run        core \(machine.core.map(String.init) ?? "not pinned") of \(machine.coreCount),"
        + " scheduler \(machine.scheduler), \(roundCount) rounds, load average"
        + " \(machine.loadAtStart ?? "-") before, \(loadAtEnd ?? "-") after",
      "clock      \(Self.fixed(clockNanoseconds, 1)) ns a reading, within every time",
    ]
    lines += limitLines
    let calls = measurements.filter { $0.workload.place == nil }
    if !calls.isEmpty {
      lines.append("")
      lines += Self.columns(rows(calls), leading: 2)
      lines += notes(calls)
    }
    lines += pathLines
    return lines.joined(separator: "\n") + "\n"
  }

  private var limitLines: [String] {
    guard limits.peak(.f32) > 0 else { return ["limits     not measured"] }
    let peaks = ["f32 FMA", "int8 dot", "bf16 dot"].enumerated().map { kind, name in
      let loops = limits.compute[kind]
      return "\(name) \(loops.isEmpty ? "-" : Self.fixed(MachineLimits.best(loops), 0))"
    }.joined(separator: ", ")
    let reading = MachineLimits.standardFootprints.map {
      "\(Self.size($0)) \(Self.fixed(limits.bandwidth(at: $0), 0))"
    }.joined(separator: ", ")
    return ["limits     \(peaks) Gop/s", "reading    \(reading) GB/s"]
  }

  private func rows(_ calls: [Measurement]) -> [[String]] {
    let header = [
      "workload", "precision", "p50", "p99", "p99.9", "spin", "excess", "floor", "by", "ratio",
      "best", "rounds", "calls", "allocations",
    ]
    return [header]
      + calls.map { row in
        [
          row.workload.name, row.workload.precision.rawValue, Self.microseconds(row.p50),
          Self.microseconds(row.p99), Self.microseconds(row.p999),
          Self.microseconds(row.spin?.p999), Self.microseconds(row.excess),
          Self.microseconds(row.floor?.nanoseconds), row.floor?.rule.rawValue ?? "-",
          Self.fixed(row.ratio, 2), Self.fixed(row.bestRoundRatio, 2),
          "\(Self.microseconds(row.rounds.least))..\(Self.microseconds(row.rounds.most))",
          "\(row.calls)", Self.fixed(row.allocations, 3),
        ]
      }
  }

  /// Cells in columns, the first ones to the left.
  static func columns(_ table: [[String]], leading: Int) -> [String] {
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { cells in
      cells.indices.map { index in
        let pad = String(repeating: " ", count: widths[index] - cells[index].count)
        return index < leading ? cells[index] + pad : pad + cells[index]
      }.joined(separator: "  ")
    }
  }

  private func notes(_ calls: [Measurement]) -> [String] {
    var lines = [
      "",
      "Times in us a call. ratio = p50 / floor; best = the fastest round's median / floor;"
        + " rounds = medians of the fastest and the slowest round. A lane's floor is its model's."
        + " spin = p99.9 of an empty loop as long as the call, in turn with it; excess = p99.9 - spin.",
    ]
    let states = calls.filter { $0.workload.name.hasPrefix("save-") }
    if !states.isEmpty {
      lines.append(
        "Bytes of a stream's state: "
          + states.map { "\($0.workload.name.dropFirst(5)) \($0.workload.demand?.bytes ?? 0)" }
          .joined(separator: ", ") + ".")
    }
    for row in calls where row.floorIsWrong {
      lines.append(
        "WRONG FLOOR: \(row.workload.name) \(row.workload.precision.rawValue) is at"
          + " \(Self.fixed(row.ratio ?? row.bestRoundRatio, 3)) of its floor: the limit or the count"
          + " behind it is wrong, this is no win.")
    }
    return lines
  }

  /// Of nanoseconds.
  static func microseconds(_ value: Double?) -> String {
    guard let value else { return "-" }
    let time = value / 1_000
    let size = abs(time)
    return fixed(time, size < 10 ? 3 : size < 100 ? 2 : size < 1_000 ? 1 : 0)
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 1 << 20
      ? "\(bytes >> 10) KiB"
      : bytes % (1 << 20) == 0
        ? "\(bytes >> 20) MiB" : "\(Double(bytes) / 1_048_576) MiB"
  }

  static func fixed(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? "-"
  }
}
