/// The number formats of PyTorch's typed storages.
enum TorchElement: String, Sendable, CaseIterable {
    case float64 = "DoubleStorage"
    case float32 = "FloatStorage"
    case float16 = "HalfStorage"
    case bfloat16 = "BFloat16Storage"
    case int64 = "LongStorage"
    case int32 = "IntStorage"
    case int16 = "ShortStorage"
    case int8 = "CharStorage"
    case uint8 = "ByteStorage"
    case boolean = "BoolStorage"

    /// The size of one element, in bytes.
    var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .boolean: 1
        }
    }

    /// For people.
    var words: String { String(describing: self) }
}

/// A list of numbers of one format, which tensors are views of.
struct TorchStorage: Equatable {
    /// Its name in the file.
    var key: String
    var element: TorchElement
    /// How many elements it has.
    var count: Int
    /// Where it begins in the list called `key`, in elements; above 0 only in the older format, for views of storages.
    var start = 0
}

/// A tensor as a state dictionary describes it.
struct TorchTensor: Equatable {
    var storage: TorchStorage
    /// Where it begins in its storage, in elements.
    var offset: Int
    var shape: [Int]
    /// How many elements lie between neighbours along each extent.
    var strides: [Int]

    /// Whether its elements lie one after the other, slowest extent first. The stride of an extent of 1 says nothing.
    var isContiguous: Bool {
        if shape.contains(0) { return true }
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            expected *= extent
        }
        return true
    }
}
