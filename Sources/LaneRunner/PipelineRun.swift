import Dispatch
import LatencyLog
import Results
import StreamCore
import StreamIO
import Synchronization

/// A pipeline while it runs: its feed's threads or turns, and the writer.
final class PipelineRun {
  let writer: Writer
  /// Whether a subscriber takes the input's samples.
  let observesSamples: Bool
  private let lanes: [Lane]
  private let twins: [Twin]
  private let statistics: StatisticsSubscriber
  private let drift: DriftSubscriber?
  /// Nanoseconds; nil where nobody wants to know.
  private let progressInterval: Int64?
  private let totalSeconds: Double?
  private let ending: Switch
  private let options: PipelineOptions
  /// The run's first instant on its clock.
  private var start: Int64 = 0
  private var nextProgress: Int64 = 0
  private var schedulerPolicy = "other"
  /// Of the input, as far as the writer was told.
  private var gaps: StretchList = []
  /// Takes snapshots, and goes on from one; nil for a run without.
  private let keeper: SnapshotKeeper?
  /// Where the reader of a run on several threads says that a snapshot is due.
  let desk: SnapshotDesk?
  /// Gaps that came behind a snapshot that is due.
  private var heldGaps: [RunJournal.GapEntry] = []

  init(
    lanes: [Lane], order: Writer.Order, tokens: [TokenLane?], isVirtual: Bool,
    subscribers: [any FrameSubscriber], watchesDrift: Bool, totalSeconds: Double?, ending: Switch,
    plan: SnapshotPlan?, source: SnapshotKeeper.SourceFacts?, options: PipelineOptions
  ) {
    self.lanes = lanes
    twins = lanes.compactMap(\.twin)
    self.totalSeconds = totalSeconds
    self.ending = ending
    self.options = options
    observesSamples = subscribers.contains { $0.wantsSamples }
    progressInterval = subscribers.filter(\.wantsProgress).map(\.progressInterval).min()
    statistics = StatisticsSubscriber(
      lanes.map(\.description), givesTokens: tokens.map { $0 != nil },
      timesWrites: !isVirtual && subscribers.contains { $0.keepsRunGoing })
    drift = watchesDrift ? DriftSubscriber(lanes) : nil
    writer = Writer(
      lanes: lanes, order: order, tokens: tokens,
      subscribers: [statistics] + (drift.map { [$0] } ?? []) + subscribers)
    let writer = self.writer
    keeper = source.flatMap { source in
      plan.map {
        SnapshotKeeper(
          $0, lanes: lanes, writer: writer, source: source, memoryLeft: options.memoryLimit)
      }
    }
    desk = keeper.flatMap { $0.isActive ? SnapshotDesk(interval: $0.interval) : nil }
  }

  /// Everything on one thread: a piece for every lane, then what came of it.
  func inTurn(_ feed: any TurnFeed) -> PipelineResult {
    let placement: ThreadPlacement
    do throws(SourceError) {
      placement = try prepare(feed)
    } catch {
      return refused(error)
    }
    let turns = { [self] in
      let outcome = placement.apply(.lane(0, of: 1))
      feed.note(outcome)
      note(isFIFO: outcome.isFIFO)
      startClocks(before: 0)
      var isOpen = true
      var nextSnapshot = feed.position + (keeper?.interval ?? 0)
      while isOpen, !isStopRequested, !feed.isAtStop {
        showProgress(feed)
        isOpen = feed.step()
        for twin in twins { twin.catchUp() }
        guard isOpen else { break }
        write()
        if let keeper, feed.position >= nextSnapshot {
          save(feed, for: keeper)
          nextSnapshot = feed.position + keeper.interval
        }
      }
      if isOpen, let keeper { save(feed, for: keeper) }
      if isOpen, feed.isAtStop { feed.stop() } else { feed.finish() }
      for twin in twins { twin.catchUp() }
      write()
      writer.flush()
    }
    // A thread keeps what it was placed as; the caller's thread stays as it was.
    if placement.isRealTime || options.bindsLanes {
      do throws(SourceError) {
        try startThread("lockstep lanes", turns).wait()
      } catch {
        return result(feed, failure: error)
      }
    } else {
      turns()
    }
    return result(feed)
  }

