#if canImport(CALSA)
  import Foundation

  /// A PulseAudio server of our own without hardware: what is played to its sink can be captured.
  package final class PulseServer {
    private let folder: URL
    private let program: SpawnedProgram
    package let address: String
    /// The device that captures what is played.
    package var device: String { "pulse_monitor:SERVER=\(address)" }

    package init() throws {
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("pulse-\(UUID().uuidString.prefix(8))")
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      let socket = folder.appendingPathComponent("socket").path
      address = "unix:\(socket)"
      let script = folder.appendingPathComponent("server.pa")
      // Without norewinds the first read waits for two seconds.
      try """
      load-module module-native-protocol-unix socket=\(socket) auth-anonymous=1
      load-module module-null-sink sink_name=null rate=16000 channels=1 format=s16le norewinds=1

      """.write(to: script, atomically: true, encoding: .utf8)
      program = try SpawnedProgram(
        "/usr/bin/pulseaudio",
        ["-n", "-F", script.path, "--daemonize=no", "--exit-idle-time=-1"],
        environment: ["HOME": folder.path, "XDG_RUNTIME_DIR": folder.path])
      for _ in 0..<300 where !FileManager.default.fileExists(atPath: socket) {
        Thread.sleep(forTimeInterval: 0.05)
      }
      // The socket is there before the sink is.
      Thread.sleep(forTimeInterval: 0.5)
    }

    deinit {
      kill()
      try? FileManager.default.removeItem(at: folder)
    }

    package func kill() {
      program.kill(SIGKILL)
      program.wait()
    }

    /// Plays 16-bit samples of 16 kHz, from now on.
    package func play(_ samples: [Int16]) throws -> SpawnedProgram {
      let file = folder.appendingPathComponent("play.raw")
      try Data(samples.flatMap { SoundBytes.littleEndian($0) }).write(to: file)
      return try SpawnedProgram(
        "/usr/bin/pacat",
        [
          "--playback", "--raw", "--rate=16000", "--channels=1", "--format=s16le", "-d", "null",
          file.path,
        ],
        environment: [
          "PULSE_SERVER": address, "HOME": folder.path, "XDG_RUNTIME_DIR": folder.path,
        ])
    }
  }
#endif
