internal import CKernels

/// The positions of M2M100 and FSMT: sines, then cosines, with the exponents of tensor2tensor, `i / (width / 2 - 1)`
/// (`M2M100SinusoidalPositionalEmbedding`). A reader gives them as a learned table.
enum M2M100Positions {
    /// - Parameter shape: `[positions, width]`; row 0 is the position 0 of the formula, which the model never uses.
    @Sendable static func table(_ shape: [Int]) -> [Float] {
        let (count, width) = (shape[0], shape[1])
        let half = width / 2
        // An odd width leaves its last column 0.
        var table = [Float](repeating: 0, count: count * width)
        for index in 0..<half {
            let wavelength = dragoman_power(10_000, Double(index) / Double(max(half - 1, 1)))
            for position in 0..<count {
                var (sine, cosine) = (0.0, 0.0)
                dragoman_sine_cosine(Double(position) / wavelength, &sine, &cosine)
                table[position * width + index] = Float(sine)
                table[position * width + half + index] = Float(cosine)
            }
        }
        return table
    }
}
