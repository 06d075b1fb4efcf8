import ArgumentParser
import CAllocationCounter
import Foundation
import PlainText
import Results

@main
struct Lockstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockstep",
    abstract: "Streams one input through several models and says what every frame costs.",
    discussion: """
      Runs a stateful LSTM and a chunked streaming Transformer side by side over the same frames, \
      and logs for every frame how late its output came and why.

      DEFAULT MODELS
        Without --model, sound goes through speech-lstm and speech-transformer,
        sensors through activity-lstm and activity-transformer (.safetensors),
        from the first of these folders that has both:
          ../share/lockstep/models beside the folder of the executable
          samples/models of the clone that the executable is in
          samples/models of the clone that the current folder is in

      ENVIRONMENT
        LOCKSTEP_MODELS   the one folder where default models are looked for
        LOCKSTEP_KERNELS  portable, avx2, avx512 or neon: forces a variant of
                          the kernels; all give the same bits
        LOCKSTEP_ONNX_RUNTIME
                          the library of ONNX Runtime, for .onnx models; by
                          default that of scripts/setup --onnx
        TMPDIR            where an input from a pipe is kept if it has to be
                          read back and forth; by default /tmp

      EXIT CODES
        0    all is well; also when the reader of standard output has gone and
             nothing else was asked for
        3    a --require does not hold, or a model check is beyond its tolerance
        64   usage, or a chunk or left context that the model does not allow
        65   bad, empty or truncated input; what came before was processed; a
             snapshot that is damaged or of another run; nothing was touched
        66   an input or model that is missing, unreadable or a directory
        69   a device has gone, or ONNX Runtime is not here or too old
        71   more memory than there is, or a thread that could not start
        74   reading or writing failed; other files of the run are whole
        78   a bad model file or signature, or a model whose call failed
        129  SIGHUP, 130 Ctrl-C, 143 SIGTERM; everything until then was written
      """,
    version: ToolVersion.text,
    subcommands: [
      ReplayCommand.self, LiveCommand.self, MeasureCommand.self, SweepCommand.self,
      CompareCommand.self, FeaturesCommand.self, DevicesCommand.self, ModelCommand.self,
      SnapshotCommand.self, StudyCommand.self,
    ])

  static func main() {
    // What cannot be had has no other way to be told.
    allocation_failure_ends_process(71)
    _ = RunOrigin.ofThisCommand
    // A closed standard stream would give its number to a file of results.
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", O_RDWR)
    }
    do {
      var command = try parseAsRoot(CommandLine.fileNameArguments)
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// What the parser says of the arguments quotes them, which may hold anything.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    guard !code.isSuccess else { exit(withError: error) }
    for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
      if !message.isEmpty { StandardError.write(String(line).line()) }
    }
    Foundation.exit(code.rawValue)
  }
}

extension CommandLine {
  /// The arguments after the program's name, as they are: `arguments` replaces bytes that are not UTF-8,
  /// which may be in the name of a file. See `String.init(fileName:)`.
  fileprivate static var fileNameArguments: [String] {
    (1..<Int(max(1, argc))).compactMap { index in
      unsafe unsafeArgv[index].map { argument in
        let bytes = unsafe UnsafeBufferPointer(start: argument, count: strlen(argument))
        return unsafe String(fileName: bytes.map { UInt8(bitPattern: $0) })
      }
    }
  }
}
