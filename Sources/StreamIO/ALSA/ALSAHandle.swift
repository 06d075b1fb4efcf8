#if canImport(CALSA)
  import CALSA
  import Glibc

  /// An open capture device. Owned by one thread; no call waits longer than it says.
  @safe final class ALSAHandle {
    let configuration: ALSAConfiguration
    @unsafe private let pcm: OpaquePointer
    @unsafe private let status: OpaquePointer
    @unsafe private let descriptors: UnsafeMutablePointer<pollfd>
    private let descriptorCount: Int
    /// Monotonic ns of the last start.
    private var startInstant: Int64 = 0

    /// Opens and sets up a device, which does not capture yet.
    init(_ options: ALSAOptions) throws(ALSAError) {
      calsa_silence_errors()
      var opened: OpaquePointer?
      try unsafe ALSAError.check(
        snd_pcm_open(&opened, options.device, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK))
      guard let pcm = unsafe opened else { throw ALSAError(code: -ENODEV) }
      do throws(ALSAError) {
        configuration = try unsafe ALSAConfiguration.negotiate(pcm, options: options)
        var allocated: OpaquePointer?
        try unsafe ALSAError.check(snd_pcm_status_malloc(&allocated))
        guard let status = unsafe allocated else { throw ALSAError(code: -ENOMEM) }
        unsafe self.status = status
      } catch {
        unsafe snd_pcm_close(pcm)
        throw error
      }
      unsafe self.pcm = pcm
      descriptorCount = max(1, unsafe Int(snd_pcm_poll_descriptors_count(pcm)))
      unsafe descriptors = .allocate(capacity: descriptorCount)
    }

    deinit {
      unsafe snd_pcm_close(pcm)
      unsafe snd_pcm_status_free(status)
      unsafe descriptors.deallocate()
    }

    /// Begins to capture.
    func start() throws(ALSAError) {
      startInstant = MonotonicClock.now()
      try unsafe ALSAError.check(snd_pcm_start(pcm))
    }

    /// Begins to capture anew after an overrun or a sleep; what nobody has read is lost.
    func restart() throws(ALSAError) {
      if unsafe snd_pcm_state(pcm) == SND_PCM_STATE_SUSPENDED {
        // Some devices must be woken; one that cannot be is prepared like any other.
        _ = unsafe snd_pcm_resume(pcm)
        _ = unsafe snd_pcm_drop(pcm)
      }
      try unsafe ALSAError.check(snd_pcm_prepare(pcm))
      try start()
    }

    /// Samples that can be read, after waiting so long for a period of them; 0 for none.
    func wait(milliseconds: Int32) throws(ALSAError) -> Int {
      let deadline = MonotonicClock.now() + Int64(milliseconds) * 1_000_000
      var available = try self.available()
      while available < configuration.period {
        let left = deadline - MonotonicClock.now()
        guard left > 0 else { break }
        let count = unsafe snd_pcm_poll_descriptors(pcm, descriptors, UInt32(descriptorCount))
        let ready = unsafe poll(descriptors, nfds_t(max(0, count)), Int32(left / 1_000_000 + 1))
        if ready > 0 {
          // Plug-ins do their work here, whatever they then say of events.
          var events: UInt16 = 0
          _ = unsafe snd_pcm_poll_descriptors_revents(
            pcm, descriptors, UInt32(max(0, count)), &events)
          if Int32(events) & (POLLERR | POLLNVAL) != 0, try self.available() == 0 {
            throw ALSAError(code: -EIO)
          }
        }
        available = try self.available()
        if ready < 0 || ready > 0 && available > 0 { break }
      }
      return available
    }

    private func available() throws(ALSAError) -> Int {
      switch unsafe snd_pcm_state(pcm) {
      case SND_PCM_STATE_XRUN: throw ALSAError(code: -EPIPE)
      case SND_PCM_STATE_SUSPENDED: throw ALSAError(code: -ESTRPIPE)
      case SND_PCM_STATE_DISCONNECTED: throw ALSAError(code: -ENODEV)
      default: break
      }
      let count = unsafe snd_pcm_avail_update(pcm)
      if count == -Int(EAGAIN) { return 0 }
      if count < 0 { throw ALSAError(code: Int32(count)) }
      return count
    }

    /// Reads at most so many samples; returns how many there were.
    func read(into bytes: inout [UInt8], count: Int) throws(ALSAError) -> Int {
      precondition(bytes.count >= count * configuration.sampleSize)
      let result = unsafe bytes.withUnsafeMutableBytes {
        unsafe snd_pcm_readi(pcm, $0.baseAddress, snd_pcm_uframes_t(count))
      }
      if result == -Int(EAGAIN) || result == -Int(EINTR) { return 0 }
      if result < 0 { throw ALSAError(code: Int32(result)) }
      return result
    }

    /// Asks the device for its delay: once more, three times at most, if over 1 ms lay around the
    /// question, because then stamp and delay may belong to different moments.
    ///
    /// What can be read is captured, whatever the device says; nor can it have captured more than it had
    /// time for since its start: what claims so is a plug-in that does not know.
    func delay(available: Int) throws(ALSAError) -> ALSADelay {
      var best = ALSADelay(instant: 0, samples: 0, start: 0, uncertainty: .max)
      for _ in 0..<3 {
        let before = MonotonicClock.now()
        try unsafe ALSAError.check(snd_pcm_status(pcm, status))
        let after = MonotonicClock.now()
        guard after - before < best.uncertainty else { continue }
        var stamp = timespec()
        unsafe snd_pcm_status_get_htstamp(status, &stamp)
        var instant = Self.nanoseconds(stamp)
        // No stamp, or one of another clock.
        if !(before - 1_000_000_000...after).contains(instant) { instant = before }
        unsafe snd_pcm_status_get_trigger_htstamp(status, &stamp)
        let start = Self.nanoseconds(stamp)
        var samples = unsafe snd_pcm_status_get_delay(status)
        let most = Double(instant - startInstant + 1_000_000_000) / 1e9 * 1.01
        if Double(samples) > most * Double(configuration.rate) { samples = 0 }
        best = ALSADelay(
          instant: instant, samples: max(samples, available), start: start <= after ? start : 0,
          uncertainty: after - before)
        if best.isSharp { break }
      }
      return best
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
      Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
  }
#endif

/// How far a device is ahead of its reader, and when that was so.
struct ALSADelay: Equatable {
  /// Monotonic ns.
  var instant: Int64
  /// Samples captured and not read.
  var samples: Int
  /// Monotonic ns at which the device last started, or 0 where it does not say.
  var start: Int64
  /// Nanoseconds that lay around the question: stamp and number may be that far apart.
  var uncertainty: Int64

  /// Whether stamp and number belong together, to a millisecond.
  var isSharp: Bool { uncertainty <= 1_000_000 }

  /// Monotonic ns at which the oldest sample that waits began: that of the newest one that was read.
  func oldest(rate: Int) -> Int64 {
    instant - Int64((Double(samples) * 1e9 / Double(rate)).rounded())
  }
}

#if canImport(CALSA)
  import CALSA
  import Glibc

  /// What the sound library answers instead of doing something: a negative errno value.
  struct ALSAError: Error, CustomStringConvertible {
    let code: Int32

    /// Throws where a call returned an error.
    @discardableResult
    static func check(_ result: Int32) throws(ALSAError) -> Int32 {
      if result < 0 { throw ALSAError(code: result) }
      return result
    }

    var description: String {
      guard let text = unsafe snd_strerror(code) else { return "error \(code)" }
      return unsafe String(cString: text)
    }

    /// Why a device could not be opened.
    func opening(_ device: String) -> SourceError {
      switch -code {
      case ENOENT, ENODEV, ENXIO:
        SourceError(
          .missingInput,
          "device \(device): there is no such capture device; lockstep devices lists what there is")
      case EBUSY, EAGAIN:
        SourceError(.deviceGone, "device \(device): is busy: another program has it")
      case EACCES, EPERM:
        SourceError(.missingInput, "device \(device): may not be opened: \(self)")
      case ECONNREFUSED:
        SourceError(.deviceGone, "device \(device): its sound server does not answer: \(self)")
      case EINVAL:
        SourceError(
          .missingInput, "device \(device): its name or its configuration is not valid: \(self)")
      case ENOTSUP:
        SourceError(
          .badData,
          "device \(device): offers no sample format that is read here, expected "
            + "S32_LE, FLOAT_LE, S24_3LE or S16_LE")
      default:
        SourceError(.inputOutput, "device \(device): cannot be opened: \(self)")
      }
    }
  }
#endif
