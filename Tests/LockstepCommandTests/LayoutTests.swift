import Foundation
import Testing

/// What public data sets and loggers write, read by the commands of docs/inputs.md: the outputs are those of the
/// same numbers as plain CSV.
@Suite("Layouts of data sets and loggers")
struct LayoutTests {
  let space: Workspace
  private static let count = 130

  init() throws { space = try Workspace() }

  /// How one data set writes a sample.
  struct Layout: Sendable, CustomTestStringConvertible {
    let name: String
    var file = "data.csv"
    let arguments: [String]
    var header = ""
    var channels = 6
    /// Of the stamps, and of the first of them; nil without stamps.
    var rate: Int? = 50
    var start = 0.0
    let line: @Sendable (_ sample: Int, _ time: Double, _ values: [String]) -> String

    var testDescription: String { name }
  }

  private static let layouts: [Layout] = [
    Layout(
      name: "PAMAP2", file: "subject101.dat",
      arguments: [
        "--format", "csv", "--no-header", "--time-column", "1", "--columns", "5,6,7,11,12,13",
      ], rate: 100, start: 8.38
    ) { sample, time, values in
      let heart = sample % 11 == 0 ? "104" : "NaN"
      let hand =
        "30.375 \(values[0...2].joined(separator: " ")) 2.30 8.97 3.84 "
        + "\(values[3...5].joined(separator: " ")) 14.67 -77.08 -41.6 1 0 0 0"
      let rest = [String](repeating: "NaN", count: 34).joined(separator: " ")
      return "\(String(format: "%.2f", time)) 0 \(heart) \(hand) \(rest)"
    },
    Layout(
      name: "MHEALTH", file: "mHealth_subject1.log",
      arguments: ["--format", "csv", "--no-header", "--columns", "15,16,17,18,19,20"], rate: nil
    ) { _, _, values in
      let chest = [String](repeating: "-9.8184", count: 14)
      return (chest + values + ["0.1", "0.2", "0.3", "0"]).joined(separator: "\t")
    },
    Layout(
      name: "WISDM", file: "WISDM_ar_v1.1_raw.txt",
      arguments: [
        "--format", "csv", "--no-header", "--time-column", "3", "--columns", "4,5,6",
        "--bad-lines", "skip",
      ], channels: 3, rate: 20, start: 49_105
    ) { _, time, values in
      "33,Jogging,\(Int((time * 1e9).rounded())),\(values.joined(separator: ","));"
    },
    Layout(
      name: "UCI-HAR", file: "signals.txt", arguments: ["--format", "csv", "--no-header"],
      rate: nil
    ) { _, _, values in values.map { "  " + exponents($0) }.joined() },
    Layout(
      name: "phyphox",
      arguments: ["--columns", "2,3,4"],
      header:
        "\"Time (s)\";\"Acceleration x (m/s^2)\";\"Acceleration y (m/s^2)\";"
        + "\"Acceleration z (m/s^2)\";\"Absolute acceleration (m/s^2)\"", channels: 3
    ) { _, time, values in
      ([String(format: "%.9E", time)] + values.map { exponents($0).uppercased() } + ["9.81E0"])
        .joined(separator: ";").replacingOccurrences(of: ".", with: ",")
    },
    Layout(
      name: "phyphox with names, commas and points",
      arguments: [
        "--columns",
        "Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2)",
      ],
      header:
        "\"Time (s)\",\"Acceleration x (m/s^2)\",\"Acceleration y (m/s^2)\","
        + "\"Acceleration z (m/s^2)\",\"Absolute acceleration (m/s^2)\"", channels: 3
    ) { _, time, values in
      ([String(format: "%.9E", time)] + values + ["9.81E0"]).joined(separator: ",")
    },
    Layout(
      name: "Sensor Logger",
      arguments: ["--columns", "x,y,z"], header: "time,seconds_elapsed,z,y,x", channels: 3,
      start: 1_700_000_000
    ) { sample, time, values in
      "\(nanoseconds(time)),\(Double(sample) / 50),\(values[2]),\(values[1]),\(values[0])"
    },
    Layout(
      name: "Sensor Logger, two files side by side",
      arguments: ["--time-column", "1", "--columns", "5,4,3,10,9,8"],
      header: "time,seconds_elapsed,z,y,x,time,seconds_elapsed,z,y,x", start: 1_700_000_000
    ) { sample, time, values in
      let stamp = "\(nanoseconds(time)),\(Double(sample) / 50)"
      return "\(stamp),\(values[2]),\(values[1]),\(values[0]),"
        + "\(stamp),\(values[5]),\(values[4]),\(values[3])"
    },
    Layout(
      name: "Edge Impulse", arguments: ["--columns", "accX,accY,accZ,gyrX,gyrY,gyrZ"],
      header: "timestamp,accX,accY,accZ,gyrX,gyrY,gyrZ"
    ) { sample, _, values in "\(sample * 20),\(values.joined(separator: ","))" },
    Layout(
      name: "ROS",
      arguments: [
        "--columns",
        ["linear_acceleration", "angular_velocity"].flatMap { part in
          ["x", "y", "z"].map { "field.\(part).\($0)" }
        }.joined(separator: ","),
      ],
      header: "%time,field.header.seq,field.header.stamp,field.header.frame_id,"
        + "field.orientation.x,field.angular_velocity.x,field.angular_velocity.y,"
        + "field.angular_velocity.z,field.linear_acceleration.x,field.linear_acceleration.y,"
        + "field.linear_acceleration.z", start: 1_700_000_000
    ) { sample, time, values in
      let stamp = nanoseconds(time)
      return "\(stamp),\(sample),\(stamp),imu_link,0.0,\(values[3...5].joined(separator: ",")),"
        + values[0...2].joined(separator: ",")
    },
    Layout(
      name: "WitMotion", file: "20240501140033.txt",
      arguments: [
        "--format", "csv", "--columns", "ax(g),ay(g),az(g),wx(deg/s),wy(deg/s),wz(deg/s)",
      ],
      header: "StartTime\u{FF1A} 2024-05-01 14:00:33.000\n"
        + "address\tTime(s)\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tAngleX(deg)\tT(\u{B0})\t",
      start: 50_433
    ) { _, time, values in
      let stamp = String(format: "14:00:%06.3f", time - 50_400)
      return "0x50\t \(stamp)\t\(values.joined(separator: "\t"))\t1.5\t20.31\t"
    },
    Layout(
      name: "WitMotion over Bluetooth",
      arguments: [
        "--columns", "AccX(g),AccY(g),AccZ(g),AsX(\u{B0}/s),AsY(\u{B0}/s),AsZ(\u{B0}/s)",
      ],
      header:
        "time,DeviceName,AccX(g),AccY(g),AccZ(g),AsX(\u{B0}/s),AsY(\u{B0}/s),AsZ(\u{B0}/s),Version",
      start: 1_714_572_033
    ) { _, time, values in
      let stamp = String(format: "2024-05-01 14:00:%06.3f", time - 1_714_572_000)
      return "\(stamp),WT901BLE67(d4a7),\(values.joined(separator: ",")),1.2"
    },
  ]

