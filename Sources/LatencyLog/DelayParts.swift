/// A value for each part that a delay is made of.
public struct DelayParts<Part: CaseIterable & RawRepresentable<Int>, Value> {
  /// In the order of the parts, whose raw values count from 0.
  private var values: [Value]

  /// Makes the value of each part. Allocates.
  public init(_ value: (Part) -> Value) { values = Part.allCases.map(value) }

  /// The value of one part.
  public subscript(part: Part) -> Value {
    get { values[part.rawValue] }
    _modify { yield &values[part.rawValue] }
  }
}

extension DelayParts: Sendable where Value: Sendable {}
extension DelayParts: Equatable where Value: Equatable {}
