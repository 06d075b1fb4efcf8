import Testing

/// Columns by the names of the model, by --columns, and by position.
@Suite("Contract: columns")
struct ColumnTests {
  let space: Workspace
  private static let text = SensorText(130)
  private static let names = ["c0", "c1", "c2", "c3", "c4", "c5"]
  /// Six channels that the model does not name.
  private static let nameless = ["--model", Workspace.goldenModel("lstm-h130-l1") + ",name=plain"]

  init() throws { space = try Workspace() }

  /// Columns in an order, each with the name that it has, or one for all lines.
  private func csv(
    _ columns: [(name: String, channel: Int?)], other: String = "walk", header: Bool = true
  ) -> String {
    let lines = Self.text.rows.map { row in
      columns.map { $0.channel.map { row[$0].description } ?? other }.joined(separator: ",")
    }
    return ((header ? [columns.map(\.name).joined(separator: ",")] : []) + lines)
      .map { $0 + "\n" }.joined()
  }

  /// The outputs of a file, and what was said, without the name of the file.
  private func replay(
    _ text: String, _ arguments: [String] = [], as name: String = "in.csv"
  ) async throws -> (output: [UInt8], notes: [String]) {
    let path = try space.write(text, to: name)
    let result = try await space.run(
      ["replay", path, "--output", space.path("out")] + arguments)
    #expect(result.exitCode == 0, "\(result.errors)")
    return (
      try space.bytes("out"),
      result.errors.split(separator: "\n").map {
        String($0.replacing("Note: \(path): ", with: ""))
      }
    )
  }

  @Test("Named columns are found in any order, among others that hold text")
  func byName() async throws {
    let plain = try await replay(Self.text.csv())
    #expect(plain.notes == [])
    let turned = try await replay(
      csv(["c3", "c4", "c5", "c2", "c1", "c0"].map { ($0, Self.names.firstIndex(of: $0)) }))
    #expect(turned.output == plain.output)
    #expect(turned.notes == [])
    let more = try await replay(
      csv(
        [("", nil), ("C5", 5), ("label", nil)]
          + [(" c1 ", 1), ("c0", 0), ("c2", 2), ("\"c4\"", 4), ("c3", 3)]))
    #expect(more.output == plain.output)
    #expect(more.notes == ["columns 1 (without a name), label not used"])
  }

  @Test("Names that are not complete are refused with both lists and the option")
  func incomplete() async throws {
    let path = try space.write(
      csv([("c0", 0), ("c1", 1), ("x", 2), ("c3", 3), ("c4", 4), ("c5", 5)]), to: "x.csv")
    for command in [
      ["replay", path], ["sweep", path], ["measure", "--virtual", "--input", path],
    ] {
      try await space.run(command).expectRefusal(
        65,
        "\(path): line 1, separated by commas, has the columns c0, c1, x, c3, c4, c5, lane "
          + "activity-lstm\(command[0] == "sweep" ? ",precision=f32" : "") expects c0, c1, c2, c3, c4, c5, "
          + "of which c2 is missing or there more than once; --columns takes others in that order")
    }
    let keys = try space.write(
      #"{"acc":{"x":1,"y":2},"t":0.5}"# + "\n", to: "keys.ndjson")
    try await space.run(["replay", keys]).expectRefusal(
      65,
      "\(keys): line 1 has the keys acc.x, acc.y, lane activity-lstm expects c0, c1, c2, c3, c4, "
        + "c5; --columns takes others in that order")
  }

  @Test("--columns takes columns by name, number and position, in replay and live")
  func columns() async throws {
    let plain = try await replay(Self.text.csv())
    let text = csv(
      [("id", nil), ("z", 2), ("y", 1), ("x", 0), ("r", 3), ("p", 4), ("q", 5)])
    let chosen = try await replay(text, ["--columns", "x,Y,2,r,6,q"])
    #expect(chosen.output == plain.output)
    #expect(
      chosen.notes == [
        "columns x, y, z, r, p, q are taken as c0, c1, c2, c3, c4, c5: --columns"
      ])
    // Where they are the model's names, the order says nothing.
    let named = try await replay(Self.text.csv(), ["--columns", "c5,c4,c3,c2,c1,c0"])
    #expect(named.output == plain.output)
    #expect(named.notes == [])
    let bytes = Array(text.utf8)
    let live = try await space.run(
      [
        "live", "-", "--format", "csv", "--columns", "x,y,z,r,p,q", "--output",
        space.path("live"), "--model", space.model("activity-lstm"),
      ]
    ) { $0.write(bytes, bytesPerSecond: 4_000) }
    #expect(live.exitCode == 0, "\(live.errors)")
    let prefix = "{\"lane\":\"activity-lstm\""
    let lines = String(decoding: plain.output, as: UTF8.self).split(separator: "\n")
    #expect(try space.lines("live") == lines.filter { $0.hasPrefix(prefix) }.map(String.init))
  }

