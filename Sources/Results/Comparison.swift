/// The relation that a requirement asks for.
enum Comparison: String, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="

  func holds<Value: Comparable>(_ found: Value, _ bound: Value) -> Bool {
    switch self {
    case .less: found < bound
    case .lessOrEqual: found <= bound
    case .greater: found > bound
    case .greaterOrEqual: found >= bound
    case .equal: found == bound
    }
  }
}
