#if canImport(CALSA)
  import StreamIO

  /// What a source delivered, with the place and the instant of each piece.
  struct ALSACapture {
    struct Piece {
      /// Position of its newest sample, gaps included.
      var newest: Int
      var instant: Int64
      /// When the read that brought it returned.
      var received: Int64
    }

    var samples: [Float] = []
    var pieces: [Piece] = []
    /// Position, gaps included, and length.
    var gaps: [(position: Int, length: Int)] = []
    var error: SourceError?
    var position = 0

    /// Reads until so many samples are there, or the source throws.
    ///
    /// - Parameter observe: sees the capture after every event; may sleep.
    init(
      _ source: any SampleSource, until count: Int = .max,
      observe: (ALSACapture) -> Void = { _ in }
    ) {
      let channels = source.channelCount
      var buffer = [Float](repeating: .nan, count: 1600 * channels)
      while samples.count < count * channels || count == .max {
        do throws(SourceError) {
          let event = try unsafe buffer.withUnsafeMutableBufferPointer {
            bytes throws(SourceError) in try unsafe source.read(into: bytes)
          }
          switch event {
          case .samples(let count, let instant):
            samples += buffer[..<(count * channels)]
            position += count
            pieces.append(
              Piece(
                newest: position - 1, instant: instant ?? 0, received: MonotonicClock.now()))
          case .gap(let length):
            gaps.append((position, Int(length)))
            position += Int(length)
          case .idle: break
          case .end: return
          }
        } catch {
          self.error = error
          return
        }
        observe(self)
      }
    }
  }
#endif