  @Test("Each gives what its numbers give as plain CSV", arguments: layouts)
  func layout(_ layout: Layout) async throws {
    let rows = SensorText(Self.count, channels: layout.channels).rows
    let times = rows.indices.map {
      layout.start + Double($0) / Double(layout.rate ?? 1)
    }
    let lines = zip(rows, times).enumerated().map { index, row in
      layout.line(index, row.1, row.0.map(\.description)) + "\n"
    }
    let header = layout.header.isEmpty ? "" : layout.header + "\n"
    let path = try space.write(header + lines.joined(), to: layout.file)

    let names = (0..<layout.channels).map { "c\($0)" }.joined(separator: ",")
    let plain = zip(rows, times).map { row, time in
      let stamp = layout.rate == nil ? "" : String(format: "%.3f,", time)
      return stamp + row.map(\.description).joined(separator: ",") + "\n"
    }
    let plainPath = try space.write(
      (layout.rate == nil ? "" : "time,") + names + "\n" + plain.joined(), to: "plain.csv")

    let model =
      layout.channels == 3 ? ["--model", Workspace.goldenModel("lstm-h7-l1") + ",name=three"] : []
    let wanted = try await run([plainPath] + model, to: "wanted")
    let found = try await run([path] + layout.arguments + model, to: "found")
    #expect(wanted.count > 10_000)
    #expect(found == wanted, "\(layout.name)")
  }

  private func run(_ arguments: [String], to output: String) async throws -> [UInt8] {
    let result = try await space.run(
      ["replay"] + arguments + ["--output", space.path(output)])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(!result.errors.contains("Warning"), "\(result.errors)")
    return try space.bytes(output)
  }

  private static func nanoseconds(_ time: Double) -> Int {
    Int((time * 100).rounded()) * 10_000_000
  }

  /// A number as Matlab and Java write it: 1.808515000e-004.
  private static func exponents(_ text: String) -> String {
    let value = String(format: "%.9e", Float(text) ?? 0)
    let sign = value.lastIndex { $0 == "+" || $0 == "-" } ?? value.endIndex
    let place = value.index(after: sign)
    return String(value[..<place]) + "0" + String(value[place...])
  }
}
