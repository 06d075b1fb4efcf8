import Foundation
import PlainText

/// ONNX Runtime, opened while the program runs: nothing links it, and who has no ONNX model needs none.
@safe public final class ONNXRuntime: @unchecked Sendable {
  /// The variable that names the library.
  public static let variable = "LOCKSTEP_ONNX_RUNTIME"
  /// The interface that is asked for: of the oldest library that was tried. One that does not know it is too
  /// old.
  static let interfaceVersion: UInt32 = 20
  static let oldestRelease = "1.20"

  /// The path that it was opened at.
  public let path: String
  /// As it calls itself, such as `1.32.0`.
  public let version: String
  let functions: ONNXFunctions
  /// Lives as long as the program, as the library itself does.
  @unsafe private let environment: OpaquePointer
  /// Describes the memory that tensors lie in.
  @unsafe let memory: OpaquePointer
  @unsafe let allocator: OpaquePointer

  /// Opens the library: at `path`, else at the path in `LOCKSTEP_ONNX_RUNTIME`, else where `scripts/setup
  /// --onnx` puts it. Throws a sentence for one that is not there, no ONNX Runtime, or too old.
  public convenience init(path: String? = nil) throws(ONNXRuntimeError) {
    let named = ProcessInfo.processInfo.environment[Self.variable]
    if let path {
      try self.init(opening: path, saidBy: "--onnx-runtime")
    } else if let named, !named.isEmpty {
      try self.init(opening: named, saidBy: Self.variable)
    } else if let found = Self.places.first(where: FileManager.default.fileExists) {
      try self.init(opening: found, saidBy: "scripts/setup --onnx")
    } else {
      throw ONNXRuntimeError(
        "ONNX Runtime is not here, which an .onnx model needs: expected its library at the path of "
          + "--onnx-runtime, at that of \(Self.variable), or put into .build by scripts/setup --onnx"
      )
    }
  }

  private init(opening path: String, saidBy source: String) throws(ONNXRuntimeError) {
    func failure(_ reason: String) -> ONNXRuntimeError {
      ONNXRuntimeError("ONNX Runtime cannot be opened: \(path) (\(source)): \(reason)")
    }
    guard path.contains("/") else {
      throw failure("expected a path with a folder, such as ./libonnxruntime.so")
    }
    guard let library = unsafe path.withFileName({ unsafe dlopen($0, RTLD_NOW | RTLD_LOCAL) })
    else {
      throw failure(unsafe dlerror().map { unsafe String(cString: $0) } ?? "it is no library")
    }
    guard let entry = unsafe dlsym(library, "OrtGetApiBase") else {
      throw failure("it is another library: it has no OrtGetApiBase")
    }
    typealias Base = @convention(c) () -> UnsafePointer<UnsafeRawPointer>
    let base = unsafe unsafeBitCast(entry, to: Base.self)()
    typealias GetTable = @convention(c) (UInt32) -> UnsafePointer<UnsafeRawPointer>?
    typealias GetVersion = @convention(c) () -> UnsafePointer<CChar>
    let version = unsafe String(cString: unsafeBitCast(base[1], to: GetVersion.self)())
    guard let table = unsafe unsafeBitCast(base[0], to: GetTable.self)(Self.interfaceVersion)
    else {
      throw ONNXRuntimeError(
        "ONNX Runtime is too old: \(path) (\(source)) is version \(version.excerpt), expected "
          + "\(Self.oldestRelease) or later")
    }
    let functions = unsafe ONNXFunctions(table: table)
    self.path = path
    self.version = version
    self.functions = functions
    do throws(ONNXFailure) {
      // Only what is fatal: every other fault comes back as a status, and is told once.
      unsafe environment = try functions.made {
        unsafe functions.createEnvironment(4, "lockstep", $0)
      }
      // The default kind of memory of a CPU, from the arena.
      unsafe memory = try functions.made { unsafe functions.createMemoryInfo(1, 0, $0) }
      unsafe allocator = try functions.made { unsafe functions.allocator($0) }
    } catch {
      throw failure(error.reason)
    }
  }

  deinit { unsafe functions.releaseMemoryInfo(memory) }

  /// Options of a session that uses one thread: the lane's own.
  private func options() throws(ONNXFailure) -> OpaquePointer {
    let options = try unsafe functions.made { unsafe functions.createSessionOptions($0) }
    try unsafe functions.check(functions.setIntraOpThreads(options, 1))
    try unsafe functions.check(functions.setInterOpThreads(options, 1))
    return unsafe options
  }

  /// A session with the model of a file.
  func session(path: String) throws(ONNXFailure) -> OpaquePointer {
    let options = try unsafe options()
    defer { unsafe functions.releaseSessionOptions(options) }
    return try unsafe functions.made { out in
      unsafe path.withFileName { unsafe functions.createSession(environment, $0, options, out) }
    }
  }

  /// Where the library may lie that nobody named: in the build folders of the clones that the executable and
  /// the user stand in.
  private static var places: [String] {
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath().path
    return [executable, FileManager.default.currentDirectoryPath].compactMap { place in
      place.flatMap(clone(around:)).map { $0 + "/.build/onnxruntime/libonnxruntime.so" }
    }
  }

  /// The closest folder at or above a path that is a clone of this package.
  private static func clone(around path: String) -> String? {
    var folder = URL(filePath: path)
    while folder.path.count > 1 {
      if ["Package.swift", "scripts/setup"].allSatisfy({
        FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
      }) {
        return folder.path
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }
}

/// Why there is no ONNX Runtime: one sentence.
public struct ONNXRuntimeError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ sentence: String) { description = sentence.printable }
}

/// What ONNX Runtime said of a call that failed.
struct ONNXFailure: Error {
  let reason: String
}

extension ONNXFunctions {
  /// Throws what a status says, and releases it.
  func check(_ status: OpaquePointer?) throws(ONNXFailure) {
    guard let status = unsafe status else { return }
    defer { unsafe releaseStatus(status) }
    throw ONNXFailure(reason: unsafe String(cString: errorMessage(status)).oneLine)
  }

  /// The handle that a call makes.
  func made(
    _ call: (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
  ) throws(ONNXFailure) -> OpaquePointer {
    var handle: OpaquePointer?
    try unsafe check(call(&handle))
    guard let handle = unsafe handle else { throw ONNXFailure(reason: "it gave nothing") }
    return unsafe handle
  }
}

extension String {
  /// A message of others on one line, of at most 300 characters.
  fileprivate var oneLine: String {
    let words = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return (words.count > 300 ? words.prefix(300) + "..." : words[...]).printable
  }
}
