import StreamCore

extension KernelVariant {
  /// Says what is wrong with `LOCKSTEP_KERNELS`, before anything is read.
  static func check() throws(CommandFailure) {
    do throws(KernelVariantError) {
      _ = try selected()
    } catch {
      throw CommandFailure("\(error)", exitCode: CommandFailure.usage)
    }
  }
}
