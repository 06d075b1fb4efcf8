import Foundation
import Testing

@testable import StreamCore

/// Our functions against libm, which is close to exact though not the same everywhere.
@Suite("Elementary functions")
struct TableFunctionTests {
  @Test("exp, sigmoid, tanh, both gelus, silu and log in Float")
  func elementary() {
    for i in -2_000...2_000 {
      let x = Float(i) * 0.043
      #expect(relative(ElementaryFunctions.exp(x), exp(Double(max(-87, min(88, x))))) < 3e-7)
      #expect(abs(Double(ElementaryFunctions.tanh(x)) - tanh(Double(x))) < 3e-7)
      #expect(abs(Double(ElementaryFunctions.sigmoid(x)) - 1 / (1 + exp(-Double(x)))) < 2e-7)
      let inner = 0.797_884_560_802_865_4 * (Double(x) + 0.044_715 * pow(Double(x), 3))
      let gelu = 0.5 * Double(x) * (1 + tanh(inner))
      #expect(abs(Double(ElementaryFunctions.geluTanh(x)) - gelu) < 2e-6 * max(1, abs(gelu)))
      let exact = 0.5 * Double(x) * erfc(-Double(x) / 2.0.squareRoot())
      #expect(abs(Double(ElementaryFunctions.gelu(x)) - exact) < 1.2e-7 * max(1, abs(exact)))
      let silu = Double(x) / (1 + exp(-Double(x)))
      #expect(abs(Double(ElementaryFunctions.silu(x)) - silu) < 2e-7 * max(1, abs(silu)))
    }
    for i in 1...5_000 {
      let x = Float(i) * Float(i) * 1.7e-4
      let difference = abs(Double(ElementaryFunctions.log(x)) - log(Double(x)))
      #expect(difference < 3e-7 * max(1, abs(log(Double(x)))))
    }
  }

  @Test("exp, log, power, cos and sin in Double")
  func tables() {
    for i in -700...700 {
      let x = Double(i) * 0.97
      #expect(abs(TableFunctions.exp(x) / exp(x) - 1) < 1e-14)
      let turns = Double(i) / 1_400
      let angle = TableFunctions.cosineAndSine(turns: turns)
      #expect(abs(angle.cosine - cos(2 * .pi * turns)) < 1e-15)
      #expect(abs(angle.sine - sin(2 * .pi * turns)) < 1e-15)
    }
    for i in 1...1_000 {
      let x = Double(i) * 0.37
      #expect(abs(TableFunctions.log(x) - log(x)) < 1e-14 * max(1, abs(log(x))))
      #expect(abs(TableFunctions.power(x, 0.85) / pow(x, 0.85) - 1) < 1e-13)
    }
  }

  private func relative(_ value: Float, _ exact: Double) -> Double {
    abs(Double(value) - exact) / exact
  }
}
