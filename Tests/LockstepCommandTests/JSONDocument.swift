import Foundation
import Testing

/// A JSON object that a test looks into; a missing or mistyped member fails the test.
struct JSONDocument {
  let members: [String: Any]

  init(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    members = try #require(value as? [String: Any], "\(text)", sourceLocation: location)
  }

  private init(members: [String: Any]) { self.members = members }

  func object(_ key: String, _ location: SourceLocation = #_sourceLocation) throws -> JSONDocument {
    JSONDocument(
      members: try #require(
        members[key] as? [String: Any], "\(key) in \(members.keys)", sourceLocation: location))
  }

  func objects(
    _ key: String, _ location: SourceLocation = #_sourceLocation
  ) throws -> [JSONDocument] {
    let values = try #require(
      members[key] as? [[String: Any]], "\(key) in \(members.keys)", sourceLocation: location)
    return values.map(JSONDocument.init(members:))
  }

  func integer(_ key: String, _ location: SourceLocation = #_sourceLocation) throws -> Int {
    let number = try #require(
      members[key] as? NSNumber, "\(key) in \(members.keys)", sourceLocation: location)
    try #require(
      number.doubleValue == Double(number.intValue), "\(key): \(number)", sourceLocation: location)
    return number.intValue
  }

  func number(_ key: String, _ location: SourceLocation = #_sourceLocation) throws -> Double {
    try #require(
      members[key] as? NSNumber, "\(key) in \(members.keys)", sourceLocation: location
    ).doubleValue
  }

  func text(_ key: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
    try #require(
      members[key] as? String, "\(key) in \(members.keys)", sourceLocation: location)
  }

  func numbers(_ key: String, _ location: SourceLocation = #_sourceLocation) throws -> [Double] {
    let values = try #require(
      members[key] as? [NSNumber], "\(key) in \(members.keys)", sourceLocation: location)
    return values.map(\.doubleValue)
  }

  /// Whether the member is there and null.
  func isNull(_ key: String) -> Bool { members[key] is NSNull }
}
