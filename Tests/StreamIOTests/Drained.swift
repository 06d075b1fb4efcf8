import StreamIO

/// Everything that a source delivers until it ends or throws.
struct Drained: Equatable {
  var samples: [Float] = []
  /// Instants of the events that had one.
  var instants: [Int64] = []
  /// Samples delivered before each gap, and its length.
  var gaps: [Gap] = []
  var error: SourceError?

  struct Gap: Equatable {
    var after: Int
    var length: UInt64
  }

  /// - Parameter room: samples that the buffer of each read holds.
  init(_ source: any SampleSource, room: Int = 1000) {
    let channels = source.channelCount
    var buffer = [Float](repeating: .nan, count: room * channels)
    reading: while true {
      do throws(SourceError) {
        let event = try unsafe buffer.withUnsafeMutableBufferPointer {
          bytes throws(SourceError) in try unsafe source.read(into: bytes)
        }
        switch event {
        case .samples(let count, let instant):
          samples += buffer[..<(count * channels)]
          if let instant { instants.append(instant) }
        case .gap(let length):
          gaps.append(Gap(after: samples.count / channels, length: length))
        case .idle: continue
        case .end: break reading
        }
      } catch {
        self.error = error
        break
      }
    }
  }
}
