/// The values of one line, by column, with the line's number.
struct LabelRow: Sendable, Equatable {
  let line: Int
  let fields: [String: LabelField]

  /// The value of a column that the form guarantees.
  func field(_ column: String) -> LabelField {
    fields[column] ?? .null
  }
}
