import DragomanEngine
import Foundation

/// A packed file taken apart, to be written again with other contents and right checksums.
struct PackedParts {
    struct Tensor {
        var dtype: String
        var shape: [Int]
        var bytes: [UInt8]
    }

    var metadata: [String: String]
    var tensors: [String: Tensor]

    init(_ file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let start = 8 + Int(bytes[0..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        guard var header = try JSONSerialization.jsonObject(with: Data(bytes[8..<start])) as? [String: Any],
            let metadata = header.removeValue(forKey: "__metadata__") as? [String: String]
        else { throw CocoaError(.fileReadCorruptFile) }
        self.metadata = metadata
        tensors = [:]
        for (name, entry) in header {
            guard let entry = entry as? [String: Any], let dtype = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int]
            else { throw CocoaError(.fileReadCorruptFile) }
            tensors[name] = Tensor(
                dtype: dtype, shape: shape, bytes: Array(bytes[start + offsets[0]..<start + offsets[1]]))
        }
    }

    func write(to file: URL) throws {
        var writer = SafeTensorsWriter()
        writer.metadata = metadata
        for (name, tensor) in tensors {
            let data = NSData(data: Data(tensor.bytes))
            writer.tensors.append(
                .init(
                    name: name, dtype: tensor.dtype, shape: tensor.shape,
                    bytes: UnsafeRawBufferPointer(start: data.bytes, count: data.length), owner: data))
        }
        try writer.write(to: file.path)
    }

    /// Replaces a text in the description of the model, where it must be.
    mutating func replace(_ old: String, by new: String) throws {
        guard let model = metadata["model"], model.contains(old) else { throw CocoaError(.fileReadCorruptFile) }
        metadata["model"] = model.replacingOccurrences(of: old, with: new)
    }

    mutating func set(_ name: String, at index: Int, to value: Int32) {
        for byte in 0..<4 { tensors[name]?.bytes[index * 4 + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }

    /// Removes the last row of a tensor.
    mutating func removeRow(_ name: String) throws {
        guard var tensor = tensors[name] else { throw CocoaError(.fileReadCorruptFile) }
        tensor.bytes.removeLast(tensor.bytes.count / tensor.shape[0])
        tensor.shape[0] -= 1
        tensors[name] = tensor
    }
}
