import Foundation
import Testing

/// Headless Chromium, which opens a page and tells what became of it.
struct Browser {
  enum Scheme: Int {
    case dark = 0
    case light = 1
  }

  /// What a probe appended to a page found there.
  struct Finding: Decodable {
    /// Exact value and text of each table cell by its path.
    var cells: [String: [String]]
    var isDark: Bool
    var width: Double
    /// How far the page reaches beyond the window's right edge, in pixels.
    var overflow: Double
    /// Files that were loaded or asked for.
    var loads: Int
    /// Where a request went that the probe made itself: true if the page's policy let it out.
    var letsOut: Bool
    /// Contrast of text with what is behind it: of the body, of captions, and of the lanes' colours.
    var contrasts: [Double]
    /// What pointing at each plot tells.
    var readouts: [String]
    var figures: Int
    /// The beginnings of texts that are cut or reach beyond the window, tables that scroll left out.
    var cut: [String]
    /// Figures without a title at an axis.
    var untitled: [String]
    /// Where the first plot ends, in pixels from the top.
    var firstPlot: Double
    /// Numbers at the dots of a sweep, how many of them touch another, and names beside numbers.
    var marks: Int
    var touching: Int
    var named: Int
  }

  /// Seconds; a busy machine takes a minute to start it.
  private static let patience = 300.0

  private static let executables = ["chromium", "chromium-browser", "google-chrome"]
    .map { "/usr/bin/" + $0 }

  /// Opens a copy of a page with the probe in it.
  static func open(
    _ page: String, width: Int, scheme: Scheme, in space: Workspace
  ) async throws -> Finding {
    let probed = page.replacing("</body>", with: "<script>\(probe)</script></body>")
    let copy = try space.write(
      width < leastWidth ? frame(probed, width: width) : probed,
      to: "probed-\(width)-\(scheme).html")
    let document = try await dump(copy, width: width, scheme: scheme, in: space)
    let encoded = try #require(
      document.firstMatch(of: /data-probe="([^"]*)"/)?.1,
      "the probe did not run: \(document.suffix(300))")
    let data = try #require(Data(base64Encoded: String(encoded)))
    return try JSONDecoder().decode(Finding.self, from: data)
  }

  /// No window of the browser is narrower, in pixels.
  private static let leastWidth = 500

  /// A page that has another one in a frame as wide as a phone.
  private static func frame(_ page: String, width: Int) -> String {
    let source = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    return "<!doctype html><html style=\"color-scheme: light dark\"><body>"
      + "<iframe width=\"\(width)\" height=\"844\" style=\"border: 0\" srcdoc=\"\(source)\">"
      + "</iframe></body></html>"
  }

  /// The document as it is after its scripts have run.
  private static func dump(
    _ path: String, width: Int, scheme: Scheme, in space: Workspace
  ) async throws -> String {
    let executable = try #require(
      executables.first(where: FileManager.default.isExecutableFile),
      "no Chromium: scripts/setup --tests installs it")
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--user-data-dir=\(space.path("browser-\(width)-\(scheme)"))",
      "--blink-settings=preferredColorScheme=\(scheme.rawValue)", "--window-size=\(width),900",
      // So that the probe's timer has run when the document is written.
      "--virtual-time-budget=5000", "--dump-dom", "file://\(path)",
    ]
    let output = space.path("dom-\(width)-\(scheme)")
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = FileHandle.nullDevice
    try process.run()
    let limit = Date().addingTimeInterval(patience)
    while process.isRunning, Date() < limit { try await Task.sleep(for: .milliseconds(50)) }
    if process.isRunning { process.terminate() }
    return String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
  }

  private static let probe = """
    {
      const light = (colour) => {
        const part = (value) => {
          const share = value / 255;
          return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
        };
        const [r, g, b] = colour.match(/[0-9.]+/g).map(Number);
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
      };
      const contrast = (one, other) => {
        const [a, b] = [light(one), light(other)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      };
      const style = (selector) => getComputedStyle(document.querySelector(selector));
      const card = style("figure").backgroundColor;
      let letsOut = true;
      addEventListener("securitypolicyviolation", () => { letsOut = false; });
      const loads = performance.getEntriesByType("resource").length;
      new Image().src = "file:///nothing.png";
      const readouts = [...document.querySelectorAll(".area[tabindex]")].map((area) => {
        area.dispatchEvent(new Event("focus"));
        return document.getElementById("readout").textContent;
      });
      setTimeout(() => {
        const marks = [...document.querySelectorAll(".note.mark")];
        const cells = {};
        for (const cell of document.querySelectorAll("td[data-path]")) {
          cells[cell.dataset.path] = [cell.dataset.value, cell.textContent];
        }
        const finding = {
          cells, letsOut, loads, readouts,
          isDark: matchMedia("(prefers-color-scheme: dark)").matches && light(card) < 0.2,
          width: innerWidth,
          overflow: document.documentElement.scrollWidth - innerWidth,
          contrasts: [
            contrast(style("body").color, style("body").backgroundColor),
            contrast(style("figcaption").color, card),
            ...[...document.querySelectorAll(".card h3")].map(
              (name) => contrast(getComputedStyle(name).color, card)),
          ],
          figures: document.querySelectorAll("figure").length,
          cut: [...document.querySelectorAll("main *, footer *")].filter((element) => {
            if (element.closest("svg, .scroll > *, script")) return false;
            const box = element.getBoundingClientRect();
            if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) return true;
            return getComputedStyle(element).overflowX === "hidden"
              && element.scrollWidth > element.clientWidth + 1;
          }).map((element) => element.className + ": " + element.textContent.slice(0, 40)),
          untitled: [...document.querySelectorAll("figure")]
            .filter((figure) => !figure.querySelector(".axis-title")).map((figure) => figure.id),
          firstPlot: document.querySelector("figure .area").getBoundingClientRect().bottom,
          marks: marks.length,
          touching: marks.filter((one) => marks.some((other) => {
            const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
            return one !== other && a.left < b.right - 1 && b.left < a.right - 1
              && a.top < b.bottom - 4 && b.top < a.bottom - 4;
          })).length,
          named: document.querySelectorAll(".numbers li").length,
        };
        const bytes = new TextEncoder().encode(JSON.stringify(finding));
        top.document.body.dataset.probe = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      }, 50);
    }
    """
}
