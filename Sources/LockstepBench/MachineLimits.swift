import CMachineLimits
import StreamCore

/// What the core can do at most, the best that was seen so far in this run.
@safe final class MachineLimits {
  /// A loop and its best rate, operations or bytes per nanosecond.
  struct Loop {
    let name: String
    var rate = 0.0
  }

  /// The footprints whose read bandwidth is always measured, 24 KiB to 256 MiB.
  static let standardFootprints =
    [24, 64, 128, 256, 512, 1024, 1536, 2048, 3072, 4096, 8192, 13312]
    .map { $0 << 10 } + [16, 32, 64, 128, 256].map { $0 << 20 }
  private static let largest = 256 << 20

  private let memory: UnsafeMutableRawPointer
  private(set) var compute: [[Loop]] = [[], [], []]
  /// By footprint, ascending.
  private(set) var reading: [(bytes: Int, loops: [Loop])] = []

  /// Nil if there is no memory to read. Adds the footprints of the calls to be measured.
  init?(footprints: [Int]) {
    guard let block = unsafe ml_memory(Self.largest) else { return nil }
    unsafe memory = block
    forEachLoop { loop in
      if loop.kind != ml_read { compute[Int(loop.kind.rawValue)].append(Loop(name: loop.name)) }
    }
    for bytes in Set(Self.standardFootprints + footprints.map(Self.rounded)).sorted() {
      var loops: [Loop] = []
      forEachLoop { if $0.kind == ml_read { loops.append(Loop(name: $0.name)) } }
      reading.append((bytes, loops))
    }
  }

  /// Runs every loop for a moment and keeps the best rates.
  func measure() {
    var places = [0, 0, 0]
    forEachLoop { loop in
      guard loop.kind != ml_read else { return }
      let kind = Int(loop.kind.rawValue)
      // About 0.1 ms a burst: short enough for one of them to be undisturbed.
      for _ in 0..<4 {
        let rate = timed(loop, bytes: 0, times: 20_000)
        compute[kind][places[kind]].rate = max(compute[kind][places[kind]].rate, rate)
      }
      places[kind] += 1
    }
    for index in reading.indices {
      var place = 0
      let bytes = reading[index].bytes
      let times = max(1, (12 << 20) / bytes)
      forEachLoop { loop in
        guard loop.kind == ml_read else { return }
        if bytes <= 8 << 20 { _ = timed(loop, bytes: bytes, times: 1) }
        let rate = timed(loop, bytes: bytes, times: times)
        reading[index].loops[place].rate = max(reading[index].loops[place].rate, rate)
        place += 1
      }
    }
  }

  /// Operations per nanosecond with operands of a precision; f32 arithmetic can do any of them.
  func peak(_ precision: Precision) -> Double {
    let float = Self.best(compute[Int(ml_f32_fma.rawValue)])
    switch precision {
    case .f32: return float
    case .bf16: return max(float, Self.best(compute[Int(ml_bf16_dot.rawValue)]))
    case .int8: return max(float, Self.best(compute[Int(ml_int8_dot.rawValue)]))
    }
  }

  /// Bytes per nanosecond at a footprint, no less than at any larger one.
  func bandwidth(at bytes: Int) -> Double {
    let footprint = Self.rounded(bytes)
    return reading.filter { $0.bytes >= footprint }.map { Self.best($0.loops) }.max() ?? 0
  }

  static func best(_ loops: [Loop]) -> Double { loops.map(\.rate).max() ?? 0 }

  /// Down to whole pages, within what is measured.
  private static func rounded(_ bytes: Int) -> Int {
    min(max(bytes / 4096, 1) * 4096, largest)
  }

  private struct RunnableLoop {
    let name: String
    let kind: ml_kind
    let index: Int32
  }

  private func forEachLoop(_ body: (RunnableLoop) -> Void) {
    for index in 0..<ml_loop_count() {
      guard let loop = unsafe ml_loop_at(index) else { continue }
      unsafe body(
        RunnableLoop(
          name: String(cString: loop.pointee.name), kind: loop.pointee.kind, index: index))
    }
  }

  private func timed(_ loop: RunnableLoop, bytes: Int, times: Int) -> Double {
    guard let entry = unsafe ml_loop_at(loop.index) else { return 0 }
    let start = ml_nanoseconds()
    let work = unsafe entry.pointee.run(memory, bytes, times)
    return work / Double(max(1, ml_nanoseconds() - start))
  }
}
