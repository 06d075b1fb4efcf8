import LatencyLog
import StreamIO

extension Run {
  /// Lanes in turn on this thread, on virtual clocks.
  func runAtMaximumPace() -> RunResult {
    prepare()
    var intake = Intake(
      schedule: ArrivalSchedule(sampleRate: sourceRate, factor: options.mode.factor),
      arrivals: .schedule)
    // Half a second at most, so that no lane's ring of results fills up between two visits.
    let capacity = max(1, min(4_096, sourceRate / 2))
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(
      capacity: capacity * source.channelCount)
    defer { unsafe buffer.deallocate() }
    var sourceFailure: SourceError?
    var sinkFailure: SinkError?
    do throws(SinkError) {
      reading: while !isStopRequested {
        let event: SourceEvent
        do throws(SourceError) {
          event = try unsafe source.read(into: buffer)
        } catch {
          sourceFailure = error
          break reading
        }
        observe()
        switch event {
        case .samples(let count, let instant):
          let block = intake.samples(count: count, instant: instant)
          if let observer = options.signalObserver {
            let values = unsafe UnsafeBufferPointer(
              rebasing: UnsafeBufferPointer(buffer)[..<(count * source.channelCount)])
            observer(block.position, unsafe Span(_unsafeElements: values))
          }
          for lane in lanes {
            if let base = buffer.baseAddress {
              unsafe lane.consume(base, count: count, of: block)
            }
          }
          _ = try writer.drain()
        case .gap(let length):
          try takeGap(intake.gap(length: length), length)
        case .idle: continue
        case .end: break reading
        }
      }
      for lane in lanes { lane.finish(at: 0) }
      _ = try writer.drain()
      try writer.flush()
    } catch {
      sinkFailure = error
    }
    return result(intake: intake, sourceFailure: sourceFailure, sinkFailure: sinkFailure)
  }

  private func takeGap(_ block: SampleBlock, _ length: UInt64) throws(SinkError) {
    gapJournal.add(InputGap(position: block.position, length: length), began: block.earliest)
    // A long one in parts that the rings of results can hold.
    for lane in lanes {
      lane.skipLost(block)
      _ = try writer.drain()
    }
  }
}
