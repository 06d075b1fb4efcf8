import Foundation
import Reporting

extension ReportHeading {
  /// Of the command that is running, now.
  init(ofRunAbout subject: String) {
    let words = ["lockstep"] + CommandLine.arguments.dropFirst().map(Self.quoted)
    let date = Date().formatted(
      .iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false)
        .timeSeparator(.colon).dateTimeSeparator(.space))
    self.init(subject: subject, command: words.joined(separator: " "), date: date + " UTC")
  }

  /// As a shell takes it.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:@%+".contains($0) }
    return plain && !word.isEmpty
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
