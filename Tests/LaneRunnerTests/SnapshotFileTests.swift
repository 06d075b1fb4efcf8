import StreamIO
import Testing

@testable import LaneRunner

/// The file of a snapshot: what is damaged is refused, whatever it is.
@Suite("Snapshot files")
struct SnapshotFileTests {
  static let snapshot: Snapshot = {
    var snapshot = Snapshot()
    snapshot.facts = [.init("--rate", "8000"), .init("the chunk of lane a", nil)]
    snapshot.written = "2026-11-29T15:00:00.000Z"
    snapshot.command = ["lockstep", "replay", "a b"]
    snapshot.position = 1 << 40
    snapshot.sampleRate = 16_000
    snapshot.lanes = [.init(name: "a", frame: 77, byteCount: 3)]
    snapshot.files = [.init(name: "out", byteCount: 12), .init(name: "pipe", byteCount: nil)]
    snapshot.sections = [[], [1, 2, 3], [255]]
    return snapshot
  }()

  @Test("It is read as it was written")
  func roundTrip() throws {
    #expect(try Snapshot(Self.snapshot.bytes, name: "state") == Self.snapshot)
  }

  private func refusal(_ bytes: [UInt8]) -> String? {
    do throws(SourceError) {
      _ = try Snapshot(bytes, name: "state")
      return nil
    } catch {
      #expect(error.kind == .badData)
      return error.message
    }
  }

  @Test("Another byte anywhere, fewer and more bytes are refused")
  func damage() {
    let good = Self.snapshot.bytes
    for place in good.indices {
      var bad = good
      bad[place] ^= 0x10
      let found = refusal(bad)
      let expected =
        switch place {
        case 0..<15: "state: is no snapshot of a run"
        case 15: "state: is a snapshot of another version, expected version 1"
        case 16..<32: "state: is damaged: its parts are not as long as it says"
        default: "state: is damaged: its checksum does not hold"
        }
      #expect(found == expected, "byte \(place)")
    }
    for count in good.indices { #expect(refusal(Array(good[..<count])) != nil) }
    #expect(refusal(good + [0]) == "state: is damaged: its parts are not as long as it says")
    #expect(refusal([]) == "state: is no snapshot of a run")
  }
}
