import Foundation

/// What is inside: the gates of an LSTM over a recording, and where the heads of a Transformer
/// look.
public struct CoreFigures: Sendable, Equatable {
  /// A cell of an LSTM.
  public struct Cell: Sendable, Equatable {
    public var layer: Int
    /// Its forget gate, frame by frame.
    public var forget: [Double]

    public init(layer: Int, forget: [Double]) {
      self.layer = layer
      self.forget = forget
    }

    /// Frames until half of what it holds is gone, by the mean of its gate's logarithm.
    var halfLife: Double {
      let mean = forget.reduce(0) { $0 + log(max($1, 1e-9)) } / Double(max(1, forget.count))
      return mean < 0 ? log(0.5) / mean : .infinity
    }
  }

  /// A head of a Transformer.
  public struct Head: Sendable, Equatable {
    public var layer: Int
    public var head: Int
    /// The mean weight by frames back; they add up to 1.
    public var weights: [Double]

    public init(layer: Int, head: Int, weights: [Double]) {
      self.layer = layer
      self.head = head
      self.weights = weights
    }

    /// Frames back, in the mean of its weights.
    var distance: Double { weights.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } }
  }

  public var cells: [Cell]
  public var heads: [Head]
  /// Seconds a frame.
  public var period: Double

  /// From here on the slowest and the fastest are said to be made for different things.
  private static let spread = 4.0
  /// Rows of the picture of gates.
  private static let shownCells = 48

  public init(cells: [Cell], heads: [Head], period: Double) {
    self.cells = cells
    self.heads = heads
    self.period = period
  }

  public var row: StudyRow {
    var row = StudyRow(
      .core,
      method: "The recognisers of base size over seconds of samples/recognition.flac: the forget "
        + "gate of every cell, "
        + "and the weights of every head by how many frames back they lie, in the mean over "
        + "frames.",
      findings: [gates, attention], charts: [])
    row.pictures = [gatePicture, headPicture].compactMap { $0 }
    return row
  }

  private var gates: StudyFinding {
    let lives = cells.map(\.halfLife).sorted()
    guard lives.count >= 10 else { return .unmeasured("gates") }
    let (fast, slow) = (lives[lives.count / 10], lives[lives.count * 9 / 10])
    let long = lives.count { $0 * period >= 1 }
    let words =
      "a tenth of the \(cells.count) cells lose half of what they hold within "
      + "\(StudyText.seconds(fast * period)), a tenth keep half for \(Self.time(slow * period)) "
      + "or more, and "
      + "\(long) keep it beyond a second"
    return slow >= Self.spread * fast
      ? StudyFinding("gates", .holds, "Gates give cells times of their own: \(words).")
      : StudyFinding("gates", .fails, "Gates keep all cells for about as long: \(words).")
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 1e6 ? StudyText.seconds(seconds) : "ever"
  }

  private var attention: StudyFinding {
    let sorted = heads.sorted { $0.distance < $1.distance }
    guard let near = sorted.first, let far = sorted.last, heads.count > 1 else {
      return .unmeasured("attention")
    }
    let width = Double(near.weights.count - 1)
    let words =
      "head \(near.head) of layer \(near.layer) looks \(StudyText.number(near.distance)) frames "
      + "back in the mean, "
      + "head \(far.head) of layer \(far.layer) \(StudyText.number(far.distance)), of "
      + "\(StudyText.count(width)) that it sees"
    return far.distance >= Self.spread * near.distance
      ? StudyFinding("attention", .holds, "Heads share the work: \(words).")
      : StudyFinding("attention", .fails, "All heads look about as far back: \(words).")
  }

  private var gatePicture: StudyPicture? {
    guard !cells.isEmpty else { return nil }
    let sorted = cells.sorted { $0.halfLife > $1.halfLife }
    let shown = min(Self.shownCells, sorted.count)
    return StudyPicture(
      "gates", title: "Forget gates over the recording",
      caption: "A row a cell, every so many of all of them, those on top that keep longest: dark "
        + "keeps, light lets go. Look "
        + "for columns that are light in many rows: there the LSTM begins anew, at pauses and at "
        + "the edges of "
        + "sounds. Rows that stay dark carry something over words.",
      xTitle: "seconds", yTitle: "cells, the longest memory on top", xStep: period,
      rows: (0..<shown).map { index in
        let cell = sorted[index * sorted.count / shown]
        return StudyPicture.Row("layer \(cell.layer)", cell.forget)
      })
  }

  private var headPicture: StudyPicture? {
    guard !heads.isEmpty else { return nil }
    return StudyPicture(
      "attention", title: "Where heads look",
      caption: "A row a head; dark is where its weights lie, each row by its own largest one. At "
        + "the left edge is the frame "
        + "itself. Heads that are dark at the left alone work on the sound of the moment; those "
        + "that are dark all "
        + "along take a mean over what was said.",
      xTitle: "frames back", yTitle: "heads, by layer and number", xStep: 1,
      rows: heads.map { head in
        let most = max(head.weights.max() ?? 1, 1e-12)
        return StudyPicture.Row("\(head.layer).\(head.head)", head.weights.map { $0 / most })
      })
  }
}
