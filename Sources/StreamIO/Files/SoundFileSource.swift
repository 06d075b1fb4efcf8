/// A sound file on disk, in any container that libsndfile reads; of files that were joined, all of them.
///
/// libsndfile is silent about files that end too early, so that their layout is checked here: such a file
/// is delivered as far as it goes and then throws. Opening allocates; reading does where a part begins.
final class SoundFileSource: SampleSource {
  let sampleRate: Int?
  let channelCount: Int
  let sampleCount: UInt64?
  private let input: InputDescriptor
  private let layout: SoundFileLayout
  private var file: SoundFile
  /// Parts that were opened.
  private var opened = 1
  /// Samples of the parts before the open one.
  private var before: UInt64 = 0
  /// Thrown when the samples are used up, or at once after a bad one.
  private var error: SourceError?
  private var hasEnded = false

  /// Takes over a regular file, whatever its reading position.
  ///
  /// - Parameters:
  ///   - header: for WAV, what its header says.
  ///   - rate: overrides the header's rate.
  init(
    _ input: InputDescriptor, header: WAVHeader? = nil, rate: Int? = nil
  ) throws(SourceError) {
    let layout = try SoundFileLayout(input, header: header)
    self.input = input
    self.layout = layout
    do throws(SoundFile.Refusal) {
      file = try SoundFile(layout.parts[0])
    } catch {
      throw input.bad("cannot be read as \(layout.name): libsndfile says: \(error.reason)")
    }
    guard SourceLimit.rate.contains(file.rate), SourceLimit.channels.contains(file.channels) else {
      throw input.bad(
        "has \(file.channels) channels at \(file.rate) Hz, expected \(SourceLimit.channelText) at "
          + "\(SourceLimit.rateText) Hz")
    }
    sampleRate = rate ?? file.rate
    channelCount = file.channels
    sampleCount = layout.parts.count == 1 && layout.isCounted ? file.count : nil
  }

  /// Whether libsndfile can read a regular file.
  static func isRead(_ input: InputDescriptor) -> Bool {
    let whole = SoundFileBytes(input, [.file(0..<(input.size ?? 0))])
    return (try? SoundFile(whole)) != nil
  }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    precondition(buffer.count >= channelCount, "the buffer has no room for a sample")
    while !hasEnded {
      let start = before + file.position
      let count = unsafe file.read(into: buffer)
      if count == 0 || file.failure != nil { endPart() }
      guard count > 0 else { continue }
      let values = unsafe UnsafeBufferPointer(rebasing: buffer[..<(count * channelCount)])
      guard let bad = unsafe SourceLimit.firstDefect(in: values) else {
        return .samples(count: count, instant: nil)
      }
      let good = bad / channelCount
      hasEnded = true
      error = unsafe input.bad(sample: start + UInt64(good), buffer[bad])
      if good > 0 { return .samples(count: good, instant: nil) }
    }
    if let error { throw error }
    return .end
  }

  /// Where the samples are told one from the other in the file; a decoder that begins elsewhere may come
  /// to others.
  func skip(samples: UInt64) -> Bool {
    guard layout.parts.count == 1, file.count ?? 0 >= samples else { return false }
    return file.skip(samples: samples)
  }

  /// Goes on to the next part, unless the one before promised more than it had.
  private func endPart() {
    hasEnded = true
    let position = before + file.position
    if let failure = file.systemFailure {
      error = SourceError(.inputOutput, "\(input.name): reading failed: \(failure)")
    } else if opened == layout.parts.count, let last = layout.error {
      error = last
    } else if let failure = file.failure {
      let claimed = sampleCount.map { " of \($0)" } ?? ""
      error = input.bad(
        "is truncated or damaged after \(position)\(claimed) samples: libsndfile says: \(failure)")
    } else if layout.isCounted, let count = file.count, file.position < count {
      error = input.bad(
        "is truncated: its header claims \(before + count) samples, \(position) are there")
    } else if opened < layout.parts.count {
      before = position
      openPart()
      hasEnded = error != nil
    }
  }

  private func openPart() {
    let number = opened + 1
    do throws(SoundFile.Refusal) {
      let part = try SoundFile(layout.parts[opened])
      guard part.rate == file.rate, part.channels == file.channels else {
        error = input.bad(
          "is joined of several: number \(number), from sample \(before) on, has \(part.channels) "
            + "channels at \(part.rate) Hz, expected \(file.channels) at \(file.rate) Hz as before")
        return
      }
      file = part
      opened = number
    } catch {
      self.error = input.bad(
        "is joined of several: number \(number), from sample \(before) on, cannot be read as "
          + "\(layout.name): libsndfile says: \(error.reason)")
    }
  }
}
