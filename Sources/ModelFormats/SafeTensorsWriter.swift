import Checksums
package import Tensors

/// Writes a safetensors file.
///
/// The data starts at a multiple of 64 bytes, and tensors of such sizes come first, so that each of them does too;
/// after them come those of larger elements, so that all are aligned for what they hold.
package struct SafeTensorsWriter {
    /// What the file has in its `__metadata__`: the checksum (XXH64) of all data, and that of everything else.
    package static let dataChecksum = "data_xxh64"
    package static let headerChecksum = "header_xxh64"

    package struct Tensor {
        package var name: String
        /// As the format has it: `F32`.
        package var dtype: String
        package var shape: [Int]
        package var bytes: UnsafeRawBufferPointer
        /// What keeps the bytes alive.
        package var owner: Any

        package init(name: String, dtype: String, shape: [Int], bytes: UnsafeRawBufferPointer, owner: Any) {
            self.name = name
            self.dtype = dtype
            self.shape = shape
            self.bytes = bytes
            self.owner = owner
        }

        package init<Element>(_ name: String, _ block: Block<Element>) {
            self.init(
                name: name, dtype: Element.storedName, shape: [block.count],
                bytes: UnsafeRawBufferPointer(block.elements), owner: block)
        }

        fileprivate var elementBytes: Int { (SafeTensorsHeader.bitCounts[dtype] ?? 8) / 8 }
    }

    package var tensors: [Tensor] = []
    package var metadata: [String: String] = [:]

    package init() {}

    /// - Parameter check: Is given the path of the whole file before that is put in its place. If it throws, what was
    ///   there stays, and the new file goes.
    /// - Throws: `ModelError.Code.unwritableFile`, and what `check` throws.
    package func write(to path: String, checking check: (_ file: String) throws -> Void = { _ in }) throws {
        let ordered = tensors.sorted {
            let (left, right) = ($0.bytes.count % 64 == 0, $1.bytes.count % 64 == 0)
            if left != right { return left }
            return ($1.elementBytes, $0.name) < ($0.elementBytes, $1.name)
        }
        let header = header(ordered)
        var file = try AtomicFile(path: path)
        try file.append(header)
        for tensor in ordered { try file.append(tensor.bytes) }
        try check(try file.finish())
        try file.commit()
    }

    /// The length and the text, padded with spaces.
    private func header(_ ordered: [Tensor]) -> [UInt8] {
        var checksum = XXHash64()
        var entries: [(name: String, entry: SafeTensorsHeader.Entry)] = []
        var end = 0
        for tensor in ordered {
            checksum.add(tensor.bytes)
            entries.append(
                (tensor.name, .init(dtype: tensor.dtype, shape: tensor.shape, range: end..<end + tensor.bytes.count)))
            end += tensor.bytes.count
        }
        var metadata = metadata
        metadata[Self.dataChecksum] = checksum.text
        metadata[Self.headerChecksum] = SafeTensorsHeader.checksum(entries, metadata, dataStart: 0)

        let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
        var members = ["\"__metadata__\":{\(pairs.joined(separator: ","))}"]
        for (name, entry) in entries {
            members.append(
                "\(Self.quoted(name)):{\"dtype\":\"\(entry.dtype)\",\"shape\":[\(Self.list(entry.shape))],"
                    + "\"data_offsets\":[\(entry.range.lowerBound),\(entry.range.upperBound)]}")
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += Array(repeating: UInt8(ascii: " "), count: (64 - (8 + text.count) % 64) % 64)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private static func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
