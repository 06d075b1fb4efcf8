import Foundation
import Results

extension MachineSummary {
  /// The machine that this process runs on.
  package static func current(
    kernelVariant: String, schedulerPolicy: String? = nil
  ) -> MachineSummary {
    var machine = MachineSummary()
    machine.processor = processorName
    machine.kernelVariant = kernelVariant
    machine.cores = ProcessInfo.processInfo.activeProcessorCount
    machine.schedulerPolicy = schedulerPolicy
    return machine
  }

  /// Memory of this process that is resident, in bytes; nil where the system does not tell.
  static var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }

  /// What /proc/cpuinfo calls it, which differs between architectures.
  package static var processorName: String? {
    ["model name", "Model", "Hardware", "CPU part"].lazy.compactMap(processorField).first
  }

  /// A field of /proc/cpuinfo; nil where the system has no such file or field.
  package static func processorField(_ name: String) -> String? {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2, parts[0] == name { return parts[1] }
    }
    return nil
  }
}
