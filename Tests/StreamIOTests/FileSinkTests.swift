import Foundation
import StreamCore
import StreamIO
import Synchronization
import TestDevices
import Testing

@Suite struct FileSinkTests {
  @Test func everythingArrivesInOrder() throws {
    let file = try ScratchFile("what was there before", suffix: ".ndjson")
    let sink = try FileSink(path: file.path)
    var expected: [UInt8] = []
    for index in 0..<50_000 {
      let line = Array("line \(index)\n".utf8)
      sink.buffer += line
      expected += line
      try sink.flushIfFull()
    }
    try sink.close()
    #expect(try file.bytes == expected)
  }

  @Test func aFullDiskIsAnError() throws {
    let sink = try FileSink(path: "/dev/full")
    sink.buffer += Array("x".utf8)
    let error = SinkError.failed("/dev/full: writing failed: No space left on device")
    #expect(throws: error) { try sink.flush() }
    #expect(throws: error) { try sink.flush() }
    #expect(sink.buffer.isEmpty)
    #expect(error.exitCode == 74)
    #expect(throws: error) { try sink.close() }
  }

  /// A run that is refused after its files were opened leaves none, and no link without its target.
  @Test(
    "A reader that stands still costs only its own lines, whole ones, and is an error at the end")
  func aReaderThatStandsStill() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    defer { close(ends[0]) }
    let sink = FileSink(adopting: ends[1], name: "pipe", closes: true)
    sink.neverWaits()
    let lines = 200_000
    for index in 0..<lines {
      sink.buffer += Array("line \(index) and some more of it\n".utf8)
      // Never more than it may keep, and nothing waits.
      try sink.flushIfFull()
      #expect(sink.buffer.count < 5 << 20)
    }
    let error = #expect(throws: SinkError.self) { try sink.close() }
    var bytes = [UInt8](repeating: 0, count: 8 << 20)
    let capacity = bytes.count
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(ends[0], $0.baseAddress, capacity)
    }
    let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    let arrived = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in arrived.dropLast().enumerated() {
      #expect(line == "line \(index) and some more of it")
    }
    #expect(arrived.count > 1_000)
    let lost = lines - (arrived.count - 1)
    #expect(
      error
        == .failed(
          "pipe: its reader stood still, \(lost) lines were not written; expected one that keeps up"
        ))
  }

  @Test("A reader that comes back gets what was kept, without a hole inside a line")
  func aReaderThatComesBack() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    let sink = FileSink(adopting: ends[1], name: "pipe", closes: true)
    sink.neverWaits()
    for index in 0..<20_000 {
      sink.buffer += Array("line \(index)\n".utf8)
      try sink.flushIfFull()
    }
    let end = ends[0]
    let taken = Mutex(Data())
    let done = DispatchSemaphore(value: 0)
    Thread {
      let handle = FileHandle(fileDescriptor: end, closeOnDealloc: true)
      let data = (try? handle.readToEnd()) ?? Data()
      taken.withLock { $0 = data }
      done.signal()
    }.start()
    try sink.close()
    done.wait()
    let text = String(decoding: taken.withLock { $0 }, as: UTF8.self)
    #expect(text == (0..<20_000).map { "line \($0)\n" }.joined())
  }

  @Test func aSinkThatIsNotBegunLeavesNothing() throws {
    let link = try ScratchFile("", suffix: "")
    let manager = FileManager.default
    try manager.removeItem(atPath: link.path)
    try manager.createSymbolicLink(
      atPath: link.path, withDestinationPath: link.path + ".target")
    do {
      let sink = try FileSink(path: link.path)
      #expect(manager.fileExists(atPath: link.path + ".target"))
      withExtendedLifetime(sink) {}
    }
    #expect(!manager.fileExists(atPath: link.path + ".target"))
    #expect(try manager.destinationOfSymbolicLink(atPath: link.path) == link.path + ".target")
  }

  @Test func whatCannotBeOpenedSaysWhy() {
    #expect(
      throws: SinkError.failed(
        "/tmp/no-such-directory/a.ndjson: cannot be written: "
          + "its directory /tmp/no-such-directory does not exist")
    ) { try FileSink(path: "/tmp/no-such-directory/a.ndjson") }
    #expect(throws: SinkError.failed("/tmp: is a directory, expected a file to write")) {
      try FileSink(path: "/tmp")
    }
  }

  @Test func aReaderThatHasGoneIsNoFailure() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = Pipe()
    let sink = FileSink(
      adopting: dup(pipe.fileHandleForWriting.fileDescriptor), name: "standard output",
      closes: true)
    try pipe.fileHandleForReading.close()
    sink.buffer += Array("x".utf8)
    #expect(throws: SinkError.readerGone) { try sink.flush() }
    #expect(SinkError.readerGone.exitCode == 0)
  }

  /// A pipe takes 64 KiB at once: more than that crosses in partial writes.
  @Test(arguments: [false, true])
  func partialWritesAreContinued(nonBlocking: Bool) throws {
    let pipe = Pipe()
    let number = dup(pipe.fileHandleForWriting.fileDescriptor)
    try pipe.fileHandleForWriting.close()
    if nonBlocking { _ = fcntl(number, F_SETFL, O_NONBLOCK) }
    nonisolated(unsafe) let sink = FileSink(adopting: number, name: "a pipe", closes: true)
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    unsafe sink.buffer += bytes
    let writer = Thread { try? unsafe sink.close() }
    writer.start()
    #expect(Array(pipe.fileHandleForReading.readDataToEndOfFile()) == bytes)
  }
}

