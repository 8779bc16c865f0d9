internal import Foundation

/// The positions of M2M100: sines, then cosines, with the exponents of tensor2tensor, `i / (width / 2 - 1)`
/// (`M2M100SinusoidalPositionalEmbedding`). They are not in the file; a reader gives them as a learned table.
enum M2M100Positions {
    /// - Parameter shape: `[positions, width]`; row 0 is the position 0 of the formula, which the model never uses.
    static func table(_ shape: [Int]) -> [Float] {
        let half = shape[1] / 2
        return (0..<shape[0]).flatMap { position in
            let angles = (0..<half).map { Double(position) * pow(10_000, -Double($0) / Double(half - 1)) }
            return angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) }
        }
    }
}
