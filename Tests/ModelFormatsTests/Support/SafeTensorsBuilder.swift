import Foundation

/// Writes safetensors files, right ones and, with `header`, wrong ones.
struct SafeTensorsBuilder {
    struct Tensor {
        var name: String
        var dtype: String
        var shape: [Int]
        var data: [UInt8]
    }

    var tensors: [Tensor] = []
    var metadata: [String: String] = [:]

    /// Takes a whole, right file apart.
    init(_ file: [UInt8]) throws {
        let length = Int(file[0..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        guard let header = try JSONSerialization.jsonObject(with: Data(file[8..<8 + length])) as? [String: Any] else {
            throw CocoaError(.fileReadCorruptFile)
        }
        for (name, entry) in header.sorted(by: { $0.key < $1.key }) {
            guard let entry = entry as? [String: Any], let dtype = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int]
            else { continue }
            let start = 8 + length
            tensors.append(
                Tensor(
                    name: name, dtype: dtype, shape: shape, data: Array(file[start + offsets[0]..<start + offsets[1]])))
        }
    }

    init() {}

    mutating func add(_ name: String, _ dtype: String, _ shape: [Int], _ data: [UInt8]) {
        tensors.append(Tensor(name: name, dtype: dtype, shape: shape, data: data))
    }

    mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) {
        add(name, "F32", shape, values.flatMap { Self.littleEndian($0.bitPattern) })
    }

    mutating func remove(_ name: String) { tensors.removeAll { $0.name == name } }

    var bytes: [UInt8] {
        var entries =
            metadata.isEmpty
            ? [] : ["\"__metadata__\":{\(metadata.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ","))}"]
        var data: [UInt8] = []
        for tensor in tensors {
            let range = "[\(data.count),\(data.count + tensor.data.count)]"
            entries.append(
                "\"\(tensor.name)\":{\"dtype\":\"\(tensor.dtype)\",\"shape\":\(tensor.shape),\"data_offsets\":\(range)}"
            )
            data += tensor.data
        }
        return Self.file(header: "{\(entries.joined(separator: ","))}", data: data)
    }

    /// A file of any header and any data.
    static func file(header: String, data: [UInt8] = []) -> [UInt8] {
        littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
    }

    static func littleEndian<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
        withUnsafeBytes(of: bits.littleEndian) { Array($0) }
    }
}
