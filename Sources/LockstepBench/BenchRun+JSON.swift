import CMachineLimits
import Foundation
import StreamCore

extension BenchRun {
  /// The result for a program: `{"machine", "limits", "results"}`. A figure that the sample or the run
  /// does not support is null. Allocates.
  func json() throws -> Data {
    let object: [String: Any] = [
      "machine": [
        "processor": machine.processor, "kernel_variant": machine.kernelVariant.rawValue,
        "cores": machine.coreCount, "core": machine.core ?? NSNull(),
        "scheduler": machine.scheduler, "rounds": roundCount,
        "load_average_before": machine.loadAtStart ?? NSNull(),
        "load_average_after": loadAtEnd ?? NSNull(), "clock_ns": rounded(clockNanoseconds),
      ] as [String: Any],
      "limits": limitsObject,
      "results": measurements.map(row),
    ]
    return try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  private var limitsObject: Any {
    guard limits.peak(.f32) > 0 else { return NSNull() }
    func loops(_ list: [MachineLimits.Loop]) -> [[String: Any]] {
      list.map { ["loop": $0.name, "rate": rounded($0.rate)] }
    }
    let kinds = [
      ("f32_fma_gflops", ml_f32_fma), ("int8_dot_gops", ml_int8_dot),
      ("bf16_dot_gflops", ml_bf16_dot),
    ]
    var object: [String: Any] = [:]
    for (name, kind) in kinds {
      let list = limits.compute[Int(kind.rawValue)]
      object[name] =
        list.isEmpty
        ? NSNull()
        : ["best": rounded(MachineLimits.best(list)), "loops": loops(list)] as [String: Any]
    }
    object["read_gb_per_s"] = limits.reading.map { footprint in
      [
        "bytes": footprint.bytes, "best": rounded(MachineLimits.best(footprint.loops)),
        "loops": loops(footprint.loops),
      ] as [String: Any]
    }
    return object
  }

  private func row(_ measurement: Measurement) -> [String: Any] {
    let hasFloor = measurement.floor.nanoseconds.isFinite
    let workload = measurement.workload
    return [
      "workload": workload.name, "precision": workload.precision.rawValue,
      "kv": workload.kvPrecision?.rawValue ?? NSNull(), "streams": workload.streams,
      "frames_per_call": workload.framesPerCall,
      "kernel_variant": machine.kernelVariant.rawValue, "calls": measurement.calls,
      "p50_ns": rounded(measurement.p50), "p99_ns": rounded(measurement.p99),
      "p999_ns": rounded(measurement.p999),
      "floor_ns": hasFloor ? rounded(measurement.floor.nanoseconds) : NSNull(),
      "floor_rule": hasFloor ? measurement.floor.rule.rawValue : NSNull(),
      "ratio": hasFloor ? rounded(measurement.ratio, 1_000) : NSNull(),
      "best_round_ratio": hasFloor ? rounded(measurement.bestRoundRatio, 1_000) : NSNull(),
      "floor_is_wrong": hasFloor && measurement.floorIsWrong,
      "round_median_ns": [
        "least": rounded(measurement.rounds.least), "middle": rounded(measurement.rounds.middle),
        "most": rounded(measurement.rounds.most),
      ],
      "bytes": workload.demand.bytes,
      "operations": workload.demand.floatOperations + workload.demand.weightOperations,
      "allocations": measurement.allocations ?? NSNull(),
    ] as [String: Any]
  }

  private func rounded(_ value: Double?, _ steps: Double = 10) -> Any {
    // Decimal text of its own: binary fractions would print with all their digits.
    value.map { NSDecimalNumber(string: String(($0 * steps).rounded() / steps)) } ?? NSNull()
  }
}
