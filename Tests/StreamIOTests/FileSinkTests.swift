import Foundation
import StreamIO
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
