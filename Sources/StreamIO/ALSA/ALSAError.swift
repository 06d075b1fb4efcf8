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
