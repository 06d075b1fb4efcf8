import CAllocationCounter
import LaneRunner

extension PipelineOptions {
  /// Has heap allocations counted: this program's malloc counts those of each thread and calls that of the C
  /// library, whoever asks, libraries that are loaded while it runs included. Where the C library cannot be
  /// called so (other than glibc), or a sanitizer has the allocator, nothing is counted.
  mutating func countAllocations() {
    guard allocation_counter_works() == 1 else { return }
    allocationCount = { allocation_counter_value() }
  }
}
