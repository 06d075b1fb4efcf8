/// Finds places for labels beside the marks of a plot, where they cover neither a mark nor each other.
struct LabelPlacement {
  /// What a mark or a label takes, around its middle.
  struct Box {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    fileprivate func touches(_ other: Box) -> Bool {
      abs(x - other.x) < (width + other.width) / 2 && abs(y - other.y) < (height + other.height) / 2
    }

    fileprivate func isInside(_ area: (width: Double, height: Double)) -> Bool {
      x >= width / 2 && x <= area.width - width / 2 && y >= height / 2
        && y <= area.height - height / 2
    }
  }

  private let area: (width: Double, height: Double)
  private let offsets: [(x: Double, y: Double)]
  private var taken: [Box]

  /// Labels keep inside an area; `step` is how far apart the places lie that are tried.
  init(area: (width: Double, height: Double), step: (x: Double, y: Double), marks: [Box]) {
    self.area = area
    taken = marks
    var offsets: [(x: Double, y: Double)] = []
    for ring in 1...40 {
      for place in -4...4 {
        let (x, y) = (step.x * Double(place), step.y * Double(ring))
        offsets += [(x, -y), (x, y)]
      }
    }
    // From near to far, rather above and below than beside.
    self.offsets = offsets.sorted { abs($0.x) / 2 + abs($0.y) < abs($1.x) / 2 + abs($1.y) }
  }

  /// The place of a label of that size for a mark, which it then takes; the mark's own where all are taken.
  mutating func place(of mark: (x: Double, y: Double), width: Double, height: Double) -> Box {
    var spot = Box(x: mark.x, y: mark.y, width: width, height: height)
    for offset in offsets {
      var tried = spot
      tried.x = mark.x + offset.x
      tried.y = mark.y + offset.y
      guard tried.isInside(area), !taken.contains(where: tried.touches) else { continue }
      spot = tried
      break
    }
    taken.append(spot)
    return spot
  }
}