  /// The feed's threads, and this thread as the writer.
  func onThreads(_ feed: any ThreadFeed) -> PipelineResult {
    let placement: ThreadPlacement
    do throws(SourceError) {
      placement = try prepare(feed)
    } catch {
      return refused(error)
    }
    startClocks(before: feed.elapsedBefore)
    for lane in lanes { lane.countWaitingFrames(asDoneAt: feed.elapsedBefore) }
    let feedThreads = feed.threads(start: start)
    let fifoCount = Atomic<Int>(0)
    let placed = DispatchSemaphore(value: 0)
    let work = feedThreads.map { thread in
      ThreadWork("lockstep \(thread.role.name)") {
        let outcome = placement.apply(thread.role)
        if outcome.isFIFO { fifoCount.add(1, ordering: .relaxed) }
        placed.signal()
        thread.body(outcome)
      }
    }
    let threads: [RunningThread]
    do throws(SourceError) {
      // Ordinary ones for the twins, even in real time: no lane waits for them.
      threads = try startThreads(
        work + twins.map { twin in ThreadWork("lockstep twin") { twin.serve() } })
    } catch {
      return result(feed, failure: error)
    }
    for _ in feedThreads { placed.wait() }
    note(isFIFO: fifoCount.load(ordering: .relaxed) == feedThreads.count)
    while true {
      // Asked before the drain, which then sees all that the last lane committed before it closed.
      let isOver = lanes.allSatisfy { $0.results.isClosed }
      var count = write()
      if let mark = desk?.pending, let keeper, keeper.allLanesMarked {
        // The lanes came there after the results were asked for.
        count += write()
        observeSignal(feed)
        save(mark, for: keeper)
        count += write()
      }
      if count > 0 { writer.flush() }
      writer.noteWritten(at: options.now() - start)
      observeSignal(feed)
      showProgress(feed)
      if isOver { break }
      if count == 0 { MonotonicClock.sleep(until: MonotonicClock.now() + 2_000_000) }
    }
    for thread in threads { thread.wait() }
    return result(feed)
  }

  /// Brings code and pages into memory, goes on from a snapshot if the run does, and tells the subscribers
  /// what lanes there are. Throws before anything was written.
  private func prepare(_ feed: any Feed) throws(SourceError) -> ThreadPlacement {
    for lane in lanes {
      if let sentence = lane.description.impossibleDeadline { options.warn(sentence) }
    }
    for lane in lanes { lane.rehearse() }
    if let keeper {
      try keeper.begin(feed) { isStopRequested }
      gaps = feed.input.gaps
    }
    writer.begin()
    return ThreadPlacement(isRealTime: options.isRealTime, bindsLanes: options.bindsLanes)
  }

  private var isStopRequested: Bool { ending.isOn || options.isStopped() }

  /// `before`: how long the run has lasted where it goes on, nanoseconds.
  private func startClocks(before: Int64) {
    start = options.now() - before
    for lane in lanes { lane.clock.restart(at: start) }
  }

  /// Keeps the policy that the threads got.
  private func note(isFIFO: Bool) {
    if isFIFO { schedulerPolicy = "fifo" }
    guard options.isRealTime, schedulerPolicy != "fifo" else { return }
    options.warn(
      "real-time scheduling is not permitted here (it needs CAP_SYS_NICE and CAP_IPC_LOCK, or "
        + "limits on rtprio and memlock): going on with normal scheduling")
  }

  /// Gives the subscribers all that is there; returns how many results and gaps. Nobody left to take them
  /// ends the run.
  @discardableResult
  private func write() -> Int {
    for sentence in options.journal.takeWarnings() { options.warn(sentence) }
    let gaps = takeGaps()
    for entry in gaps { self.gaps.append(entry.gap) }
    writer.note(gaps)
    options.look { summarySoFar() }
    let count = writer.drain()
    if writer.hasLostItsAudience, !options.outlivesSubscribers { ending.turnOn() }
    return count + gaps.count
  }

  /// The gaps that are new, but for those behind a snapshot that is due.
  private func takeGaps() -> [RunJournal.GapEntry] {
    let all = heldGaps + options.journal.takeGaps()
    guard let mark = desk?.pending else {
      heldGaps = []
      return all
    }
    heldGaps = all.filter { $0.gap.start >= mark.position }
    return all.filter { $0.gap.start < mark.position }
  }

  /// A snapshot of lanes that run in turn, between two blocks.
  private func save(_ feed: any TurnFeed, for keeper: SnapshotKeeper) {
    guard keeper.isActive else { return }
    writer.flush()
    for lane in lanes { lane.save() }
    keeper.take(at: feed.position, reader: feed.readerState)
  }

