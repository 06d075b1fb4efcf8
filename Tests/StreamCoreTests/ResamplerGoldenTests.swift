import Foundation
import Testing

@testable import StreamCore

/// Made by `python scripts/reference/make_resampler_golden.py --out Tests/Golden`:
///
///     samplerate.resample(input / 32768, to / from, "sinc_best")
@Suite struct ResamplerGoldenTests {
  private struct Entry: Decodable {
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case offsets = "data_offsets"
    }
  }

  private static func tensor(_ name: String) throws -> Data {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = try Data(contentsOf: folder.appending(path: "Golden/resampler.golden.safetensors"))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONDecoder().decode([String: Entry].self, from: file[8..<8 + length])
    let offsets = try #require(header[name]).offsets
    return file[8 + length + offsets[0]..<8 + length + offsets[1]]
  }

  private static func words(_ data: Data, size: Int) -> [UInt32] {
    stride(from: data.startIndex, to: data.endIndex, by: size).map { start in
      data[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  /// Output m of both lies at source time m * M / L, so they are compared as they are. That they are
  /// aligned shows in the slope: the part of the difference that a shift in time would make.
  @Test(arguments: ResamplerResponseTests.ratios) func agrees(from: Int, to: Int) throws {
    let samples = Self.words(try Self.tensor("\(from)-\(to).input"), size: 2)
      .map { Float(Int16(truncatingIfNeeded: $0)) / 32_768 }
    let expected = Self.words(try Self.tensor("\(from)-\(to).output"), size: 4)
      .map { Double(Float(bitPattern: $0)) }
    let output = try Resampler(from: from, to: to).run(samples).map(Double.init)
    #expect(samples.count == from / 5 && expected.count == to / 5)
    // floor((n - 1) * L / M) + 1: instants after the last sample are none.
    let count = min(expected.count, output.count)
    #expect(output.count >= expected.count - 1)
    var (difference, power, shift, slope) = (0.0, 0.0, 0.0, 0.0)
    for m in 1..<count - 1 {
      let derivative = (expected[m + 1] - expected[m - 1]) / 2
      let error = output[m] - expected[m]
      difference += error * error
      power += expected[m] * expected[m]
      shift += error * derivative
      slope += derivative * derivative
    }
    let decibels = 10 * log10(difference / power)
    print(
      "\(from) to \(to): \(decibels) dB from libsamplerate, shifted by \(shift / slope) samples")
    #expect(decibels < -70)
    #expect(abs(shift / slope) < 1e-4)
  }
}
