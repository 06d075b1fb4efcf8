import Foundation
import Testing

@testable import PlainText

@Suite struct InstantTextTests {
  func nanoseconds(_ text: String) throws(InstantText.Defect) -> Int64 {
    let bytes = Array(text.utf8)
    return try InstantText.nanoseconds(bytes.span, bytes.indices)
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00Z", 0), ("1970-01-01T01:00:00+01:00", 0),
      ("2026-01-01T00:00:01.020Z", 1_767_225_601_020_000_000),
      ("2026-01-01 00:00:01.020", 1_767_225_601_020_000_000),
      ("2026-01-01t00:00:01,02z", 1_767_225_601_020_000_000),
      ("2026-01-01T01:00:01.020+01:00", 1_767_225_601_020_000_000),
      ("2025-12-31T19:30:01.020-0430", 1_767_225_601_020_000_000),
      ("2026-01-01T02:00:01.020+02", 1_767_225_601_020_000_000),
      ("1969-12-31T23:59:59.999999999Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
      ("2023-11-14T22:13:20.1234567894Z", 1_700_000_000_123_456_789),
      ("2023-11-14T22:13:20.1234567885Z", 1_700_000_000_123_456_789),
      ("2023-11-14T22:13:20.9999999999Z", 1_700_000_001_000_000_000),
      ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
      ("1678-01-01T00:00:00Z", -9_214_560_000_000_000_000),
      ("2262-04-11T23:47:16.854775807Z", Int64.max),
      ("00:00:00", 0), ("14:00:33.020", 50_433_020_000_000), ("9:05:01,5", 32_701_500_000_000),
      ("23:59", 86_340_000_000_000),
    ] as [(String, Int64)])
  func instantsAreExact(text: String, time: Int64) throws {
    #expect(try nanoseconds(text) == time)
  }

  @Test(arguments: [
    "", "2026", "2026-01-01", "2026-1-1T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00X", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00+1",
    "2026-01-01T00:00:00+",
    "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026/01/01T00:00:00Z",
    "24:00:00", "1:2:3", "12:00:00Z", "12:", "012:00:00", "2026-01-01_00:00:00", "2026-01-01T00:",
    "2026-01-01T00:00:00Z0", "１026-01-01T00:00:00Z",
  ])
  func whatIsNoInstantIsNone(text: String) {
    #expect(throws: InstantText.Defect.noInstant) { try nanoseconds(text) }
  }

  @Test(arguments: ["0000-01-01T00:00:00Z", "1500-06-01T00:00:00Z", "9999-12-31T23:59:59Z"])
  func yearsBeyond64BitsAreOutOfRange(text: String) {
    #expect(throws: InstantText.Defect.outOfRange) { try nanoseconds(text) }
  }

  /// Foundation's calendar is the oracle, over all of 64 bits.
  @Test func everyDayIsThatOfTheCalendar() throws {
    let format = Date.ISO8601FormatStyle(timeZone: .gmt)
    for day in stride(from: -106_000, to: 106_000, by: 37) {
      let seconds = Int64(day) * 86_400 + 43_201
      let text = Date(timeIntervalSince1970: Double(seconds)).formatted(format)
      #expect(try nanoseconds(text) == seconds * 1_000_000_000, "\(text)")
    }
  }
}
