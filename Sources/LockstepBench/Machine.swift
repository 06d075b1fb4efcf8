import CAllocationCounter
import Foundation
import LaneRunner
import Results
import StreamCore

/// Where the run takes place.
struct Machine {
  let processor: String
  let kernelVariant: KernelVariant
  let coreCount: Int
  /// The core that everything runs on; nil where it could not be pinned.
  let core: Int?
  /// `fifo`, or `other` with the reason.
  let scheduler: String
  let usesFIFO: Bool
  /// Whether allocations are seen: tried, not assumed.
  let countsAllocations: Bool
  let loadAtStart: String?

  /// Places this thread as `--realtime` places a lane's.
  init(core wanted: Int?) throws(KernelVariantError) {
    kernelVariant = try KernelVariant.selected()
    coreCount = ProcessInfo.processInfo.processorCount
    processor = Self.processorName
    let outcome = ThreadPlacement(core: wanted).apply(.lane(0, of: 1))
    core = outcome.core
    usesFIFO = outcome.isFIFO
    scheduler = usesFIFO ? "fifo" : "other (not permitted)"
    let before = allocation_counter_value()
    let block = Self.allocated(byteCount: 4096)
    countsAllocations =
      allocation_counter_works() == 1 && allocation_counter_value() > before && block.count == 4096
    loadAtStart = Self.load
  }

  /// Not inlined, so that the allocation cannot be left out.
  @inline(never) private static func allocated(byteCount: Int) -> [UInt8] {
    Array(repeating: UInt8(truncatingIfNeeded: byteCount >> 8), count: byteCount)
  }

  /// The three load averages, Linux only: more than 1 a core means that others want the machine.
  static var load: String? {
    guard let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8) else {
      return nil
    }
    return text.split(separator: " ").prefix(3).joined(separator: " ")
  }

  private static var processorName: String {
    let name = MachineSummary.processorName ?? "unknown"
    guard let family = MachineSummary.processorField("cpu family"),
      let model = MachineSummary.processorField("model")
    else { return name }
    return "\(name), family \(family) model \(model)"
  }
}
