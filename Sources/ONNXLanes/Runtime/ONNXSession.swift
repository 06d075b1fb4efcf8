/// A model file inside ONNX Runtime: what it takes and gives, and a way to run it. Shared by any number of
/// streams, on any threads.
@safe final class ONNXSession: @unchecked Sendable {
  let runtime: ONNXRuntime
  let inputs: [ONNXPort]
  let outputs: [ONNXPort]
  @unsafe private let session: OpaquePointer

  init(path: String, runtime: ONNXRuntime) throws(ONNXFailure) {
    let functions = runtime.functions
    let session = try unsafe runtime.session(path: path)
    self.runtime = runtime
    unsafe self.session = session
    do throws(ONNXFailure) {
      inputs = try unsafe Self.ports(
        runtime, count: { unsafe functions.inputCount(session, $0) },
        name: { unsafe functions.inputName(session, $0, runtime.allocator, $1) },
        type: { unsafe functions.inputType(session, $0, $1) })
      outputs = try unsafe Self.ports(
        runtime, count: { unsafe functions.outputCount(session, $0) },
        name: { unsafe functions.outputName(session, $0, runtime.allocator, $1) },
        type: { unsafe functions.outputType(session, $0, $1) })
    } catch {
      unsafe functions.releaseSession(session)
      throw error
    }
  }

  deinit { unsafe runtime.functions.releaseSession(session) }

  /// An entry of the file's own metadata; nil where it has none.
  func metadata(_ key: String) throws(ONNXFailure) -> String? {
    let functions = runtime.functions
    let metadata = try unsafe functions.made { unsafe functions.metadata(session, $0) }
    defer { unsafe functions.releaseMetadata(metadata) }
    return try unsafe Self.text(runtime) { text in
      unsafe key.withCString {
        unsafe functions.metadataEntry(metadata, runtime.allocator, $0, text)
      }
    }
  }

  /// One call. Where an output is nil, ONNX Runtime makes its value.
  @unsafe func run(
    inputs: UnsafePointer<OpaquePointer?>, named inputNames: ONNXNames,
    outputs: UnsafeMutablePointer<OpaquePointer?>, named outputNames: ONNXNames
  ) -> OpaquePointer? {
    unsafe runtime.functions.run(
      session, nil, inputNames.base, inputs, inputNames.count, outputNames.base,
      outputNames.count, outputs)
  }

  /// The shapes of what a call gives for the inputs, which it is made for.
  func outputShapes(
    inputs: [ONNXTensor], named inputNames: ONNXNames, outputs: ONNXNames
  ) throws(ONNXFailure) -> [[Int]] {
    let functions = runtime.functions
    let given = unsafe inputs.map { unsafe Optional($0.value) }
    var made = unsafe [OpaquePointer?](repeating: nil, count: outputs.count)
    try unsafe functions.check(
      given.withUnsafeBufferPointer { given in
        unsafe made.withUnsafeMutableBufferPointer { made in
          guard let from = given.baseAddress, let to = made.baseAddress else { return nil }
          return unsafe run(inputs: from, named: inputNames, outputs: to, named: outputs)
        }
      })
    defer { unsafe made.forEach { unsafe functions.releaseValue($0) } }
    var shapes: [[Int]] = []
    for index in unsafe made.indices {
      guard let value = unsafe made[index] else { throw ONNXFailure(reason: "it gave nothing") }
      let info = try unsafe functions.made { unsafe functions.valueInfo(value, $0) }
      defer { unsafe functions.releaseTensorInfo(info) }
      shapes.append(try unsafe Self.sizes(info, functions).map(Int.init))
    }
    return shapes
  }

  private static func ports(
    _ runtime: ONNXRuntime,
    count: (UnsafeMutablePointer<Int>) -> OpaquePointer?,
    name: (Int, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> OpaquePointer?,
    type: (Int, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
  ) throws(ONNXFailure) -> [ONNXPort] {
    let functions = runtime.functions
    var number = 0
    try unsafe functions.check(count(&number))
    var ports: [ONNXPort] = []
    for index in 0..<number {
      let title = try unsafe text(runtime) { unsafe name(index, $0) } ?? ""
      let info = try unsafe functions.made { unsafe type(index, $0) }
      defer { unsafe functions.releaseTypeInfo(info) }
      ports.append(try unsafe port(title, info, functions))
    }
    return ports
  }

  @unsafe private static func port(
    _ name: String, _ info: OpaquePointer, _ functions: ONNXFunctions
  ) throws(ONNXFailure) -> ONNXPort {
    // Part of the type's own information, not to be released; nil for sequences and maps.
    var tensor: OpaquePointer?
    try unsafe functions.check(functions.tensorInfo(info, &tensor))
    guard let tensor = unsafe tensor else { return ONNXPort(name: name, element: nil, axes: []) }
    var element: Int32 = 0
    try unsafe functions.check(functions.elementType(tensor, &element))
    let sizes = try unsafe sizes(tensor, functions)
    var names = unsafe [UnsafePointer<CChar>?](repeating: nil, count: sizes.count)
    try unsafe functions.check(functions.dimensionNames(tensor, &names, sizes.count))
    let axes = unsafe zip(sizes, names).map { size, name in
      size >= 0
        ? ONNXPort.Axis.fixed(Int(size))
        : .open(unsafe name.map { unsafe String(cString: $0) } ?? "")
    }
    return ONNXPort(name: name, element: ONNXElement(rawValue: element), axes: axes)
  }

  @unsafe private static func sizes(
    _ info: OpaquePointer, _ functions: ONNXFunctions
  ) throws(ONNXFailure) -> [Int64] {
    var count = 0
    try unsafe functions.check(functions.dimensionCount(info, &count))
    var sizes = [Int64](repeating: 0, count: count)
    try unsafe functions.check(functions.dimensions(info, &sizes, count))
    return sizes
  }

  /// The text that a call makes, which is then freed; nil where it makes none.
  private static func text(
    _ runtime: ONNXRuntime,
    _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> OpaquePointer?
  ) throws(ONNXFailure) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    try unsafe runtime.functions.check(call(&text))
    guard let text = unsafe text else { return nil }
    defer {
      if let status = unsafe runtime.functions.free(runtime.allocator, text) {
        unsafe runtime.functions.releaseStatus(status)
      }
    }
    return unsafe String(cString: text)
  }
}

/// Names as C strings, made once.
@safe final class ONNXNames: @unchecked Sendable {
  let count: Int
  @unsafe let base: UnsafeMutablePointer<UnsafePointer<CChar>?>

  init(_ names: [String]) {
    count = names.count
    unsafe base = .allocate(capacity: max(1, names.count))
    unsafe base.initialize(repeating: nil, count: max(1, names.count))
    for (index, name) in names.enumerated() {
      let bytes = Array(name.utf8CString)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      unsafe copy.initialize(from: bytes, count: bytes.count)
      unsafe base[index] = UnsafePointer(copy)
    }
  }

  deinit {
    for index in 0..<count { unsafe base[index]?.deallocate() }
    unsafe base.deallocate()
  }
}
