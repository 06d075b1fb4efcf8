import PlainText

/// Values of a study as a picture: a row a thing, a column a step.
public struct StudyPicture: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var name: String
    /// From 0 to 1, one a column.
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// For links and programs.
  public var name: String
  public var title: String
  /// What to look at.
  public var caption: String
  public var xTitle: String
  public var yTitle: String
  /// What a column is on the scale of x.
  public var xStep: Double
  /// From the top.
  public var rows: [Row]

  public init(
    _ name: String, title: String, caption: String, xTitle: String, yTitle: String, xStep: Double,
    rows: [Row]
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.xStep = xStep
    self.rows = rows
  }

  /// Values in thousandths.
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("title", .string(title)), ("x", .string(xTitle)),
      ("x_step", .number(xStep)), ("y", .string(yTitle)),
      (
        "rows",
        .array(
          rows.map { row in
            .object([
              ("name", .string(row.name)),
              ("thousandths", .array(row.values.map { .integer(Int((1_000 * $0).rounded())) })),
            ])
          })
      ),
    ])
  }
}
