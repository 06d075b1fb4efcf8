import Foundation

/// The two ends of a pipe.
struct PrivatePipe {
  let readingEnd: Int32
  let writingEnd: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
    readingEnd = ends[0]
    writingEnd = ends[1]
  }
}
