#if canImport(CALSA)
  import TestDevices
  import Testing

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