  @Test("--columns that cannot be are 65, and 64 where there are none")
  func badColumns() async throws {
    let path = try space.write(Self.text.csv(), to: "a.csv")
    for (columns, sentence) in [
      (
        "c0,cx",
        "line 1 has no column called cx (--columns), expected some of c0, c1, c2, c3, c4, c5"
      ),
      ("c0,7", "line 1 has no column 7 (--columns), expected 1 to 6 (c0, c1, c2, c3, c4, c5)"),
      ("c0,1", "line 1 has one column 1, which --columns takes twice"),
      (
        "c0,c1",
        "line 1, separated by commas, has 2 channels (columns of --columns: c0, c1), lane "
          + "activity-lstm expects 6 (c0, c1, c2, c3, c4, c5)"
      ),
    ] {
      try await space.run(["replay", path, "--columns", columns])
        .expectRefusal(65, "\(path): \(sentence)")
    }
    try await space.run(["replay", path, "--columns", "c0,,c1"]).expectRefusal(
      64, naming: ["--columns c0,,c1: expected names or numbers, separated by commas"])
    let sound = try space.write([0, 0], to: "a.raw")
    try await space.run(["replay", sound, "--format", "s16le", "--columns", "1"]).expectRefusal(
      64, "\(sound): --columns is for csv and ndjson, not for s16le")
    let lines = try space.write("[1,2,3,4,5,6]\n", to: "a.ndjson")
    try await space.run(["replay", lines, "--no-header"]).expectRefusal(
      64, "\(lines): --no-header is for csv, not for ndjson")
  }

  @Test("Without names on one side, columns of numbers are taken as they stand, which is said")
  func byPosition() async throws {
    let named = try await replay(Self.text.csv())
    let text = csv(Self.names.enumerated().map { ("", $0.offset) }, header: false)
    let headless = try await replay(text, ["--no-header"])
    #expect(headless.output == named.output)
    #expect(
      headless.notes == [
        "columns 1, 2, 3, 4, 5, 6 are taken as c0, c1, c2, c3, c4, c5: the input has no names"
      ])
    let plain = try await replay(Self.text.csv(), Self.nameless)
    #expect(
      plain.notes == [
        "columns c0, c1, c2, c3, c4, c5 are taken in this order: the model has no names"
      ])
    let labelled = try await replay(
      csv([("label", nil)] + Self.names.enumerated().map { ($0.element, $0.offset) }),
      Self.nameless)
    #expect(labelled.output == plain.output)
    #expect(labelled.notes == plain.notes + ["column label not used"])
    let path = try space.write(
      csv([("id", 3)] + Self.names.enumerated().map { ($0.element, $0.offset) }), to: "id.csv")
    try await space.run(["replay", path] + Self.nameless).expectRefusal(
      65,
      "\(path): line 1, separated by commas, has 7 channels (columns of numbers: id, c0, c1, c2, "
        + "c3, c4, c5), lane plain expects 6; --columns takes some, by name or number")
    let keys = try space.write(
      "{" + Self.names.map { "\"\($0)\":1" }.joined(separator: ",") + "}\n", to: "keys.ndjson")
    try await space.run(["replay", keys] + Self.nameless).expectRefusal(
      65,
      "\(keys): line 1 has 6 channels (keys of numbers: c0, c1, c2, c3, c4, c5), lane plain "
        + "expects 6; --columns takes some, by name or number, in order")
    #expect(
      try await replay(
        String(contentsOfKeys: Self.text, Self.names),
        Self.nameless + ["--columns", "c0,c1,c2,c3,c4,c5"],
        as: "k.ndjson"
      ).output == plain.output)
  }

  @Test("Lanes with other names, and without, each get their own columns")
  func lanes() async throws {
    let one = ["--model", Workspace.goldenModel("lstm-h1-l1") + ",name=mean"]
    let pair = ["activity-lstm", "activity-transformer"].flatMap { ["--model", space.model($0)] }
    let text = csv(
      ["c5", "c1", "c0", "c2", "c4", "c3"].map { ($0, Self.names.firstIndex(of: $0)) })
    let all = try await replay(text, pair + one)
    let alone = try await replay(Self.text.csv(), pair)
    let mean = try await replay(text, one + ["--rate", "50"])
    func lines(_ bytes: [UInt8], mean: Bool) -> [Substring] {
      String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        .filter { $0.hasPrefix("{\"lane\":\"mean\"") == mean }
    }
    #expect(lines(all.output, mean: false) == lines(alone.output, mean: false))
    #expect(lines(all.output, mean: true) == lines(mean.output, mean: true))
  }
}

extension String {
  /// The same numbers as objects whose keys come in another order in every line.
  fileprivate init(contentsOfKeys text: SensorText, _ names: [String]) {
    let lines = text.rows.enumerated().map { index, row in
      let order = names.indices.map { ($0 + index) % names.count }
      return "{" + order.map { "\"\(names[$0])\":\(row[$0])" }.joined(separator: ",") + "}\n"
    }
    self = lines.joined()
  }
}
