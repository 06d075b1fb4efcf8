#if canImport(CALSA)
  import StreamIO
  import TestDevices
  import Testing

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

  extension ALSACapture {
    /// The books against the device's own, once it is closed: every sample, and every gap at its place
    /// and within a millisecond. Returns the lengths of what was lost.
    @discardableResult
    func expectTruth(
      of device: PacedDevice, _ location: SourceLocation = #_sourceLocation
    ) throws -> [Int] {
      let truth = try device.truth()
      #expect(samples.count == truth.received, sourceLocation: location)
      #expect(
        firstDifference(samples, device.captured(truth)) == nil, sourceLocation: location)
      #expect(gaps.count == truth.losses.count, sourceLocation: location)
      var position = 0
      for (gap, (part, loss)) in zip(gaps, zip(truth.parts, truth.losses)) {
        position += part.count
        #expect(gap.position == position, sourceLocation: location)
        #expect(abs(gap.length - loss) <= device.rate / 1_000, sourceLocation: location)
        position += gap.length
      }
      return truth.losses
    }
  }
#endif
