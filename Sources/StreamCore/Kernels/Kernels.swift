internal import CStreamKernels

/// One table of kernels: a variant with what the processor adds to it.
///
/// Kernels are pure functions, called between `ck_enter` and `ck_leave`: these flush denormals to zero,
/// inputs and results, so that a frame that fades out costs no more than a loud one and gives the same
/// bits in every variant.
@safe struct Kernels: Sendable {
  let variant: KernelVariant
  /// Constant, or never freed.
  nonisolated(unsafe) let table: UnsafePointer<ck_kernels>

  /// Every table that this processor can run, best first; the last one is portable.
  static let available: [Kernels] = {
    var list: [Kernels] = []
    var place = 0
    for index in 0..<ck_table_count() where ck_table_available(index) != 0 {
      let table = unsafe ck_table(index)
      let name = unsafe String(cString: table.pointee.name)
      guard let variant = KernelVariant(rawValue: name) else { continue }
      unsafe list.insert(Kernels(variant: variant, table: table), at: place)
      // One that does not pay comes behind the next.
      place = ck_table_pays(index) != 0 ? list.count : place
    }
    return list
  }()

  static let best = available[0]

  /// What streams run on: decided once, on first use.
  static let selected = (try? forced()) ?? best

  /// The best table of the variant that the environment names; nil if it names none.
  static func forced() throws(KernelVariantError) -> Kernels? {
    try forced(by: unsafe ck_forced_name().map { unsafe String(cString: $0) })
  }

  /// An empty word names none, as where the variable is not set.
  static func forced(by word: String?) throws(KernelVariantError) -> Kernels? {
    guard let word, !word.isEmpty else { return nil }
    return try named(word)
  }

  /// The best table of a variant by name.
  static func named(_ name: String) throws(KernelVariantError) -> Kernels {
    guard let variant = KernelVariant(rawValue: name) else { throw .unknown(name) }
    guard let kernels = available.first(where: { $0.variant == variant }) else {
      throw .unavailable(variant)
    }
    return kernels
  }

  /// Applies the output activation to `[rows, size]` in place. Does not allocate.
  @unsafe func activate(
    _ values: UnsafeMutablePointer<Float>, rows: Int, size: Int, as activation: OutputActivation
  ) {
    switch activation {
    case .none: break
    case .sigmoid: unsafe table.pointee.sigmoid(values, rows * size)
    case .softmax: unsafe table.pointee.softmax(values, rows, size)
    }
  }
}

extension OutputActivation {
  /// Applies it to `[rows, size]` in place, in the order of arithmetic of all models. Does not allocate.
  @unsafe package func apply(to values: UnsafeMutablePointer<Float>, rows: Int, size: Int) {
    guard self != .none else { return }
    let mode = ck_enter()
    defer { ck_leave(mode) }
    unsafe Kernels.selected.activate(values, rows: rows, size: size, as: self)
  }
}
