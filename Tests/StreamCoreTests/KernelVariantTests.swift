import CStreamKernels
import Testing

@testable import StreamCore

/// Which kernels run, and the mode that they run in.
@Suite struct KernelVariantTests {
  @Test func portableIsAlwaysThere() {
    #expect(KernelVariant.available.last == .portable)
    #expect(Set(KernelVariant.available).count == KernelVariant.available.count)
  }

  @Test func aNameThatIsNone() {
    #expect(throws: KernelVariantError.unknown("sse")) { try Kernels.named("sse") }
    #expect(throws: KernelVariantError.unknown("")) { try Kernels.named("") }
    #expect(
      KernelVariantError.unknown("sse").description
        == "LOCKSTEP_KERNELS is 'sse', expected one of portable, avx2, avx512, neon")
  }

  @Test func anEmptyNameIsNone() throws {
    #expect(try Kernels.forced(by: "") == nil)
    #expect(try Kernels.forced(by: nil) == nil)
    #expect(try Kernels.forced(by: "portable")?.variant == .portable)
    #expect(throws: KernelVariantError.unknown(" ")) { try Kernels.forced(by: " ") }
  }

  @Test func aVariantThatTheProcessorLacks() throws {
    for variant in KernelVariant.allCases {
      if KernelVariant.available.contains(variant) {
        #expect(try Kernels.named(variant.rawValue).variant == variant)
      } else {
        #expect(throws: KernelVariantError.unavailable(variant)) {
          try Kernels.named(variant.rawValue)
        }
      }
    }
  }

  @Test func theSelectedOneIsTheBestOrTheForcedOne() throws {
    let forced = unsafe ck_forced_name().map { unsafe String(cString: $0) }
    let name = forced.flatMap { $0.isEmpty ? nil : $0 } ?? Kernels.best.variant.rawValue
    #expect(try KernelVariant.selected().rawValue == name)
  }

  @Test func subnormalsAreFlushedInsideAndKeptOutside() {
    let subnormal = Float.leastNonzeroMagnitude
    let matrix = PackedMatrix(rowCount: 1, columnCount: 1, weights: [1], bias: [0])
    let input = FloatBuffer([subnormal * 4])
    for kernels in Kernels.available + [.reference] {
      let output = FloatBuffer([1])
      inKernelMode {
        unsafe kernels.table.pointee.product(
          matrix.descriptor, input.base, 1, 1, output.base, 1, ck_epilogue(CK_STORE), nil, nil)
      }
      #expect(unsafe output.base[0].bitPattern == 0)
    }
    #expect(input.count == 1 && subnormal * Float(input.count) > 0)
  }

  @Test func aModelLeavesTheModeAsItWas() throws {
    let configuration = try RecurrentModel.Configuration(
      inputSize: 2, hiddenSize: 3, layerCount: 1, outputSize: 1)
    let model = RecurrentModel(
      configuration: configuration, tensors: KernelModelTests.tensors(configuration.tensors))
    var streams = model.makeStreams()
    let before = currentMode()
    _ = KernelModelTests.outputs(&streams, frames: 3)
    #expect(currentMode() == before)
  }

  private func currentMode() -> UInt64 {
    let mode = ck_enter()
    ck_leave(mode)
    // Without the flags that operations leave behind.
    return mode & ~0x3F
  }
}
