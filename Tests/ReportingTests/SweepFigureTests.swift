import Foundation
import FoundationXML
import LatencyLog
import Testing

@testable import Reporting
@testable import Results

/// The figure of a sweep: well-formed, and every point, family and bound in it.
@Suite struct SweepFigureTests {
  private static func point(
    _ model: String, _ architecture: String, chunk: Int?, delay: Int64, errors: Double,
    parameters: Int
  ) -> SweepPoint {
    var lane = sampleLane(model, chunk: chunk ?? 1, model: 31_000)
    lane.architecture = architecture
    lane.macsPerFrame = parameters
    var tokens = TokenSummary()
    tokens.errorRate = Estimate(value: errors, low: errors - 0.02, high: errors + 0.02)
    tokens.feltDelay.p50 = delay
    lane.tokens = tokens
    var point = SweepPoint(
      SweepSetting(
        model: model, path: model, chunkSize: chunk, leftContext: chunk.map { _ in 128 },
        precision: "f32", parameters: parameters),
      runs: [lane])
    point.standing = .on
    return point
  }

  private static func sweep() -> SweepSummary {
    var points = [
      point("lstm<&>", "lstm", chunk: nil, delay: -5_000_000, errors: 0.28, parameters: 60_000)
    ]
    for (chunk, errors) in [(1, 0.3), (4, 0.27), (16, 0.25)] {
      points.append(
        point(
          "t", "streaming_transformer", chunk: chunk, delay: Int64(chunk) * 10_000_000,
          errors: errors, parameters: 1_000_000))
    }
    var sweep = SweepSummary(
      input: InputSummary(received: 960_256, rate: 16_000, channels: 1), machine: MachineSummary(),
      factor: 1, repetitions: 1, points: points)
    sweep.bounds = QualityBounds(bounds: [.init(name: "whole", value: Estimate(value: 0.11))])
    return sweep
  }

  /// What an XML parser finds.
  private final class Found: NSObject, XMLParserDelegate {
    var texts: [String] = []
    var paths: [[String: String]] = []
    private var isText = false

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      isText = name == "text"
      if isText { texts.append("") }
      if name == "path" { paths.append(attributes) }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) { isText = false }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if isText { texts[texts.count - 1] += text }
    }
  }

  @Test("An XML parser reads it, and finds axes, families, numbers, legend and bounds")
  func wellFormed() throws {
    let svg = try #require(SweepFigure(Self.sweep()).svg)
    let parser = XMLParser(data: Data(svg.utf8))
    let found = Found()
    parser.delegate = found
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    for text in [
      "token error rate", "parameters", "multiply-adds a frame",
      "whole delay of a token, from its true end until it was said (p50)", "lstm",
      "streaming transformer", "1  lstm<&>, precision=f32",
      "4  t, chunk=16, left-context=128, precision=f32", "whole",
      "line: whole, hears the whole stream, 0.1100",
    ] { #expect(found.texts.contains(text), "\(text)") }
    // Three panels: every point has its number in each.
    for number in 1...4 { #expect(found.texts.filter { $0 == "\(number)" }.count == 3) }
    // Two families, two colours; what is on the page stays on it.
    let fills = Set(found.paths.compactMap { $0["fill"] }.filter { $0 != "none" && $0 != "#fff" })
    #expect(fills.count == 2)
    #expect(!svg.contains("nan") && !svg.contains("inf\""))
  }

  @Test("Points without a figure of quality and delay give none")
  func nothing() {
    var sweep = Self.sweep()
    sweep.points = []
    #expect(SweepFigure(sweep).svg == nil)
    sweep = Self.sweep()
    sweep.points[0].firstRun.tokens?.feltDelay.p50 = nil
    #expect(SweepFigure(sweep).svg == nil)
  }

  @Test("The page's front has the delay that is felt along x, and the bound as a line")
  func page() throws {
    let figure = try #require(FrontPlot(Self.sweep())?.figure)
    #expect(figure.title == "The trade-off: error rate over felt delay")
    #expect(figure.body.contains("whole: 0.1100"))
    #expect(figure.body.contains("p50 of the felt delay"))
    #expect(figure.body.contains("−20 ms") || figure.body.contains(">0<"))
  }

  @Test("Labels cover neither marks nor each other")
  func labels() {
    var marks: [(x: Double, y: Double)] = []
    for index in 0..<12 {
      marks.append((x: 40 + Double(index % 4) * 9, y: 60 + Double(index / 4) * 9))
    }
    var placement = LabelPlacement(
      area: (300, 200), step: (6, 7),
      marks: marks.map { LabelPlacement.Box(x: $0.x, y: $0.y, width: 8, height: 8) })
    let spots = marks.map { placement.place(of: $0, width: 18, height: 12) }
    for (index, spot) in spots.enumerated() {
      for other in spots[..<index] {
        #expect(abs(spot.x - other.x) >= 18 || abs(spot.y - other.y) >= 12)
      }
      for mark in marks { #expect(abs(spot.x - mark.x) >= 13 || abs(spot.y - mark.y) >= 10) }
      #expect(spot.x >= 9 && spot.x <= 291 && spot.y >= 6 && spot.y <= 194)
    }
  }
}
