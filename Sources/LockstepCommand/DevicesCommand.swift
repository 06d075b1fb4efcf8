import ArgumentParser
import StreamIO

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "Lists the capture devices that ALSA offers.",
    discussion: "A device's name is what lockstep live --device takes.")

  func run() throws {
    try reportingFailures {
      let devices = ALSADevice.all()
      let text =
        devices.isEmpty
        ? "ALSA offers no capture device here: none is plugged in, or no sound server runs."
        : devices.map(Self.text(of:)).joined(separator: "\n")
      try StandardOutput.write(text + "\n")
    }
  }

  /// The name on a line of its own, so that it can be copied; below it, indented, the rest.
  private static func text(of device: ALSADevice) -> String {
    var lines = [device.name]
    if !device.description.isEmpty { lines.append("  " + device.description) }
    guard let abilities = device.abilities else {
      lines.append("  busy: another program has it")
      return lines.joined(separator: "\n")
    }
    let channels = span(abilities.channels)
    lines.append(
      "  \(span(abilities.rates)) Hz, \(channels) \(channels == "1" ? "channel" : "channels"), "
        + (abilities.formats.isEmpty
          ? "in no format that is read here" : abilities.formats.joined(separator: " ")))
    return lines.joined(separator: "\n")
  }

  private static func span(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }
}
