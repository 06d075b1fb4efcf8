import Results

/// A picture of a study as a figure of a page: a row a thing, darker where its value is higher.
struct PicturePlot {
  private let picture: StudyPicture

  /// Shades, so that cells of one are one path.
  private static let shades = 8
  private static let rowHeight = 10.0

  init(_ picture: StudyPicture) {
    self.picture = picture
  }

  var figure: PageFigure {
    PageFigure(
      name: picture.name, title: picture.title, caption: HTML.escaped(picture.caption),
      body: plot.html)
  }

  private var columns: Int { picture.rows.map(\.values.count).max() ?? 1 }

  private var plot: Plot {
    let height = max(160, Self.rowHeight * Double(picture.rows.count))
    var plot = Plot(
      height: height,
      label: "\(picture.title): \(picture.rows.count) rows of \(columns) values")
    plot.xTitle = picture.xTitle
    plot.yTitle = picture.yTitle
    let scale = Scale.linear(0, Double(columns) * picture.xStep)
    plot.xTicks = scale.ticks(7, AxisText.plain)
    plot.yTicks = names
    let (width, rowHeight) = (Plot.width / Double(columns), height / Double(picture.rows.count))
    var shades = [SVGPath](repeating: SVGPath(), count: Self.shades)
    for (row, values) in picture.rows.map(\.values).enumerated() {
      var start = 0
      // Neighbours of one shade are one rectangle.
      while start < values.count {
        let shade = Self.shade(values[start])
        var end = start + 1
        while end < values.count, Self.shade(values[end]) == shade { end += 1 }
        if shade > 0 {
          shades[shade].rectangle(
            Double(start) * width, Double(row) * rowHeight, width: Double(end - start) * width,
            height: rowHeight)
        }
        start = end
      }
    }
    for (shade, path) in shades.enumerated().dropFirst() { plot.add(path, "cell shade\(shade)") }
    return plot
  }

  /// The first row of each run of one name.
  private var names: [Plot.Tick] {
    let rows = picture.rows
    guard rows.count <= 24 else { return [] }
    return rows.enumerated().map { index, row in
      Plot.Tick(share: 1 - (Double(index) + 0.5) / Double(rows.count), text: row.name)
    }
  }

  private static func shade(_ value: Double) -> Int {
    min(shades - 1, max(0, Int(value * Double(shades))))
  }
}
