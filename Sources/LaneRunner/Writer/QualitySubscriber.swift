import LatencyLog
import Quality
import Results

/// Judges the outputs of a run's lanes against labels, frame by frame.
public final class QualitySubscriber: FrameSubscriber {
  private var lanes: [(name: String, meter: QualityMeter)] = []
  private let labels: Labels

  /// Throws `badData` for labels that the model of a lane does not know.
  public init(_ setups: [LaneSetup], labels: Labels) throws(LabelError) {
    self.labels = labels
    for setup in setups {
      do throws(LabelError) {
        lanes.append(
          (
            setup.name,
            try QualityMeter(
              outputs: setup.labels, labels: labels, options: setup.qualityOptions)
          ))
      } catch {
        throw error.ofLane(setup.name)
      }
    }
  }

  public func begin(_ descriptions: [LaneDescription]) {
    for (index, lane) in descriptions.enumerated() {
      lanes[index].meter.options.lookAhead = lane.resampling?.lookAhead ?? 0
    }
  }

  public func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    lanes[record.lane].meter.add(record, time: time, output: output)
  }

  /// Puts each lane's quality, and the difference of each two lanes of one kind of outputs, in the
  /// summary of the run, and what to say of labels that are not those of its input.
  public func complete(_ summary: inout RunSummary) {
    summary.labelWarning = labels.misfit(
      with: summary.input.span, frames: UInt64(summary.lanes.map(\.frames).max() ?? 0),
      rates: [summary.input.rate] + summary.lanes.map { Double($0.lane.modelRate) })
    for (index, lane) in lanes.enumerated() { summary.lanes[index].quality = lane.meter.summary() }
    for (index, lane) in lanes.enumerated() {
      for other in lanes[(index + 1)...] {
        if let difference = QualityDifference(of: lane, minus: other) {
          summary.qualityDifferences.append(difference)
        }
      }
    }
  }
}

extension LaneSetup {
  /// A frame is labelled by its window's centre; a pace changes nothing of it.
  var qualityOptions: QualityOptions {
    let rate = Double(frontEnd.sampleRate)
    return QualityOptions(
      framePeriod: Double(frontEnd.hop) / rate, frameOffset: Double(frontEnd.window) / 2 / rate)
  }
}
