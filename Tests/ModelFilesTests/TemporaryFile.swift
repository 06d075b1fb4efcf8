import Foundation
import Testing

@testable import ModelFiles

/// Gives the path of a file that holds the bytes, for as long as the body runs.
func withTemporaryFile<Result>(
  _ bytes: [UInt8], _ body: (String) throws -> Result
) throws -> Result {
  let url = FileManager.default.temporaryDirectory
    .appending(path: "\(UUID().uuidString).safetensors")
  // Not Data.write, which waits for the disk: thousands of files are written here.
  guard let stream = unsafe fopen(url.path, "wb") else { throw CocoaError(.fileWriteUnknown) }
  defer { try? FileManager.default.removeItem(at: url) }
  let written = unsafe fwrite(bytes, 1, bytes.count, stream)
  unsafe fclose(stream)
  try #require(written == bytes.count)
  return try body(url.path)
}

/// Why the bytes are not a safetensors file, or nil if they are one.
func safetensorsError(_ bytes: [UInt8]) throws -> ModelFileError? {
  try withTemporaryFile(bytes) { path in
    do throws(ModelFileError) {
      _ = try SafetensorsFile(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }
}

/// Why the bytes are not a model file, or nil if they are one.
func modelError(
  _ bytes: [UInt8], chunkSize: Int? = nil, leftContext: Int? = nil
) throws -> ModelFileError? {
  try withTemporaryFile(bytes) { path in
    do throws(ModelFileError) {
      _ = try ModelFile(contentsOf: path, chunkSize: chunkSize, leftContext: leftContext)
      return nil
    } catch {
      return error
    }
  }
}
