import Foundation
import Testing

/// Lines of output beside what a file of `start,end,label` says, judged by the definitions.
struct JudgedOutputs {
  /// One lane: its frames in order, and what is true of each.
  struct Lane {
    let times: [Double]
    /// Index of the class with the highest output, and of the true one.
    let said: [Int]
    let truth: [Int]
    /// `[frames][classes]`
    let outputs: [[Double]]
    let onsets: [(time: Double, end: Double, label: Int)]

    var accuracy: Double {
      Double(zip(said, truth).count { $0 == $1 }) / Double(said.count)
    }

    /// The mean over the classes, each from its hits.
    var f1: Double {
      let classes = outputs[0].indices.map { label in
        let hits = zip(said, truth).count { $0 == label && $1 == label }
        let all = said.count { $0 == label } + truth.count { $0 == label }
        return 2 * Double(hits) / Double(all)
      }
      return classes.reduce(0, +) / Double(classes.count)
    }

    /// The mean over the classes of the share of pairs in the right order, counted from below.
    var auc: Double {
      let classes = outputs[0].indices.map { label in
        let positives = outputs.indices.filter { truth[$0] == label }.map { outputs[$0][label] }
        let negatives = outputs.indices.filter { truth[$0] != label }.map { outputs[$0][label] }
          .sorted()
        let wins = positives.reduce(0.0) { wins, value in
          let below = Self.count(negatives) { $0 < value }
          let notAbove = Self.count(negatives) { $0 <= value }
          return wins + Double(below + notAbove) / 2
        }
        return wins / Double(positives.count) / Double(negatives.count)
      }
      return classes.reduce(0, +) / Double(classes.count)
    }

    /// Nanoseconds from each onset to the end of the chunk that says so first; nil for none.
    func delays(chunk: Int) -> [Int?] {
      onsets.map { onset in
        let frame = times.indices.first { index in
          (onset.time..<onset.end).contains(times[index] - 0.01) && said[index] == onset.label
        }
        return frame.map { frame in
          let last = min(frame / chunk * chunk + chunk - 1, times.count - 1)
          return Int(((times[last] - onset.time) * 1e9).rounded())
        }
      }
    }

    /// How many of the first values a condition holds for.
    private static func count(_ sorted: [Double], _ holds: (Double) -> Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  private var lines: [String: [(time: Double, outputs: [Double])]] = [:]
  private var spans: [(start: Double, end: Double, label: String)] = []

  init(lines: [String], labels: String) throws {
    for text in lines {
      let line = try JSONDocument(text)
      self.lines[try line.text("lane"), default: []]
        .append((try line.number("time"), try line.numbers("output")))
    }
    for row in try String(contentsOfFile: labels, encoding: .utf8).split(separator: "\n")
      .dropFirst()
    {
      let fields = row.split(separator: ",")
      spans.append((Double(fields[0]) ?? .nan, Double(fields[1]) ?? .nan, String(fields[2])))
    }
  }

  /// A lane whose frames all have a label; a frame of sensors stands for the middle of its 20 ms.
  func lane(_ name: String, classes: [String]) -> Lane? {
    guard let lines = lines[name] else { return nil }
    func index(_ label: String) -> Int? { classes.firstIndex(of: label) }
    let classesOfFrames = lines.compactMap { line in
      spans.first { ($0.start..<$0.end).contains(line.time - 0.01) }.flatMap { index($0.label) }
    }
    guard classesOfFrames.count == lines.count else { return nil }
    return Lane(
      times: lines.map(\.time),
      said: lines.map { line in
        line.outputs.indices.max { line.outputs[$0] < line.outputs[$1] } ?? -1
      },
      truth: classesOfFrames, outputs: lines.map(\.outputs),
      onsets: spans.map { ($0.start, $0.end, index($0.label) ?? -1) })
  }
}
