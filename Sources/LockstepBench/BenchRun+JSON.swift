import CMachineLimits
import Experiments
import PlainText
import StreamCore

extension BenchRun {
  /// The result for a program: `{"machine", "limits", "results"}`. A figure that the sample or the run
  /// does not support is null. Allocates.
  var json: JSONValue {
    .object([
      (
        "machine",
        .object([
          ("processor", .string(machine.processor)),
          ("kernel_variant", .string(machine.kernelVariant.rawValue)),
          ("cores", .integer(machine.coreCount)),
          ("core", machine.core.map { .integer($0) } ?? .null),
          ("scheduler", .string(machine.scheduler)), ("rounds", .integer(roundCount)),
          ("load_average_before", .text(machine.loadAtStart)),
          ("load_average_after", .text(loadAtEnd)), ("clock_ns", rounded(clockNanoseconds)),
        ])
      ),
      ("limits", limitsObject), ("results", .array(measurements.map(row))),
    ])
  }

  private var limitsObject: JSONValue {
    guard limits.peak(.f32) > 0 else { return .null }
    func object(_ list: [MachineLimits.Loop]) -> [(key: String, value: JSONValue)] {
      [
        ("best", rounded(MachineLimits.best(list))),
        (
          "loops",
          .array(list.map { .object([("loop", .string($0.name)), ("rate", rounded($0.rate))]) })
        ),
      ]
    }
    let kinds = [
      ("f32_fma_gflops", ml_f32_fma), ("int8_dot_gops", ml_int8_dot),
      ("bf16_dot_gflops", ml_bf16_dot),
    ]
    let compute = kinds.map { name, kind in
      let list = limits.compute[Int(kind.rawValue)]
      return (key: name, value: list.isEmpty ? JSONValue.null : .object(object(list)))
    }
    let reading = limits.reading.map {
      JSONValue.object([("bytes", .integer($0.bytes))] + object($0.loops))
    }
    return .object(compute + [("read_gb_per_s", .array(reading))])
  }

  private func row(_ measurement: Measurement) -> JSONValue {
    let workload = measurement.workload
    let demand = workload.demand
    return .object([
      ("workload", .string(workload.name)), ("precision", .string(workload.precision.rawValue)),
      ("kv", .text(workload.kvPrecision?.rawValue)), ("streams", .integer(workload.streams)),
      ("frames_per_call", .integer(workload.framesPerCall)),
      ("kernel_variant", .string(machine.kernelVariant.rawValue)),
      ("calls", .integer(measurement.calls)), ("p50_ns", rounded(measurement.p50)),
      ("p99_ns", rounded(measurement.p99)), ("p999_ns", rounded(measurement.p999)),
      ("spin_p50_ns", rounded(measurement.spin?.p50)),
      ("spin_p999_ns", rounded(measurement.spin?.p999)),
      ("excess_p999_ns", rounded(measurement.excess)),
      ("floor_ns", rounded(measurement.floor?.nanoseconds)),
      ("floor_rule", .text(measurement.floor?.rule.rawValue)),
      ("ratio", rounded(measurement.ratio, 1_000)),
      ("best_round_ratio", rounded(measurement.bestRoundRatio, 1_000)),
      ("floor_is_wrong", .bool(measurement.floorIsWrong)),
      (
        "round_median_ns",
        .object([
          ("least", rounded(measurement.rounds.least)),
          ("middle", rounded(measurement.rounds.middle)),
          ("most", rounded(measurement.rounds.most)),
        ])
      ),
      ("bytes", demand.map { .integer($0.bytes) } ?? .null),
      (
        "operations",
        demand.map { .integer($0.floatOperations + $0.weightOperations) } ?? .null
      ),
      ("allocations", .number(measurement.allocations)),
    ])
  }

  private func rounded(_ value: Double?, _ steps: Double = 10) -> JSONValue {
    value.map { .shortest(($0 * steps).rounded() / steps) } ?? .null
  }
}
