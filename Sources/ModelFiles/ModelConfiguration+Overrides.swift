import StreamCore

extension ModelConfiguration {
  /// The configuration with another chunk or left context; throws `usage` for what the file's own
  /// does not allow, or when the architecture has no such thing.
  func with(
    chunkSize: Int?, leftContext: Int?, path: String
  ) throws(ModelFileError) -> ModelConfiguration {
    func refusal(_ reason: String) -> ModelFileError {
      ModelFileError(.usage, path: path, reason: reason)
    }
    switch self {
    case .recurrent:
      if chunkSize != nil { throw refusal("a chunk: architecture lstm has none") }
      if leftContext != nil { throw refusal("a left context: architecture lstm has none") }
      return self
    case .streamingTransformer(var configuration):
      do {
        configuration = try configuration.with(chunkSize: chunkSize)
      } catch {
        throw refusal("chunk \(error.found), expected \(error.expected)")
      }
      do {
        configuration = try configuration.with(leftContext: leftContext)
      } catch {
        throw refusal("left context \(error.found), expected \(error.expected)")
      }
      return .streamingTransformer(configuration)
    }
  }

  /// How keys and values are kept, f32 unless asked otherwise, nil where there are none; throws `usage`
  /// when they are to be reduced where there are none.
  func kvPrecision(
    _ wanted: KVPrecision?, path: String
  ) throws(ModelFileError) -> KVPrecision? {
    switch self {
    case .recurrent:
      if let wanted, wanted != .f32 {
        throw ModelFileError(
          .usage, path: path,
          reason: "keys and values in \(wanted.rawValue): architecture lstm has none")
      }
      return nil
    case .streamingTransformer: return wanted ?? .f32
    }
  }
}
