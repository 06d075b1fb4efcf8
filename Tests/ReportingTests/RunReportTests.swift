import Foundation
import LatencyLog
import PlainText
import Testing

@testable import Reporting

@Suite("The page of a run")
struct RunReportTests {
  /// The exact value of every cell by its path in the summary.
  static func cells(_ html: String) -> [String: String] {
    var cells: [String: String] = [:]
    for match in html.matches(of: /<td data-path="([^"]*)" data-value="([^"]*)">/) {
      cells[String(match.1)] = String(match.2)
    }
    return cells
  }

  /// Every figure of a summary by its path; of a list, how many.
  static func figures(_ value: JSONValue, at path: String) -> [String: String] {
    var figures: [String: String] = [:]
    guard case .object(let members) = value else { return [path: SummaryCells.source(value)] }
    for member in members {
      figures.merge(Self.figures(member.value, at: "\(path).\(member.key)")) { one, _ in one }
    }
    return figures
  }

  @Test("The table has every figure of the summary, as it is there")
  func everyFigure() throws {
    let run = RecordedRun(frames: 2_000, missEvery: 500)
    let cells = Self.cells(run.html)
    var expected = Self.figures(try #require(run.summary.json[path: "input"]), at: "input")
    expected.merge(
      Self.figures(try #require(run.summary.json[path: "machine"]), at: "machine")
    ) { one, _ in one }
    guard case .array(let lanes) = run.summary.json[path: "lanes"] else {
      Issue.record("no lanes")
      return
    }
    for (index, lane) in lanes.enumerated() {
      expected.merge(Self.figures(lane, at: "lanes.\(index)")) { one, _ in one }
      expected["lanes.\(index).name"] = nil
      // There are no labels and no twins, and the samples have the models' rate.
      for key in ["quality", "tokens", "resampler", "repeats", "twin"] {
        #expect(expected.removeValue(forKey: "lanes.\(index).\(key)") == "null")
      }
      // The lane without chunks has a dash for each figure of the other.
      guard expected.removeValue(forKey: "lanes.\(index).response_in_chunk") == "null" else {
        continue
      }
      for word in Glossary[.lane].flatMap(\.words)
      where word.path.hasPrefix("response_in_chunk.") {
        expected["lanes.\(index).\(word.path)"] = "null"
      }
    }
    #expect(expected.count > 100)
    for (path, value) in expected { #expect(cells[path] == HTML.escaped(value), "\(path)") }
    #expect(Set(cells.keys) == Set(expected.keys))
  }

  @Test("Every line of the glossary is read, and no table has two rows of one path")
  func glossary() {
    let text = String(decoding: PackageResources.glossary_txt, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(Glossary.groups.reduce(0) { $0 + 1 + $1.words.count } == lines.count)
    for table in Glossary.Table.allCases {
      let paths = Glossary[table].flatMap { $0.words.map(\.path) }
      #expect(!paths.isEmpty && Set(paths).count == paths.count)
    }
  }

  @Test("Every figure of a lane has a word; none is called by its key")
  func everyWord() {
    #expect(!RecordedRun(frames: 200).html.contains("Other figures"))
  }

  @Test("Nothing is loaded, and nothing in a name becomes markup")
  func selfContained() {
    let html = RecordedRun(
      frames: 300, names: ["</script><b>\"x\"", "a&b"], outputs: ["<i>", "two"]
    ).html
    for reference in ["http:", "https:", "//www", "src=", "href=", "url(", "@import", "import("] {
      #expect(!html.contains(reference), "\(reference)")
    }
    #expect(html.contains("content=\"default-src 'none'; "))
    #expect(!html.contains("<b>\"x\""))
    #expect(html.contains("&lt;/script&gt;&lt;b&gt;&quot;x&quot;"))
    #expect(html.contains("a &lt;recording&gt; &amp; more"))
    #expect(html.split(separator: "<script").count == html.split(separator: "</script>").count)
  }

  @Test("Misses, drops, gaps and deadlines are marked")
  func marks() {
    let run = RecordedRun(
      frames: 1_000, missEvery: 200, dropped: 500..<516,
      gaps: [Stretch(start: 16_000, length: 1_600)])
    let html = run.html
    // Frames 200, 400, 600 and 800.
    let dots = html.firstMatch(of: /<path class="dots lane1" d="([^"]*)"/)?.1 ?? ""
    #expect(dots.count(where: { $0 == "M" }) == 4)
    let drops = html.firstMatch(of: /<path class="ticks drops" d="([^"]*)"/)?.1 ?? ""
    #expect(drops.count(where: { $0 == "M" }) == 16)
    #expect(html.contains("<rect class=\"gap\""))
    #expect(html.contains("deadline 10.0 ms of plain"))
    #expect(html.contains("deadline 160 ms of chunked"))
    #expect(html.contains("missed 20 (2.00 %) deadlines"))
    #expect(html.contains("The input lost 1,600 samples in 1 gap"))
  }

  @Test("Ten thousand gaps and more make no larger page, and are all in its totals")
  func manyGaps() {
    let gaps = (0..<12_000).map { Stretch(start: UInt64(20 * $0), length: 10) }
    let run = RecordedRun(frames: 1_000, gaps: StretchList(gaps))
    let html = run.html
    #expect(html.utf8.count < 1_000_000)
    #expect(html.contains("The input lost 120,000 samples in 12,000 gaps"))
    #expect(html.contains("data-path=\"input.gaps_not_listed.count\" data-value=\"2000\""))
    #expect(!RecordedRun(frames: 10).html.contains("not_listed"))
  }

  @Test("What labels say is shaded, stretches that touch as one")
  func truth() {
    func stretch(
      _ start: Double, _ end: Double, _ output: String = "b"
    ) -> (output: String, seconds: Range<Double>) {
      (output, start..<end)
    }
    let html = RecordedRun(frames: 1_000, outputs: ["a", "b"]).html(
      truth: [stretch(1, 2), stretch(2, 3), stretch(5, 6), stretch(7, 8, "c")])
    let shades = html.matches(of: /<path class="truth" d="([^"]*)"/).map(\.1)
    #expect(shades.map { $0.count { $0 == "M" } } == [0, 2])
  }

  @Test("A curve ends where its sample does")
  func percentiles() {
    func longest(_ frames: Int) -> Int {
      let html = RecordedRun(frames: frames).html
      let curve = html.firstMatch(of: /<path class="curve lane1" d="([^"]*)"/)?.1 ?? ""
      return curve.count { $0 == "M" || $0 == "L" }
    }
    // 1,000 frames after the warm-up support p99, two decades of 50 places; 999 do not.
    #expect(longest(1_100) == 101)
    #expect(longest(1_099) == 100)
    // Fewer than 10 support nothing: no figure.
    #expect(longest(109) == 0)
  }

