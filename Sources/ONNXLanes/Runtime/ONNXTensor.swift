import Foundation
import PlainText

/// The types of a tensor's elements, by the numbers of the ONNX format.
enum ONNXElement: Int32, Sendable {
  case float = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64

  /// Bytes of one; nil for what has no fixed size.
  var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16: 2
    case .float, .int32, .uint32: 4
    case .int64, .double, .uint64: 8
    case .string: nil
    }
  }

  /// Writes a number at a place; false where the type does not hold it.
  @unsafe func write(_ value: Double, to place: UnsafeMutableRawPointer) -> Bool {
    func store<Value>(_ value: Value?) -> Bool {
      guard let value else { return false }
      unsafe place.storeBytes(of: value, as: Value.self)
      return true
    }
    return switch self {
    case .float: store(Float(value))
    case .double: store(value)
    case .uint8: store(UInt8(exactly: value))
    case .int8: store(Int8(exactly: value))
    case .uint16: store(UInt16(exactly: value))
    case .int16: store(Int16(exactly: value))
    case .int32: store(Int32(exactly: value))
    case .int64: store(Int64(exactly: value))
    case .uint32: store(UInt32(exactly: value))
    case .uint64: store(UInt64(exactly: value))
    case .bool: store(value == 0 ? UInt8(0) : value == 1 ? 1 : nil)
    case .string, .float16: false
    }
  }
}

/// An input or output of a model as its file declares it.
struct ONNXPort: Sendable {
  /// An axis: of a known size, or open with the name that the file has for it, which may be empty.
  enum Axis: Sendable, Equatable {
    case fixed(Int)
    case open(String)
  }

  let name: String
  /// Nil for what is no tensor of known elements.
  let element: ONNXElement?
  let axes: [Axis]

  /// The most values that a lane gives an input.
  static let valueLimit = 1 << 28

  /// Whether the axes of known size alone are more than a lane may give.
  var isTooLarge: Bool {
    var count = 1
    for case .fixed(let size) in axes {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      if overflows || product > Self.valueLimit { return true }
      count = product
    }
    return false
  }

  /// As messages name it: `state float [2, batch, 128]`.
  var text: String {
    let sizes = axes.map { axis in
      switch axis {
      case .fixed(let size): "\(size)"
      case .open(let name): name.isEmpty ? "?" : name.excerpt
      }
    }
    let type = element.map { "\($0)" } ?? "no tensor"
    return "\(name.excerpt) \(type) [\(sizes.joined(separator: ", "))]"
  }
}

/// Zeroed memory with the value that makes it a tensor for ONNX Runtime.
@safe final class ONNXTensor {
  let shape: [Int]
  let element: ONNXElement
  let byteCount: Int
  /// Aligned to a cache line.
  @unsafe let bytes: UnsafeMutableRawPointer
  @unsafe let value: OpaquePointer
  private let runtime: ONNXRuntime

  init(
    shape: [Int], element: ONNXElement, runtime: ONNXRuntime
  ) throws(ONNXFailure) {
    self.shape = shape
    self.element = element
    self.runtime = runtime
    let count = shape.reduce(1, *) * (element.byteCount ?? 0)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 64), alignment: 64)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 64))
    byteCount = count
    unsafe bytes = memory
    let sizes = shape.map(Int64.init)
    do throws(ONNXFailure) {
      unsafe value = try runtime.functions.made { out in
        unsafe sizes.withUnsafeBufferPointer { sizes in
          // A scalar has no sizes, but the call wants a place for them.
          let place = unsafe sizes.baseAddress ?? UnsafePointer(bitPattern: 8)
          guard let place = unsafe place else { return nil }
          return unsafe runtime.functions.createTensor(
            runtime.memory, memory, count, place, sizes.count, element.rawValue, out)
        }
      }
    } catch {
      unsafe memory.deallocate()
      throw error
    }
  }

  deinit {
    unsafe runtime.functions.releaseValue(value)
    unsafe bytes.deallocate()
  }

  /// The values of a tensor of `float`.
  @unsafe var floats: UnsafeMutablePointer<Float> {
    unsafe bytes.assumingMemoryBound(to: Float.self)
  }

  func zero() {
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  /// Whether both hold the same bytes.
  func equals(_ other: ONNXTensor) -> Bool {
    guard byteCount == other.byteCount else { return false }
    return unsafe memcmp(bytes, other.bytes, byteCount) == 0
  }
}
