import Foundation

/// One run of the built `lockstep`: what it is given, and what it did with it.
///
/// The executable is the one beside the test bundle: the tests hold for what was just built.
struct LockstepProcess: Sendable {
  /// Another program in its place, such as a script.
  var program = Self.executable
  var arguments: [String]
  var environment: [String: String] = [:]
  /// Feeds standard input on a thread of its own, then closes it; nil is an empty input.
  var feed: (@Sendable (InputPipe) -> Void)?
  /// Where standard output goes instead of to the test.
  var outputPath: String?
  /// A terminal for standard error, and for standard output too if it says so; what it shows is
  /// the result's `terminal`.
  var terminal: Terminal?
  /// The reader of standard output goes away after so many lines.
  var linesRead = Int.max
  /// A program with its arguments that starts it, such as one that takes rights away.
  var launcher: [String] = []
  /// The most that the process may map, in bytes.
  var addressSpace: Int?
  /// Seconds after which it is killed; LOCKSTEP_TEST_PATIENCE times as many, where that is set.
  var timeLimit = 100.0
  /// Whether it mostly waits for the clock: it then begins at once, beside all others.
  var waitsForClock = false

  struct Terminal: Sendable {
    var columns = 80
    var takesOutput = true
  }

  private static let patience =
    ProcessInfo.processInfo.environment["LOCKSTEP_TEST_PATIENCE"].flatMap(Double.init) ?? 1

  /// The folder of what was built, by the running bundle's place.
  private static let executable: String = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let candidates = [bundle] + CommandLine.arguments
    let folders = candidates.map { URL(filePath: $0).deletingLastPathComponent() }
    let files = folders.map { $0.appending(path: "lockstep").path }
    return files.first(where: FileManager.default.isExecutableFile) ?? "lockstep is not built"
  }()

  /// Starts it, feeds it, and waits for its end.
  func run() async throws -> ProcessResult {
    if !waitsForClock { await RunSlots.quick.take() }
    let result = await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: Result { try runBlocking() }) }.start()
    }
    if !waitsForClock { await RunSlots.quick.giveBack() }
    return try result.get()
  }

  private func runBlocking() throws -> ProcessResult {
    signal(SIGPIPE, SIG_IGN)
    let input = try PrivatePipe()
    let output = try PrivatePipe()
    let errors = try PrivatePipe()
    var target = output.writingEnd
    if let outputPath {
      target = unsafe open(outputPath, O_WRONLY | O_CLOEXEC)
      guard target >= 0 else { throw POSIXError(.ENOENT) }
    }
    let screen = try terminal.map { try PseudoTerminal(columns: $0.columns) }
    let shown = screen.map { PipeCollector($0.controllingEnd) }
    if let screen, terminal?.takesOutput == true { target = screen.processEnd }
    let started = Date()
    let process = try spawn(
      input.readingEnd, target, screen?.processEnd ?? errors.writingEnd)
    if let screen { close(screen.processEnd) }
    for end in [input.readingEnd, output.writingEnd, errors.writingEnd] { close(end) }
    if outputPath != nil { close(target) }

    let pipe = InputPipe(writingEnd: input.writingEnd, process: process)
    let feeding = DispatchSemaphore(value: 0)
    Thread { [feed] in
      feed?(pipe)
      close(input.writingEnd)
      feeding.signal()
    }.start()
    let outputs = PipeCollector(output.readingEnd, lines: linesRead)
    let sentences = PipeCollector(errors.readingEnd)
    let ending = try ending(of: process, until: started + timeLimit * Self.patience)
    let seconds = Date().timeIntervalSince(started)
    pipe.processHasEnded()
    feeding.wait()
    return ProcessResult(
      exitCode: ending.exitCode, signal: ending.signal, output: outputs.wait(),
      errors: String(decoding: sentences.wait(), as: UTF8.self), seconds: seconds,
      residentBytes: ending.residentBytes,
      firstOutput: outputs.firstRead?.timeIntervalSince(started),
      terminal: shown.map { String(decoding: $0.wait(), as: UTF8.self) } ?? "")
  }

  private func spawn(_ input: Int32, _ output: Int32, _ errors: Int32) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (number, end) in [input, output, errors].enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
    }
    // What the tests' process ignores, its children would ignore too.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    // Of the tests' own open files none: a pipe's other end in a child would keep it open.
    for end: Int32 in 3..<256 { unsafe posix_spawn_file_actions_addclose(&actions, end) }

    var line = launcher + [program] + arguments
    if let addressSpace {
      line = ["/bin/sh", "-c", "ulimit -v \(addressSpace / 1024); exec \"$@\"", "sh"] + line
    }
    let path = line[0]
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { _, own in own }
    var process = pid_t()
    let code = unsafe withCStrings(line) { line in
      unsafe withCStrings(variables.map { "\($0.key)=\($0.value)" }) { variables in
        unsafe posix_spawn(&process, path, &actions, &attributes, line, variables)
      }
    }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    return process
  }

  private func ending(of process: pid_t, until limit: Date) throws -> Ending {
    var status: Int32 = 0
    var usage = rusage()
    var killed = false
    while true {
      let found = unsafe wait4(process, &status, WNOHANG, &usage)
      if found == process { break }
      if found < 0 && errno != EINTR { throw POSIXError(.ECHILD) }
      if !killed, Date() > limit {
        kill(process, SIGKILL)
        killed = true
      }
      usleep(2_000)
    }
    let signal = status & 0x7F
    return Ending(
      exitCode: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
      residentBytes: usage.ru_maxrss * 1024)
  }

  private struct Ending {
    var exitCode: Int32?
    var signal: Int32?
    var residentBytes: Int
  }
}

/// Gives an array of C strings, ended by a null, for as long as the body runs.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = unsafe strings.map { unsafe strdup($0) } + [nil]
  defer { unsafe copies.forEach { unsafe free($0) } }
  return unsafe body(copies)
}
