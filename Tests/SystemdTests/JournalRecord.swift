/// An entry in the journal's native protocol, read as https://systemd.io/JOURNAL_NATIVE_PROTOCOL/ says.
struct JournalRecord {
    private(set) var fields: [(name: String, value: String)] = []

    struct Malformed: Error { var at: Int }

    init(_ bytes: [UInt8]) throws {
        var position = 0
        func line() throws -> ArraySlice<UInt8> {
            guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw Malformed(at: position) }
            defer { position = end + 1 }
            return bytes[position..<end]
        }
        while position < bytes.count {
            let line = try line()
            if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                fields.append((Self.text(line[..<equals]), Self.text(line[(equals + 1)...])))
                continue
            }
            guard position + 8 <= bytes.count else { throw Malformed(at: position) }
            let length = bytes[position..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
            let start = position + 8
            position = start + length
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\n") else { throw Malformed(at: position) }
            fields.append((Self.text(line), Self.text(bytes[start..<position])))
            position += 1
        }
    }

    /// The values of all fields of a name.
    subscript(name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