/// What a snapshot of a run has of a sink, and how a later run goes on from it.
@Suite struct ContinuedSinkTests {
  private func saved(_ sink: FileSink) throws -> [UInt8] {
    try sink.settle()
    return try #require(StateArchive.bytes { sink.exchange(with: &$0) })
  }

  private func restore(_ bytes: [UInt8], into sink: FileSink) throws {
    try StateArchive.restore(from: bytes.span) { sink.exchange(with: &$0) }
  }

  @Test func whatCameBehindTheSnapshotIsCutOff() throws {
    let file = try ScratchFile("", suffix: ".csv")
    let first = try FileSink(path: file.path)
    try first.begin(heading: Array("heading\n".utf8))
    first.buffer += Array("kept\n".utf8)
    let bytes = try saved(first)
    first.buffer += Array("lost\n".utf8)
    try first.close()
    let second = try FileSink(path: file.path)
    try restore(bytes, into: second)
    try second.checkContinued()
    try second.begin(heading: Array("heading\n".utf8))
    second.buffer += Array("new\n".utf8)
    try second.close()
    #expect(try file.bytes == Array("heading\nkept\nnew\n".utf8))
  }

  @Test func aFileThatIsTooShortIsRefusedAndLeftAlone() throws {
    let file = try ScratchFile("", suffix: ".csv")
    let first = try FileSink(path: file.path)
    try first.begin(heading: Array("0123456789".utf8))
    let bytes = try saved(first)
    try first.close()
    let other = try ScratchFile("short", suffix: ".csv")
    let second = try FileSink(path: other.path)
    try restore(bytes, into: second)
    #expect(
      throws: SourceError(
        .badData,
        "\(other.path): has 5 bytes, expected the file that the run wrote, 10 bytes or more")
    ) { try second.checkContinued() }
    #expect(try other.bytes == Array("short".utf8))
  }

  @Test func durableBytesReplaceAFileWhole() throws {
    let file = try ScratchFile("before", suffix: ".state")
    let whole = try WholeFile(path: file.path)
    try whole.writeDurably([1, 2, 3])
    try whole.writeDurably([4])
    #expect(try file.bytes == [4])
    #expect(!FileManager.default.fileExists(atPath: file.path + ".part"))
    #expect(throws: SinkError.self) { try WholeFile(path: "/dev/null").writeDurably([1]) }
  }
}
