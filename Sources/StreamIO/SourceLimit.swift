/// Bounds within which a source believes an option or a header.
enum SourceLimit {
  static let rate = 1...10_000_000
  static let rateText = "1 to 10000000"
  static let channels = 1...1024
  static let channelText = "1 to 1024"
}
