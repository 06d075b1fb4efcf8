extension Lane {
  /// The life of a lane's thread: takes blocks until the input has ended.
  func serve(_ ring: SampleRing) {
    var isOpen = true
    while isOpen {
      unsafe ring.next { block, parts in
        switch block.kind {
        case .samples:
          unsafe consume(parts.0, of: block)
          unsafe consume(parts.1, of: block)
        case .gap, .overrun: skipLost(block)
        case .end:
          finish(at: block.newest)
          isOpen = false
        }
      }
    }
  }

  private func consume(_ part: UnsafeBufferPointer<Float>, of block: SampleBlock) {
    guard let base = part.baseAddress, !part.isEmpty else { return }
    unsafe consume(base, count: part.count / mixer.inputChannels, of: block)
  }
}