  /// The snapshot to which all lanes have come.
  private func save(_ mark: SnapshotDesk.Mark, for keeper: SnapshotKeeper) {
    writer.flush()
    writer.noteWritten(at: options.now() - start)
    keeper.take(at: mark.position, reader: mark.reader)
    desk?.clear()
  }

  /// Gives subscribers the samples that have come.
  private func observeSignal(_ feed: any ThreadFeed) {
    guard let ring = feed.signal else { return }
    while ring.hasBlock {
      unsafe ring.next { block, parts in
        unsafe writer.observe(Span(_unsafeElements: parts.0), at: block.position)
        let first = unsafe parts.0.count / max(1, ring.channels)
        if unsafe !parts.1.isEmpty {
          unsafe writer.observe(
            Span(_unsafeElements: parts.1), at: block.position + UInt64(first))
        }
      }
    }
  }

  private func showProgress(_ feed: any Feed) {
    guard let progressInterval else { return }
    let now = options.now()
    guard now >= nextProgress else { return }
    nextProgress = now + progressInterval
    let gaps = options.journal.gaps
    let pauses = options.journal.pauses
    var progress = RunProgress(
      lanes: lanes.indices.map {
        RunProgress.Lane(
          statistics.lanes[$0], queuedFrames: feed.queuedFrames(of: $0),
          newestOutput: statistics.newestOutputs[$0], newestTokens: statistics.newestTokens[$0])
      })
    (progress.gapCount, progress.gapSamples) = (gaps.count, gaps.samples)
    (progress.pauseCount, progress.pausedTime) = (pauses.count, pauses.time)
    progress.silence = feed.lastInput.map { Double(max(0, now - start - $0)) / 1e9 }
    progress.elapsedSeconds = Double(now - start) / 1e9
    progress.totalSeconds = totalSeconds
    writer.show(progress)
  }

  /// The summary as the writer could make it now. What only lanes and reader know while they run is
  /// left out: the books of samples and what the clock of the input tells.
  private func summarySoFar() -> RunSummary {
    summary(
      of: zip(lanes, statistics.lanes).map { lane, statistics in
        var totals = LaneTotals()
        totals.lostRecords = UInt64(lane.results.lost)
        var summary = statistics.summary(totals)
        summary.load = statistics.loadSoFar
        summary.twin = lane.twin?.summary
        return summary
      }, input: InputSummary(received: 0, rate: 0, channels: 0, gaps: gaps))
  }

  private func summary(of lanes: [LaneSummary], input: InputSummary) -> RunSummary {
    let kernelVariant = ((try? KernelVariant.selected()) ?? .portable).rawValue
    return RunSummary(
      input: input,
      machine: .current(kernelVariant: kernelVariant, schedulerPolicy: schedulerPolicy),
      lanes: lanes)
  }

  /// What comes of a run that did not begin.
  private func refused(_ refusal: SourceError) -> PipelineResult {
    PipelineResult(
      summary: summary(of: [], input: InputSummary(received: 0, rate: 0, channels: 0)),
      statistics: [], refusal: refusal, subscriberFailures: [], readerGone: false,
      lostItsAudience: false, stopped: isStopRequested, isAtStop: false)
  }

  /// The summary and what went wrong, with the feed or before it began.
  private func result(_ feed: any Feed, failure: SourceError? = nil) -> PipelineResult {
    write()
    writer.end()
    let lanes = zip(lanes, statistics.lanes).map { lane, statistics in
      statistics.summary(
        lane.totals, drift: drift?.monitors[lane.index].minutes ?? [], twin: lane.twin?.summary)
    }
    let input = feed.input
    if let warning = input.clockWarning { options.warn(warning) }
    var failures = writer.failures.filter { ($0 as? SinkError) != .readerGone }
    let readerGone = failures.count < writer.failures.count
    if let failure = keeper?.failure, failures.isEmpty { failures = [failure] }
    return PipelineResult(
      summary: summary(of: lanes, input: input), statistics: statistics.lanes,
      sourceFailure: failure ?? feed.failure, subscriberFailures: failures,
      readerGone: readerGone, lostItsAudience: writer.hasLostItsAudience,
      stopped: isStopRequested, isAtStop: failure == nil && feed.failure == nil && feed.isAtStop)
  }
}