  @Test("An hour of two lanes makes a page of a few megabytes that keeps the one slow frame")
  func hour() {
    let run = RecordedRun(
      frames: 360_000, outputs: ["a", "b", "c"], missEvery: 200_001)
    let html = run.html
    #expect(html.utf8.count < 3_000_000)
    let dots = html.firstMatch(of: /<path class="dots lane1" d="([^"]*)"/)?.1 ?? ""
    #expect(dots.count(where: { $0 == "M" }) == 1)
    #expect(html.contains("frame 200,001, 25.0 ms"))
  }

  @Test("After a sleep of eight hours the page is no larger, and shows the frames that came then")
  func sleep() throws {
    let lost: UInt64 = 8 * 360_000
    // The first frame after the gap is the slowest.
    let run = RecordedRun(frames: 2_000, missEvery: 1_000 + Int(lost), lost: lost)
    let html = run.html
    #expect(html.utf8.count < 1_000_000)
    #expect(html.contains("frame 2,881,000, 25.0 ms"))
    let label = try #require(html.firstMatch(of: /Response times of (\d+) frames of plain/)?.1)
    #expect(label == "41")
  }

  @Test("A run without a frame still has a page")
  func nothing() {
    let html = RecordedRun(frames: 0).html
    #expect(html.contains("The table of everything"))
    #expect(!html.contains("<figure"))
  }
}
