import CKernels
import Foundation
import TestKit
import Testing

@Suite struct PowerTests {
    @Test func `powers agree with the library's to 1e-14`() {
        var random = SeededRandom(seed: 21)
        for _ in 0..<5000 {
            let base = Double.random(in: 1...(random.flag() ? 1000 : 4), using: &random)
            let exponent = Double.random(in: -3...3, using: &random)
            let expected = pow(base, exponent)
            #expect(abs(dragoman_power(base, exponent) - expected) <= 1e-14 * expected)
        }
        for length in 1...600 {
            for exponent in [0.2, 0.5, 0.6, 0.8, 1.2, 1.5, 2] {
                let expected = pow(Double(length), exponent)
                #expect(abs(dragoman_power(Double(length), exponent) - expected) <= 1e-14 * expected)
            }
        }
    }

    @Test func `powers 0 and 1 are exact, and so are powers of 1`() {
        for base in [1.0, 1.1, 7, 512, 1e9] {
            #expect(dragoman_power(base, 0) == 1)
            #expect(dragoman_power(base, 1) == base)
            #expect(dragoman_power(1, base) == 1)
        }
    }
}
