#if canImport(Glibc)
  import CSpawn
  import Foundation
  import Glibc

  /// A program of its own that a test runs, stops and signals.
  ///
  /// Not Foundation's Process, which waits for all of its children on one thread: one that closes the
  /// descriptors it was born with, as servers do, keeps it from seeing the end of any other.
  package final class SpawnedProgram {
    private let processIdentifier: pid_t
    private let errorFile: ScratchFile
    private var waitStatus: Int32?

    /// - Parameters:
    ///   - input, output: descriptors that become the standard ones; nil for none.
    ///   - environment: beyond that of this process.
    package init(
      _ path: String, _ arguments: [String], environment: [String: String] = [:],
      input: Int32? = nil, output: Int32? = nil
    ) throws {
      errorFile = try ScratchFile([], suffix: ".txt")
      let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      var texts = unsafe ([path] + arguments).map { unsafe strdup($0) }
      var settings = unsafe variables.map { unsafe strdup("\($0)=\($1)") }
      unsafe texts.append(nil)
      unsafe settings.append(nil)
      defer {
        unsafe (texts + settings).forEach { unsafe free($0) }
      }
      processIdentifier = unsafe cspawn(
        path, texts, settings, input ?? -1, output ?? -1, errorFile.path)
      guard processIdentifier > 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: -processIdentifier) ?? .EIO)
      }
    }

    deinit {
      guard processIdentifier > 0, waitStatus == nil else { return }
      kill(SIGKILL)
      wait()
    }

    package func kill(_ signal: Int32) {
      if waitStatus == nil { Glibc.kill(processIdentifier, signal) }
    }

    /// Stops it for a while.
    package func pause(seconds: Double) {
      kill(SIGSTOP)
      Thread.sleep(forTimeInterval: seconds)
      kill(SIGCONT)
    }

    package func wait() {
      guard waitStatus == nil else { return }
      var status: Int32 = 0
      while unsafe waitpid(processIdentifier, &status, 0) < 0, errno == EINTR {}
      waitStatus = status
    }

    /// The exit code, or 128 and the number of the signal that ended it; waits for the end.
    package var exitCode: Int32 {
      wait()
      let status = waitStatus ?? 0
      return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// All that it wrote to standard error; waits for the end.
    package var errors: String {
      wait()
      return (try? errorFile.bytes).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }
#endif
