/// Where state goes when it is saved, and comes from when it is restored.
///
/// Whatever has state lists what it remembers once, in `exchange`; whether the list is measured, saved or
/// restored is the archive's business, so that what was saved is read back in the same order. Numbers take 8
/// bytes each, the lowest first; arrays are as they lie in memory. Nothing here allocates but the arrays
/// that `list` and `bytes` read.
///
/// What cannot be read any more, or cannot be, makes the archive `isDamaged`: from there on nothing changes. Counts and
/// places (`UInt64` and `Int`) are restored below 2^48, times (`Int64`) below 2^62 in size: far beyond any stream, and
/// so that sums of two do not overflow.
@safe public struct StateArchive: ~Copyable {
  private enum Direction { case measure, save, restore }

  private let direction: Direction
  @unsafe private let base: UnsafeMutableRawPointer?
  private let capacity: Int
  /// Bytes that were passed so far.
  public private(set) var count = 0
  /// Whether something came by that has no way to save what it remembers.
  public private(set) var isRefused = false
  /// Whether what was to be restored does not fit what restores it.
  public private(set) var isDamaged = false

  @unsafe private init(_ direction: Direction, _ base: UnsafeMutableRawPointer?, capacity: Int) {
    self.direction = direction
    unsafe self.base = base
    self.capacity = capacity
  }

  /// Whether values are read, not written.
  public var isRestoring: Bool { direction == .restore }

  /// Says that something cannot be saved.
  public mutating func refuse() { isRefused = true }

  /// Says of values that were restored whether they can be: indices lie within what they index.
  public mutating func check(_ holds: Bool) {
    if isRestoring, !holds { isDamaged = true }
  }

  /// The bytes that `body` passes; nil where something cannot be saved.
  public static func measure(_ body: (inout StateArchive) -> Void) -> Int? {
    var archive = unsafe StateArchive(.measure, nil, capacity: .max)
    body(&archive)
    return archive.isRefused ? nil : archive.count
  }

  /// Saves what `body` passes; returns its bytes. The buffer must have room for what `measure` says. Does
  /// not allocate.
  public static func save(
    into buffer: inout MutableSpan<UInt8>, _ body: (inout StateArchive) -> Void
  ) -> Int {
    unsafe buffer.withUnsafeMutableBufferPointer { bytes in
      var archive = unsafe StateArchive(
        .save, UnsafeMutableRawPointer(bytes.baseAddress), capacity: bytes.count)
      body(&archive)
      return archive.count
    }
  }

  /// What `body` passes, as bytes; nil where something cannot be saved. Allocates.
  public static func bytes(_ body: (inout StateArchive) -> Void) -> [UInt8]? {
    guard let count = measure(body) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    _ = save(into: &span, body)
    return bytes
  }

  /// Restores what `body` passes from all of these bytes. After an error some of it may have changed.
  public static func restore(
    from bytes: Span<UInt8>, _ body: (inout StateArchive) -> Void
  ) throws(StateDefect) {
    let isWhole = unsafe bytes.withUnsafeBufferPointer { buffer in
      var archive = unsafe StateArchive(
        .restore, UnsafeMutableRawPointer(mutating: buffer.baseAddress), capacity: buffer.count)
      body(&archive)
      return (archive.isRefused, !archive.isDamaged && archive.count == buffer.count)
    }
    if isWhole.0 { throw .cannotBeSaved }
    if !isWhole.1 { throw .damaged }
  }

  // MARK: Numbers

  /// A word that is no number, such as the bits of one: whatever it is.
  public mutating func bits(_ word: inout UInt64) {
    unsafe withUnsafeMutableBytes(of: &word) { unsafe pass($0) }
  }

  public mutating func value(_ value: inout UInt64) {
    bits(&value)
    check(value < 1 << 48)
  }

  public mutating func value(_ value: inout Int64) {
    var word = UInt64(bitPattern: value)
    bits(&word)
    value = Int64(bitPattern: word)
    check(value.magnitude < 1 << 62)
  }

  public mutating func value(_ value: inout Int) {
    var number = Int64(value)
    self.value(&number)
    check(number.magnitude < 1 << 48)
    value = Int(truncatingIfNeeded: number)
  }

  public mutating func value(_ value: inout Double) {
    var word = value.bitPattern
    bits(&word)
    value = Double(bitPattern: word)
  }

  public mutating func value(_ value: inout Float) {
    var word = UInt64(value.bitPattern)
    bits(&word)
    value = Float(bitPattern: UInt32(truncatingIfNeeded: word))
  }

  public mutating func value(_ value: inout Bool) {
    var word: UInt64 = value ? 1 : 0
    bits(&word)
    check(word <= 1)
    value = word == 1
  }

  /// A value that may be nil; `blank` is what another one is restored into.
  public mutating func optional<Value>(
    _ value: inout Value?, blank: @autoclosure () -> Value,
    _ exchange: (inout Value, inout StateArchive) -> Void
  ) {
    var isThere = value != nil
    self.value(&isThere)
    guard isThere else {
      value = nil
      return
    }
    var held = value ?? blank()
    exchange(&held, &self)
    value = held
  }

  public mutating func value(_ value: inout Int64?) {
    optional(&value, blank: 0) { number, archive in archive.value(&number) }
  }

  public mutating func value(_ value: inout UInt64?) {
    optional(&value, blank: 0) { number, archive in archive.value(&number) }
  }

