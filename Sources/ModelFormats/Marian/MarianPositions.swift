/// The positions of Marian: sines, then cosines, with the exponents of tensor2tensor, `i / (width / 2 - 1)`
/// (`inits::sinusoidalPositionEmbeddings`), from position 0 on. A reader gives them as a learned table.
enum MarianPositions {
    /// More than any sentence that Marian was trained with (`--max-length`); it has no limit itself.
    static let count = 1024

    /// - Parameter shape: `[positions, width]`.
    static func table(_ shape: [Int]) -> [Float] { M2M100Positions.table(shape) }
}
