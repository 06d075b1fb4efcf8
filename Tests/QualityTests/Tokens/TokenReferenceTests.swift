import Foundation
import Testing

@testable import Quality

/// Labels of tokens as files name them, and the utterances that they are of.
@Suite("Labels of tokens")
struct TokenReferenceTests {
  private static let outputs = ["blank", "AA", "AH", "B", "D", "DH", "EL", "HH", "IY", "K"]

  private func reference(
    _ text: String, outputs: [String] = TokenReferenceTests.outputs
  ) throws -> TokenReference {
    try TokenReference(Labels(text), outputs: outputs, blank: 0)
  }

  /// Names of a file with these labels in a row.
  private func names(_ labels: [String], outputs: [String] = TokenReferenceTests.outputs) throws
    -> [String]
  {
    let rows = labels.enumerated().map { "\($0).0,\($0).5,\($1)\n" }
    return try reference("start,end,label\n" + rows.joined(), outputs: outputs).tokens
      .map { outputs[$0.output] }
  }

  @Test("The model's names, ARPABET with stress, TIMIT's; silence is no token")
  func arpabet() throws {
    #expect(try names(["AA", "D", "IY"]) == ["AA", "D", "IY"])
    #expect(try names(["AA1", "B", "AH0", "sil", "IY2"]) == ["AA", "B", "AH", "IY"])
    #expect(
      try names(["h#", "hv", "aa", "dcl", "d", "ax", "el", "pau"])
        == ["HH", "AA", "D", "AH", "EL"])
  }

  @Test("espeak's mnemonics: the same letters are other sounds there")
  func espeak() throws {
    #expect(
      try names(["D", "@", "_:", "b", "A:", "d", "i:", "@L"]) == [
        "DH", "AH", "B", "AA", "D", "IY", "EL",
      ])
    // Alone they are the model's.
    #expect(try names(["D", "B"]) == ["D", "B"])
    // A model without a syllabic l has an l.
    #expect(try names(["@L", "@"], outputs: ["-", "AH", "L"]) == ["L", "AH"])
  }

  @Test("A model's own names come first, whatever they are")
  func own() throws {
    #expect(
      try names(["hello", "_", "world"], outputs: ["-", "hello", "world", "_"]) == [
        "hello", "_", "world",
      ])
  }

  @Test(
    "What is no token is refused with its line",
    arguments: [
      (
        "start,end,label\n0,1,AA\n1,2,XX\n",
        "line 3: the label is \"XX\", expected a token of the model: AA, AH, B, D, DH, EL, HH, IY, ..."
      ),
      (
        "start,end,label\n0,1,@\n1,2,i:\n2,3,AA1\n3,4,A:\n",
        "line 4: the label is \"AA1\", expected a token of the model in espeak's notation: AA, AH, B, D, DH, "
          + "EL, HH, IY, ..."
      ),
      (
        "start,end,label\n0,1,AA\n1,2,blank\n",
        "line 3: the label is \"blank\", the model's blank, expected a token of the model: AA, AH, B, D, DH, EL, "
          + "HH, IY, ..."
      ),
      ("start,end\n0,1\n", "has no names of tokens, expected start,end,label"),
      ("start,end,label\n", "has no label, expected tokens"),
      ("frame,label\n0,AA\n", "labels frames, expected the start and end of each token"),
    ])
  func refusals(text: String, sentence: String) throws {
    let error = try #require(throws: LabelError.self) { _ = try reference(text) }
    #expect(error.description == "labels.csv: \(sentence)")
    #expect(error.exitCode == 65)
  }

  @Test("Utterances by name, or parted by pauses of 0.3 s")
  func utterances() throws {
    let named = try reference(
      "start,end,label,utterance\n0,1,AA,b\n1,2,AH,b\n2,3,B,a\n9,10,D,b\n")
    #expect(named.tokens.map(\.utterance) == [0, 0, 1, 0])
    #expect(named.namesUtterances && named.utteranceCount == 2)
    let parted = try reference(
      "start,end,label\n0,1,AA\n1,1.2,sil\n1.25,2,AH\n2.299,3,B\n3.3,4,D\n")
    #expect(parted.tokens.map(\.utterance) == [0, 0, 0, 1])
    #expect(!parted.namesUtterances && parted.utteranceCount == 2)
    #expect(parted.tokens[2].start == 2_299_000_000 && parted.tokens[2].end == 3_000_000_000)
  }

  @Test("A track of Audacity, lexemes of RTTM, and NDJSON say the same as CSV")
  func forms() throws {
    let csv = try reference("start,end,label\n0.5,0.75,AA\n0.75,1.5,B\n")
    for text in [
      "0.5\t0.75\tAA\n0.75\t1.5\tB\n",
      "LEXEME talk 1 0.5 0.25 AA lex <NA> <NA>\nLEXEME talk 1 0.75 0.75 B lex <NA> <NA>\n",
      "{\"start\":0.5,\"end\":0.75,\"label\":\"AA\"}\n{\"start\":0.75,\"end\":1.5,\"label\":\"B\"}\n",
    ] {
      #expect(try reference(text).tokens == csv.tokens, "\(text)")
    }
  }

  @Test("The mnemonics are those of scripts/train/phonemes.csv")
  func table() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "scripts/train/phonemes.csv")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.first == "espeak,token")
    let rows = lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == PhonemeNames.espeak.count)
    for row in rows { #expect(PhonemeNames.espeak[row[0]] == row[1], "\(row)") }
  }
}
