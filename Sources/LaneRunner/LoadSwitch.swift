import Synchronization

/// Something that can be turned on once, from any thread.
final class LoadSwitch: Sendable {
  private let state = Atomic<Bool>(false)

  var isOn: Bool { state.load(ordering: .relaxed) }

  func turnOn() { state.store(true, ordering: .relaxed) }
}
