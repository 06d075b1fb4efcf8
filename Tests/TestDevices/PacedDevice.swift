#if canImport(CALSA)
  import Foundation

  /// A capture device of the tests, and the truth about what it captured when.
  package final class PacedDevice {
    /// 16-bit samples, interleaved, of the recording that it plays.
    package let recording: [Int16]
    package let rate: Int
    package let name: String
    private let folder: URL

    /// - Parameters:
    ///   - pcm: a name that paced.conf defines.
    ///   - bytes: the recording as the device has it; by default 16-bit samples.
    ///   - arguments: as paced.conf lists them, beyond the file and its rate.
    package init(
      _ pcm: String = "paced", recording: [Int16], bytes: [UInt8]? = nil, rate: Int = 16_000,
      arguments: String = ""
    ) throws {
      Self.register
      self.recording = recording
      self.rate = rate
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("lockstep-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let bytes = bytes ?? recording.flatMap { SoundBytes.littleEndian($0) }
      let file = folder.appendingPathComponent("recording.raw")
      try Data(bytes).write(to: file)
      name =
        "\(pcm):FILE=\(file.path),JOURNAL=\(folder.appendingPathComponent("journal").path)"
        + (pcm == "paced_rate" ? "" : ",RATE=\(rate)") + (arguments.isEmpty ? "" : "," + arguments)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What the device wrote down itself: when its time began, and the samples that were read.
    package struct Truth: Equatable {
      package var t0: Int64 = 0
      package var parts: [Range<Int>] = []
      /// Where the device began to capture last.
      package var newestStart = 0

      package var received: Int { parts.map(\.count).reduce(0, +) }
      /// Samples lost between two parts.
      package var losses: [Int] {
        zip(parts, parts.dropFirst()).map { $1.lowerBound - $0.upperBound }
      }
    }

    /// Waits until its first part was read and the device closed, half a minute at most.
    package func waitUntilRead() {
      for _ in 0..<600 {
        if let truth = try? truth(), !truth.parts.isEmpty { return }
        Thread.sleep(forTimeInterval: 0.05)
      }
    }

    /// Complete once the device is closed.
    package func truth() throws -> Truth {
      let journal = try String(
        contentsOf: folder.appendingPathComponent("journal"), encoding: .utf8)
      var truth = Truth()
      var start: Int?
      for line in journal.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard words.count == 2, let number = Int(words[1]) else { continue }
        switch words[0] {
        case "t0": truth.t0 = Int64(number)
        case "from":
          start = number
          truth.newestStart = number
        default:
          if let first = start, number > first { truth.parts.append(first..<number) }
          start = nil
        }
      }
      return truth
    }

    /// The samples of the recording that the device says were read, scaled as every source scales.
    package func captured(_ truth: Truth) -> [Float] {
      truth.parts.flatMap { recording[$0] }.map { Float($0) / 32_768 }
    }

    /// A file in the device's own folder.
    package func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Where the test program and everything built with it lie.
    package static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()

    /// Where the plug-in's source and configuration lie.
    private static let plugIn = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("CPacedPCM")

    /// The plug-in, built by its script: ALSA loads it as a library of its own, which no product of
    /// this package should be.
    private static let library: String = {
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("libasound_module_pcm_paced-\(getpid()).so").path
      let build = Process()
      build.executableURL = URL(fileURLWithPath: "/bin/sh")
      build.arguments = [plugIn.appendingPathComponent("build").path, path]
      try? build.run()
      build.waitUntilExit()
      return path
    }()

    /// What makes ALSA find the devices of paced.conf.
    package static let environment = [
      "ALSA_CONFIG_PATH": plugIn.appendingPathComponent("paced.conf").path,
      "PACED_PCM_LIBRARY": library,
    ]

    /// For devices that are opened in this process; once, before the first of them.
    package static let register: Void = {
      for (name, value) in environment { unsafe setenv(name, value, 1) }
    }()

    /// Deterministic noise, never twice the same for long.
    package static func noise(_ count: Int, seed: UInt32 = 1) -> [Int16] {
      var state = seed
      return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int16(truncatingIfNeeded: Int32(bitPattern: state) >> 17)
      }
    }
  }
#endif
