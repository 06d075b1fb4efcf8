import CMachineLimits
import StreamCore

/// What the core can do at most, the best that was seen so far in this run.
@safe package final class MachineLimits {
  /// A loop and its best rate, operations or bytes per nanosecond.
  package struct Loop {
    package let name: String
    /// Among all of the machine's.
    fileprivate let index: Int32
    package fileprivate(set) var rate = 0.0
  }

  /// The footprints whose read bandwidth is always measured, 24 KiB to 256 MiB.
  package static let standardFootprints =
    [24, 64, 128, 256, 512, 1024, 1536, 2048, 3072, 4096, 8192, 13312]
    .map { $0 << 10 } + [16, 32, 64, 128, 256].map { $0 << 20 }
  private static let largest = 256 << 20

  private let memory: UnsafeMutableRawPointer
  package private(set) var compute: [[Loop]] = [[], [], []]
  /// By footprint, ascending.
  package private(set) var reading: [(bytes: Int, loops: [Loop])] = []

  /// Nil if there is no memory to read. Adds the footprints of the calls to be measured.
  package init?(footprints: [Int]) {
    guard let block = unsafe ml_memory(Self.largest) else { return nil }
    unsafe memory = block
    var readers: [Loop] = []
    for index in 0..<ml_loop_count() {
      guard let entry = unsafe ml_loop_at(index)?.pointee else { continue }
      let loop = unsafe Loop(name: String(cString: entry.name), index: index)
      if unsafe entry.kind == ml_read {
        readers.append(loop)
      } else {
        unsafe compute[Int(entry.kind.rawValue)].append(loop)
      }
    }
    reading = Set(Self.standardFootprints + footprints.map(Self.rounded)).sorted().map {
      ($0, readers)
    }
  }

  /// Runs every loop for a moment and keeps the best rates.
  package func measure() {
    measureCompute()
    for footprint in reading.indices { measureReading(footprint) }
  }

  /// The loops that bound a call of this footprint alone: those that compute, and those that read
  /// the next one that is known.
  package func measure(footprint bytes: Int) {
    measureCompute()
    let pages = Self.rounded(bytes)
    if let footprint = reading.indices.first(where: { reading[$0].bytes >= pages }) {
      measureReading(footprint)
    }
  }

  /// The loops that compute alone.
  package func measureCompute() {
    for kind in compute.indices {
      for place in compute[kind].indices {
        // About 0.1 ms a burst: short enough for one of them to be undisturbed.
        for _ in 0..<4 {
          compute[kind][place].rate = best(compute[kind][place], bytes: 0, times: 20_000)
        }
      }
    }
  }

  private func measureReading(_ footprint: Int) {
    let bytes = reading[footprint].bytes
    for place in reading[footprint].loops.indices {
      let loop = reading[footprint].loops[place]
      if bytes <= 8 << 20 { _ = timed(loop, bytes: bytes, times: 1) }
      let times = max(1, (12 << 20) / bytes)
      reading[footprint].loops[place].rate = best(loop, bytes: bytes, times: times)
    }
  }

  /// Operations per nanosecond with operands of a precision; f32 arithmetic can do any of them.
  package func peak(_ precision: Precision) -> Double {
    let float = Self.best(compute[Int(ml_f32_fma.rawValue)])
    switch precision {
    case .f32: return float
    case .bf16: return max(float, Self.best(compute[Int(ml_bf16_dot.rawValue)]))
    case .int8: return max(float, Self.best(compute[Int(ml_int8_dot.rawValue)]))
    }
  }

  /// Bytes per nanosecond at a footprint, no less than at any larger one.
  package func bandwidth(at bytes: Int) -> Double {
    let footprint = Self.rounded(bytes)
    return reading.filter { $0.bytes >= footprint }.map { Self.best($0.loops) }.max() ?? 0
  }

  package static func best(_ loops: [Loop]) -> Double { loops.map(\.rate).max() ?? 0 }

  /// Down to whole pages, within what is measured.
  private static func rounded(_ bytes: Int) -> Int {
    min(max(bytes / 4096, 1) * 4096, largest)
  }

  /// The best rate with this run counted in.
  private func best(_ loop: Loop, bytes: Int, times: Int) -> Double {
    max(loop.rate, timed(loop, bytes: bytes, times: times))
  }

  private func timed(_ loop: Loop, bytes: Int, times: Int) -> Double {
    guard let entry = unsafe ml_loop_at(loop.index) else { return 0 }
    let start = ml_nanoseconds()
    let work = unsafe entry.pointee.run(memory, bytes, times)
    return work / Double(max(1, ml_nanoseconds() - start))
  }
}
