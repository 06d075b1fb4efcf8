import PlainText

/// Numbers of a study, as they are drawn: series over one axis.
public struct StudyChart: Sendable, Equatable {
  /// What the numbers along an axis are.
  public struct Axis: Sendable, Equatable {
    public enum Unit: String, Sendable {
      case nanoseconds = "ns"
      case share
      case number
    }

    public var title: String
    public var unit: Unit
    public var isLogarithmic: Bool

    public init(_ title: String, _ unit: Unit = .number, isLogarithmic: Bool = false) {
      self.title = title
      self.unit = unit
      self.isLogarithmic = isLogarithmic
    }

    var json: JSONValue {
      .object([
        ("title", .string(title)), ("unit", .string(unit.rawValue)),
        ("logarithmic", .bool(isLogarithmic)),
      ])
    }
  }

  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Estimate

    public init(_ x: Double, _ y: Estimate) {
      self.x = x
      self.y = y
    }
  }

  public struct Series: Sendable, Equatable {
    public var name: String
    /// By ascending x.
    public var points: [Point]
    /// Whether the points are steps of one thing, and a line joins them.
    public var isLine: Bool

    public init(_ name: String, _ points: [Point], isLine: Bool = true) {
      self.name = name
      self.points = points
      self.isLine = isLine
    }
  }

  /// A value that all series are held against.
  public struct Level: Sendable, Equatable {
    public var name: String
    public var y: Double

    public init(_ name: String, _ y: Double) {
      self.name = name
      self.y = y
    }
  }

  /// For links and programs.
  public var name: String
  public var title: String
  /// What it shows and how to read it.
  public var caption: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var levels: [Level]

  public init(
    _ name: String, title: String, caption: String, x: Axis, y: Axis, series: [Series],
    levels: [Level] = []
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.x = x
    self.y = y
    self.series = series
    self.levels = levels
  }

  var json: JSONValue {
    .object([
      ("name", .string(name)), ("title", .string(title)), ("x", x.json), ("y", y.json),
      (
        "series",
        .array(
          series.map { series in
            .object([
              ("name", .string(series.name)),
              (
                "points",
                .array(
                  series.points.map { point in
                    .object([("x", .shortest(point.x)), ("y", Estimate.json(point.y))])
                  })
              ),
            ])
          })
      ),
      (
        "levels",
        .array(
          levels.map { .object([("name", .string($0.name)), ("y", .number($0.y))]) })
      ),
    ])
  }
}
