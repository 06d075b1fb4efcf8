import Foundation
import ModelFiles
import PlainText
import StreamCore

/// An ONNX file, opened in ONNX Runtime: its inputs and outputs, and its signature if it has one.
public struct ONNXFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// Of the file's bytes, 64 hexadecimal digits.
  public let sha256: String
  /// Beside the file, in its metadata, or known by its names; nil where there is none.
  public let signature: ONNXSignature?
  let byteCount: Int
  let session: ONNXSession

  /// The key of the ONNX file's metadata that may hold a signature.
  static let metadataKey = "lockstep"
  /// Bytes that a signature may have: statistics of 65,536 values fit in them.
  private static let signatureLimit = 4 << 20

  /// Opens a file with the library at `runtime`, or where it is looked for.
  ///
  /// Throws `unreadable` for a path that cannot be read, `unavailable` without ONNX Runtime, `malformed` for
  /// a file that it does not take or a signature that is wrong in itself.
  public init(contentsOf path: String, runtime: String? = nil) throws(ModelFileError) {
    let bytes = try RandomAccessFile(path)
    byteCount = bytes.size
    sha256 = try bytes.sha256()
    self.path = path
    let library: ONNXRuntime
    do throws(ONNXRuntimeError) {
      library = try ONNXRuntime(path: runtime)
    } catch {
      throw ModelFileError(.unavailable, path: path, reason: error.description)
    }
    let written: String?
    do throws(ONNXFailure) {
      session = try ONNXSession(path: path, runtime: library)
      written = try session.metadata(Self.metadataKey)
    } catch {
      throw ModelFileError(
        .malformed, path: path,
        reason: "ONNX Runtime \(library.version) refuses it: \(error.reason)")
    }
    let beside = try Self.text(ofFile: path + ".json")
    do throws(FileDefect) {
      if let beside {
        signature = try ONNXSignature(beside, origin: .file(path + ".json"))
      } else if let written {
        signature = try ONNXSignature(written, origin: .metadata)
      } else {
        signature = try ONNXSignature(knownBy: session)
      }
    } catch {
      let place = beside != nil ? " (\(path).json)" : written != nil ? " (in its metadata)" : ""
      throw ModelFileError(.malformed, path: path, reason: error.reason + place)
    }
  }

  /// Whether a file is for ONNX Runtime, by its name or its first bytes; false for one that cannot be read.
  public static func isONNX(_ path: String) -> Bool {
    if path.lowercased().hasSuffix(".onnx") { return true }
    guard let file = try? RandomAccessFile(path), let head = try? file.read(0..<min(9, file.size))
    else { return false }
    // The version of the format comes first; a safetensors file has a length there, and then a brace.
    return head.count == 9 && head[0] == 8 && head[1] < 32 && head[8] != UInt8(ascii: "{")
  }

  /// The text of a file; nil for none.
  private static func text(ofFile path: String) throws(ModelFileError) -> String? {
    guard unsafe path.withFileName({ unsafe access($0, F_OK) }) == 0 else { return nil }
    let file = try RandomAccessFile(path)
    guard file.size <= signatureLimit else {
      throw ModelFileError(
        .malformed, path: path,
        reason: "it has \(file.size.grouped) bytes, expected a signature of at most "
          + "\(signatureLimit.grouped)")
    }
    guard let text = String(validating: try file.read(0..<file.size), as: UTF8.self) else {
      throw ModelFileError(.malformed, path: path, reason: "it is no UTF-8, expected a signature")
    }
    return text
  }
}

extension ONNXFile {
  /// The signature; throws with all inputs and outputs where there is none.
  private func needed() throws(FileDefect) -> ONNXSignature {
    guard let signature else { throw FileDefect(missingSignature) }
    return signature
  }

  /// The model of the file, tried: its shapes are known, its states move, and two runs gave the same bits.
  /// Throws `malformed` where that does not hold, or there is no signature.
  public func model() throws(ModelFileError) -> ONNXModel {
    do throws(FileDefect) {
      let signature = try needed()
      let plan = try ONNXPlan(signature, inputs: session.inputs, outputs: session.outputs)
      let trial = ONNXTrial(session: session, plan: plan)
      let model = try ONNXModel(
        signature, session: session, plan: plan, outputShape: try trial.outputShape(),
        fileBytes: byteCount)
      try trial.run(model)
      return model
    } catch {
      throw ModelFileError(.malformed, path: path, reason: error.reason + (doubt ?? ""))
    }
  }

  /// What to say behind a refusal where the signature was not given but known; nil elsewhere.
  private var doubt: String? {
    guard let signature, case .names(let name) = signature.origin else { return nil }
    return
      "; its inputs and outputs have the names of \(name), whose signature was taken: expected "
      + "its own in \(path).json where it is another model"
  }

  /// Where the signature was not given but known, what was taken for granted; nil elsewhere.
  public var note: String? {
    guard let signature, case .names(let name) = signature.origin else { return nil }
    return
      "\(path.printable): its inputs and outputs have the names of \(name), whose signature is taken"
  }

  private var missingSignature: String {
    let name = path.split(separator: "/").last ?? ""
    return "it has no signature, expected one in \(name.excerpt).json; its inputs are "
      + session.inputs.map(\.text).joined(separator: ", ") + "; its outputs are "
      + session.outputs.map(\.text).joined(separator: ", ")
      + "; lockstep model info prints an example to fill in"
  }
}
