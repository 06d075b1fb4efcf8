/// Numbers of bytes as people write them: a whole number and one of B, KB, MB, GB, KiB, MiB, GiB.
public enum ByteCountText {
  private static let units: [(suffix: String, bytes: Int)] = [
    ("", 1), ("b", 1), ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000),
    ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30),
  ]

  /// The bytes of a text such as `100MB`, `64 MiB` or `4096`; upper and lower case are one. Nil for
  /// anything else, and for more than 63 bits.
  public static func parse(_ text: String) -> Int? {
    let trimmed = text[...].trimmed
    let number = trimmed.prefix { ("0"..."9").contains($0) }
    let suffix = trimmed[number.endIndex...].trimmed.lowercased()
    guard let count = Int(number), let unit = units.first(where: { $0.suffix == suffix }) else {
      return nil
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
    return overflow ? nil : bytes
  }

  /// So many bytes in the binary unit that suits them, three digits: `4.51 GiB`.
  public static func binary(_ bytes: Int) -> String {
    var (value, unit) = (Double(bytes), "B")
    for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 1_023.5 {
      (value, unit) = (value / 1_024, larger)
    }
    // Rounded here: core modules have no formatter.
    let scale = value < 9.995 ? 100.0 : value < 99.95 ? 10.0 : 1.0
    let rounded = (value * scale).rounded() / scale
    let text = unit == "B" || scale == 1 ? "\(Int(rounded))" : "\(rounded)"
    return text + " " + unit
  }
}
