/// The number format of matrix products.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// The reference: 32-bit floats.
    case float32
    /// Weights quantised per output column, activations per row, products summed exactly in 32-bit integers; cached keys
    /// and values rounded to bfloat16 (unless the width of a head is no multiple of 32).
    case int8
}