  public mutating func value(_ value: inout Int?) {
    optional(&value, blank: 0) { number, archive in archive.value(&number) }
  }

  public mutating func value(_ value: inout Double?) {
    optional(&value, blank: 0) { number, archive in archive.value(&number) }
  }

  // MARK: Arrays

  /// Numbers of an array that keeps its length.
  public mutating func values<Element: BitwiseCopyable & Numeric>(_ values: inout [Element]) {
    guard passCount(of: values.count) else { return }
    unsafe values.withUnsafeMutableBytes { unsafe pass($0) }
  }

  /// Numbers of an array whose length changes.
  public mutating func array<Element: BitwiseCopyable & Numeric>(_ values: inout [Element]) {
    var count = values.count
    value(&count)
    let size = MemoryLayout<Element>.stride
    guard isRestoring else {
      unsafe values.withUnsafeMutableBytes { unsafe pass($0) }
      return
    }
    guard !isDamaged, count >= 0, count <= (capacity - self.count) / size else {
      isDamaged = true
      return
    }
    values = Array(repeating: 0, count: count)
    unsafe values.withUnsafeMutableBytes { unsafe pass($0) }
  }

  /// Any values, one by one; `blank` is what each one is restored into. At most `limit` are restored.
  public mutating func list<Element>(
    _ elements: inout [Element], limit: Int = .max, blank: @autoclosure () -> Element,
    _ exchange: (inout Element, inout StateArchive) -> Void
  ) {
    var count = elements.count
    value(&count)
    guard isRestoring else {
      for index in elements.indices { exchange(&elements[index], &self) }
      return
    }
    // Every element takes a byte at least.
    guard !isDamaged, count >= 0, count <= min(limit, capacity - self.count) else {
      isDamaged = true
      return
    }
    elements.removeAll(keepingCapacity: true)
    for _ in 0..<count where !isDamaged {
      var element = blank()
      exchange(&element, &self)
      elements.append(element)
    }
  }

  /// Floats in memory that keeps its length.
  @unsafe package mutating func memory(_ floats: UnsafeMutablePointer<Float>, count: Int) {
    guard passCount(of: count) else { return }
    unsafe pass(UnsafeMutableRawBufferPointer(start: floats, count: 4 * count))
  }

  /// Bytes in memory that keeps its length.
  @unsafe package mutating func memory(_ bytes: UnsafeMutableRawPointer, byteCount: Int) {
    guard passCount(of: byteCount) else { return }
    unsafe pass(UnsafeMutableRawBufferPointer(start: bytes, count: byteCount))
  }

  /// All floats of a buffer.
  package mutating func memory(_ buffer: FloatBuffer) {
    unsafe memory(buffer.base, count: buffer.count)
  }

  /// A length, which must be the same when it is restored; false where it is not.
  private mutating func passCount(of count: Int) -> Bool {
    var found = count
    value(&found)
    check(found == count)
    return !isDamaged
  }

  @unsafe private mutating func pass(_ bytes: UnsafeMutableRawBufferPointer) {
    guard !isDamaged else { return }
    switch unsafe (direction, base, bytes.baseAddress) {
    case (.save, .some(let base), .some(let start)):
      precondition(bytes.count <= capacity - count, "no room for the state")
      unsafe (base + count).copyMemory(from: start, byteCount: bytes.count)
    case (.restore, .some(let base), .some(let start)):
      guard bytes.count <= capacity - count else {
        isDamaged = true
        return
      }
      unsafe start.copyMemory(from: base + count, byteCount: bytes.count)
    case (.save, .none, .some), (.restore, .none, .some):
      isDamaged = true
      return
    default: break
    }
    count += bytes.count
  }
}

/// Why state cannot be saved or restored.
public enum StateDefect: Error, Equatable, CustomStringConvertible {
  /// Something has no way to save what it remembers.
  case cannotBeSaved
  /// The bytes are not the state of such a thing.
  case damaged

  public var description: String {
    switch self {
    case .cannotBeSaved: "has no way to save its state"
    case .damaged: "the saved state does not fit"
    }
  }
}

/// What can be saved and restored: decoders, statistics, subscribers.
public protocol Restorable {
  /// Passes on all that it remembers, always in the same order. What was saved by one is restored into
  /// another that was made in the same way.
  mutating func exchange(with archive: inout StateArchive)
}

extension StateArchive {
  /// A value that knows what it remembers.
  public mutating func value<Value: Restorable>(_ value: inout Value) {
    value.exchange(with: &self)
  }

  public mutating func value<Value: Restorable>(
    _ value: inout Value?, blank: @autoclosure () -> Value
  ) {
    optional(&value, blank: blank()) { held, archive in held.exchange(with: &archive) }
  }

  /// Values that know what they remember.
  public mutating func list<Element: Restorable>(
    _ elements: inout [Element], limit: Int = .max, blank: @autoclosure () -> Element
  ) {
    list(&elements, limit: limit, blank: blank()) { element, archive in
      element.exchange(with: &archive)
    }
  }

  /// Values of an array that keeps its length, each of which knows what it remembers.
  public mutating func each<Element: Restorable>(_ elements: inout [Element]) {
    guard passCount(of: elements.count) else { return }
    for index in elements.indices { elements[index].exchange(with: &self) }
  }
}
