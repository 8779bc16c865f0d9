import Foundation
import ModelFormats

/// A tensor whose numbers follow from a seed: `mean + k * 2^-exponent`, with `k` from -64 to 63, as
/// `Tests/Goldens/families.py` makes them. They are exact in every number format.
struct GeneratedTensor: Sendable {
    let name: String
    /// Which of the model's tensors it is; a copy has the number of the tensor that it is a copy of.
    let number: UInt64
    let shape: [Int]
    let mean: Float
    let exponent: Int

    /// - Parameter row: Name, number, extents, mean and exponent.
    init(_ row: [Any]) throws {
        guard row.count == 5, let name = row[0] as? String, let number = row[1] as? Int, let shape = row[2] as? [Int],
            let mean = row[3] as? NSNumber, let exponent = row[4] as? Int
        else { throw CocoaError(.propertyListReadCorrupt) }
        self.name = name
        self.number = UInt64(number)
        self.shape = shape
        self.mean = mean.floatValue
        self.exponent = exponent
    }

    func stored(seed: UInt64, dtype: String) -> SafeTensorsWriter.Tensor {
        let values = (0..<shape.reduce(1, *)).map { value(seed: seed, element: UInt64($0)) }
        let data: NSData =
            switch dtype {
            case "float16": Self.data(values.map { Float16($0).bitPattern })
            case "bfloat16": Self.data(values.map(Self.bfloat16))
            default: Self.data(values)
            }
        let formats = ["float32": "F32", "float16": "F16", "bfloat16": "BF16"]
        return SafeTensorsWriter.Tensor(
            name: name, dtype: formats[dtype] ?? "", shape: shape,
            bytes: UnsafeRawBufferPointer(start: data.bytes, count: data.length), owner: data)
    }

    /// The nearest one, and of two the even one.
    private static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }

    private func value(seed: UInt64, element: UInt64) -> Float {
        // SplitMix64 (Steele, Lea, Flood 2014).
        var x = (seed << 48 ^ number << 32 ^ element) &+ 0x9E37_79B9_7F4A_7C15
        x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
        x ^= x >> 31
        return mean + Float(Int(x >> 57) - 64) / Float(1 << exponent)
    }

    private static func data<Element>(_ elements: [Element]) -> NSData {
        elements.withUnsafeBytes { NSData(bytes: $0.baseAddress, length: $0.count) }
    }
}
