internal import CStreamKernels

extension LogMel {
  /// What makes a power spectrum of a window of samples.
  enum SpectrumKind: Sendable {
    /// In Float, as kaldi does: with all options as they are.
    case kaldi(window: FloatBuffer, RealFourierTransform)
    /// In Double, with any options.
    case precise(PreciseWindow, PreciseSpectrum)
  }

  /// Scale, mean, pre-emphasis and window, in Double.
  struct PreciseWindow: Sendable {
    let scale: Double
    let preEmphasis: Double
    let removesMean: Bool
    /// `[window]`.
    let values: [Double]

    /// y[i] = (c[i] - preEmphasis c[i - 1]) * value[i] with c = x * scale - mean and c[-1] = c[0]; the mean
    /// from 16 partial sums. Does not allocate.
    @unsafe func apply(
      to samples: UnsafePointer<Float>, into output: UnsafeMutablePointer<Double>
    ) {
      var mean = 0.0
      if removesMean {
        var sums = SIMD16<Double>(repeating: 0)
        for i in values.indices { unsafe sums[i & 15] += Double(samples[i]) * scale }
        let eight = sums.lowHalf + sums.highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        mean = (two[0] + two[1]) / Double(values.count)
      }
      var previous = unsafe Double(samples[0]) * scale - mean
      for i in values.indices {
        let centred = unsafe Double(samples[i]) * scale - mean
        unsafe output[i] = (centred - preEmphasis * previous) * values[i]
        previous = centred
      }
    }
  }
}

extension LogMel.SpectrumKind {
  init(_ c: LogMel.Configuration) {
    let options = c.options
    let values = options.windowType.values(c.window)
    guard options != LogMel.Options() else {
      self = .kaldi(
        window: FloatBuffer(values.map { Float($0) }), RealFourierTransform(size: c.transformSize))
      return
    }
    self = .precise(
      LogMel.PreciseWindow(
        scale: options.scale, preEmphasis: options.preEmphasis, removesMean: options.removeDC,
        values: values), PreciseSpectrum(size: c.transformSize, window: c.window))
  }

  /// Bins of the power spectrum.
  var binCount: Int {
    switch self {
    case .kaldi(_, let transform): transform.size / 2
    case .precise(_, let spectrum): spectrum.binCount
    }
  }

  /// Bytes of scratch that `power` needs.
  var scratchBytes: Int {
    switch self {
    case .kaldi(_, let transform):
      (transform.size + transform.scratchCount) * MemoryLayout<Float>.stride
    case .precise(_, let spectrum): spectrum.scratchCount * MemoryLayout<Double>.stride
    }
  }

  /// Writes the power `[binCount]` of a window of samples. Does not allocate.
  @unsafe func power(
    of samples: UnsafePointer<Float>, scratch: MemoryBlock,
    into power: UnsafeMutablePointer<Float>, kernels: Kernels
  ) {
    switch self {
    case .kaldi(let window, let transform):
      let windowed = unsafe scratch.base.assumingMemoryBound(to: Float.self)
      unsafe kernels.table.pointee.frame_window(samples, window.base, window.count, windowed)
      unsafe transform.power(
        of: windowed, scratch: windowed + transform.size, into: power, kernels: kernels)
    case .precise(let window, let spectrum):
      let windowed = unsafe scratch.base.assumingMemoryBound(to: Double.self)
      unsafe window.apply(to: samples, into: windowed)
      unsafe spectrum.power(windowed, into: power)
    }
  }
}

extension LogMel.WindowType {
  /// A window of so many samples.
  func values(_ count: Int) -> [Double] {
    (0..<count).map { index in
      let turns = Double(index) / Double(self == .povey ? count - 1 : count)
      let cosine = TableFunctions.cosineAndSine(turns: turns - turns.rounded()).cosine
      return switch self {
      case .povey: TableFunctions.power(0.5 - 0.5 * cosine, 0.85)
      case .hann: 0.5 - 0.5 * cosine
      case .hamming: 0.54 - 0.46 * cosine
      }
    }
  }
}
