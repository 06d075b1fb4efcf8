import Testing

@testable import ModelFiles

/// The examples of NIST (FIPS 180-2, appendix B, and the Cryptographic Standards examples).
@Suite struct SHA256Tests {
  private func digest(_ text: String) -> String {
    var sha = SHA256()
    sha.update(Array(text.utf8))
    return sha.hexadecimal
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
        + "lmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func examples(text: String, expected: String) {
    #expect(digest(text) == expected)
  }

  @Test func aMillionLettersInPiecesOfEveryKind() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    for piece in [1_000_000, 63, 64, 65, 1_000] {
      var sha = SHA256()
      var left = 1_000_000
      while left > 0 {
        sha.update([UInt8](repeating: UInt8(ascii: "a"), count: min(piece, left)))
        left -= min(piece, left)
      }
      #expect(sha.hexadecimal == expected, "pieces of \(piece)")
    }
  }

  /// The number of bits goes behind 55 bytes of the last block, and into one more from 56 on.
  @Test func everyLengthAroundABlockIsTheSameInOnePieceAndInBytes() {
    for length in 50..<130 {
      let bytes = (0..<length).map { UInt8($0) }
      var (whole, single) = (SHA256(), SHA256())
      whole.update(bytes)
      for byte in bytes { single.update([byte]) }
      #expect(whole.hexadecimal == single.hexadecimal, "\(length) bytes")
    }
  }
}
