import CKernels
import Foundation
import TestKit
import Testing

@Suite struct SineCosineTests {
    @Test func `sines and cosines agree with the library's to 1e-13, and mostly to the same float`() {
        var random = SeededRandom(seed: 22)
        var different = 0
        for _ in 0..<20_000 {
            let angle = Double.random(in: 0...(random.flag() ? 16_384 : 7), using: &random)
            var sine = 0.0, cosine = 0.0
            dragoman_sine_cosine(angle, &sine, &cosine)
            #expect(abs(sine - sin(angle)) < 1e-13 && abs(cosine - cos(angle)) < 1e-13)
            if Float(sine) != Float(sin(angle)) || Float(cosine) != Float(cos(angle)) { different += 1 }
        }
        #expect(different < 5)
    }

    @Test func `no angle is the beginning`() {
        var sine = 1.0, cosine = 0.0
        dragoman_sine_cosine(0, &sine, &cosine)
        #expect(sine == 0 && cosine == 1)
    }
}
