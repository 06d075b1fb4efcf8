/// Samples of six channels at 50 Hz, and the lines of text that may hold them.
struct SensorText {
  static let rate = 50
  /// `[samples][channels]`
  let rows: [[Float]]

  /// The same numbers for the same count.
  init(_ count: Int, channels: Int = 6, seed: UInt64 = 3) {
    var random = SeededNumbers(seed: seed)
    rows = (0..<count).map { _ in (0..<channels).map { _ in random.value() } }
  }

  private init(rows: [[Float]]) { self.rows = rows }

  /// The first samples alone.
  func prefix(_ count: Int) -> SensorText { SensorText(rows: Array(rows.prefix(count))) }

  /// With a row of zeros in each of the places that a gap left, given as positions after filling.
  func filled(_ gaps: [(position: Int, length: Int)]) -> SensorText {
    var rows = rows
    for gap in gaps {
      let silence = [[Float]](
        repeating: [Float](repeating: 0, count: rows[0].count), count: gap.length)
      rows.insert(contentsOf: silence, at: gap.position)
    }
    return SensorText(rows: rows)
  }

  /// Time stamps of 50 Hz in which each gap's samples are left out.
  static func times(_ count: Int, gaps: [(position: Int, length: Int)] = []) -> [Double] {
    var times: [Double] = []
    var position = 0
    for _ in 0..<count {
      if let gap = gaps.first(where: { $0.position == position }) { position += gap.length }
      times.append(Double(position) / Double(rate))
      position += 1
    }
    return times
  }

  private var names: [String] { rows[0].indices.map { "c\($0)" } }

  func csv(times: [Double]? = nil) -> String {
    let header = (times == nil ? [] : ["time"]) + names
    return lines([header.joined(separator: ",")], times) { row, time in
      ((time.map { ["\($0)"] } ?? []) + row.map(\.description)).joined(separator: ",")
    }
  }

  /// Arrays of numbers.
  var arrays: String { lines([], nil) { row, _ in Self.array(row) } }

  /// Objects with time and values.
  func objects(times: [Double]) -> String {
    lines([], times) { row, time in "{\"time\":\(time ?? 0),\"values\":\(Self.array(row))}" }
  }

  /// All numbers in a row, as f32le has them.
  var numbers: [Float] { rows.flatMap { $0 } }

  private static func array(_ row: [Float]) -> String {
    "[" + row.map(\.description).joined(separator: ",") + "]"
  }

  private func lines(
    _ first: [String], _ times: [Double]?, _ line: ([Float], Double?) -> String
  ) -> String {
    let all = first + rows.enumerated().map { line($1, times?[$0]) }
    return all.map { $0 + "\n" }.joined()
  }
}
