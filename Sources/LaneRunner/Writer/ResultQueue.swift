/// The lanes by their oldest results, so that the next one to write is found without asking all of them.
struct ResultQueue {
  private let lanes: [Lane]
  private let order: Writer.Order
  /// Lanes with a result: a heap, the next one first.
  private var heap: [Entry] = []
  /// Lanes that have none, and have not closed.
  private var missing: [Int]
  /// Results since the missing lanes were last asked.
  private var takenSinceLooking = 0

  /// As many missing lanes are asked at each result.
  private static let few = 8

  private struct Entry {
    var key: Int64
    var lane: Int

    func isBefore(_ other: Entry) -> Bool { (key, lane) < (other.key, other.lane) }
  }

  init(_ lanes: [Lane], order: Writer.Order) {
    self.lanes = lanes
    self.order = order
    missing = Array(lanes.indices)
    heap.reserveCapacity(lanes.count)
  }

  /// The lane whose oldest result is next, or nil when one must be waited for.
  mutating func next() -> Lane? {
    if order == .position || heap.isEmpty || missing.count <= Self.few
      || takenSinceLooking >= lanes.count
    {
      look()
    }
    // By position a lane that has none yet may still bring an older one.
    if order == .position, !missing.isEmpty { return nil }
    return heap.first.map { lanes[$0.lane] }
  }

  /// Goes on after the result of the lane that was next has been taken.
  mutating func advance() {
    takenSinceLooking += 1
    let lane = heap[0].lane
    if let entry = entry(of: lane) {
      heap[0] = entry
    } else {
      missing.append(lane)
      heap[0] = heap[heap.count - 1]
      heap.removeLast()
    }
    sink()
  }

  /// Asks the lanes that had no result whether they have one now.
  private mutating func look() {
    takenSinceLooking = 0
    var left = 0
    for lane in missing {
      // Closed before empty: a lane that closes has committed everything, unless some is held back.
      let results = lanes[lane].results
      let isClosed = results.isClosed && !results.isMarked
      if let entry = entry(of: lane) {
        insert(entry)
      } else if !isClosed {
        missing[left] = lane
        left += 1
      }
    }
    missing.removeSubrange(left...)
  }

  private func entry(of lane: Int) -> Entry? {
    lanes[lane].results.first.map {
      Entry(key: order == .emission ? $0.emission : Int64($0.position), lane: lane)
    }
  }

  private mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var place = heap.count - 1
    while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Brings the first one to its place.
  private mutating func sink() {
    var place = 0
    while true {
      var least = place
      for child in 2 * place + 1...2 * place + 2
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != place else { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
