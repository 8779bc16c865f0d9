/// The number format of a stored tensor's elements.
package enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    /// Levels; what one is worth in each row is said beside them (`StoredTensor.rowScales`).
    case int8 = "I8"

    /// The size of one element, in bytes.
    package var byteCount: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .int8: 1
        }
    }

    /// The formats whose elements mean something by themselves.
    package static var floats: [ElementType] { allCases.filter { $0 != .int8 } }
}
