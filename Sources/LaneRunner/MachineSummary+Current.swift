import Foundation
import Results

extension MachineSummary {
  /// The machine that this process runs on.
  static func current(kernelVariant: String, schedulerPolicy: String) -> MachineSummary {
    MachineSummary(
      processor: processorName, kernelVariant: kernelVariant,
      cores: ProcessInfo.processInfo.activeProcessorCount, schedulerPolicy: schedulerPolicy)
  }

  /// Memory of this process that is resident, in bytes; nil where the system does not tell.
  static var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }

  /// From /proc/cpuinfo, which names it differently on different architectures.
  private static var processorName: String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return nil
    }
    for key in ["model name", "Model", "Hardware", "CPU part"] {
      for line in text.split(separator: "\n") where line.hasPrefix(key) {
        if let colon = line.firstIndex(of: ":") {
          return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
      }
    }
    return nil
  }
}
