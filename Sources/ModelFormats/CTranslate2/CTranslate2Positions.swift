internal import CKernels
internal import Foundation

/// The positions that CTranslate2 computes for a file without a table: those of OpenNMT-tf
/// (`generate_sinusoidal_position_encoding` in `src/layers/common.cc`). They begin with position 1; sines come first,
/// then cosines; and the exponents reach 1 at the last of each.
enum CTranslate2Positions {
    static func table(count: Int, width: Int) -> [Float] {
        let half = width / 2
        // In 32 bits, as the reference computes it.
        let increment = logf(10_000) / Float(half - 1)
        let frequencies = (0..<half).map { expf(-increment * Float($0)) }
        var table = [Float](repeating: 0, count: count * width)
        for position in 0..<count {
            for (column, frequency) in frequencies.enumerated() {
                var sine = 0.0, cosine = 0.0
                dragoman_sine_cosine(Double(Float(position + 1) * frequency), &sine, &cosine)
                table[position * width + column] = Float(sine)
                table[position * width + half + column] = Float(cosine)
            }
        }
        return table
    }
}
