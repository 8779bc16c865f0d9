/// A `multipart/form-data` body, RFC 7578.
struct MultipartBody {
    struct Part {
        var name: String
        var fileName: String?
        var content: [UInt8]
    }

    static let partsMaximum = 64
    static let headBytesMaximum = 8 << 10

    private(set) var parts: [Part] = []

    /// - Throws: What is wrong with the body.
    init(_ body: [UInt8], contentType: String) throws(GatewayError) {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            throw GatewayError(.invalid, "a multipart body needs a boundary of 1 to 70 characters in its content type")
        }
        let delimiter = Array("--\(boundary)".utf8)
        guard var position = Self.find(delimiter, in: body, from: 0) else {
            throw GatewayError(.invalid, "the multipart body does not have its boundary")
        }
        while true {
            position += delimiter.count
            if body[position...].starts(with: "--".utf8) { return }
            guard body[position...].starts(with: "\r\n".utf8),
                let headEnd = Self.find(Array("\r\n\r\n".utf8), in: body, from: position),
                let end = Self.find(Array("\r\n".utf8) + delimiter, in: body, from: headEnd + 2)
            else { throw GatewayError(.invalid, "the multipart body is cut off") }
            guard headEnd - position <= Self.headBytesMaximum else {
                throw GatewayError(.invalid, "the head of a part has more than \(Self.headBytesMaximum) bytes")
            }
            guard parts.count < Self.partsMaximum else {
                throw GatewayError(.invalid, "the multipart body has more than \(Self.partsMaximum) parts")
            }
            guard let head = String(validating: body[position..<headEnd], as: UTF8.self) else {
                throw GatewayError(.invalid, "the head of a part is not UTF-8")
            }
            try add(head, Array(body[min(headEnd + 4, end)..<end]))
            position = end + 2
        }
    }

    private mutating func add(_ head: String, _ content: [UInt8]) throws(GatewayError) {
        for line in head.split(separator: "\r\n") {
            let field = line.split(separator: ":", maxSplits: 1)
            guard field.count == 2, field[0].lowercased() == "content-disposition" else { continue }
            guard let name = Self.parameter("name", of: String(field[1])) else { break }
            parts.append(
                Part(name: name, fileName: Self.parameter("filename", of: String(field[1])), content: content))
            return
        }
        throw GatewayError(.invalid, "a part of the multipart body has no name")
    }

    /// The value of `name=value` or `name="value"` after a semicolon.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...]
            let parameter = rest.drop { $0 == " " || $0 == "\t" }
            guard let mark = parameter.firstIndex(where: { $0 == "=" || $0 == ";" }) else { return nil }
            guard parameter[mark] == "=" else {
                rest = parameter[mark...]
                continue
            }
            let value = parameter[parameter.index(after: mark)...]
            guard parameter[..<mark].lowercased() == name else {
                // A semicolon within quotes begins nothing.
                if value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") { rest = value[end...] }
                continue
            }
            if value.first == "\"" { return String(value.dropFirst().prefix { $0 != "\"" }) }
            return value.prefix { $0 != ";" }.trimmingBlanks
        }
        return nil
    }

    /// Boyer, Moore and Horspool's search: a large file is not compared byte by byte.
    private static func find(_ pattern: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        var shifts = [Int](repeating: pattern.count, count: 256)
        for (index, byte) in pattern.dropLast().enumerated() { shifts[Int(byte)] = pattern.count - 1 - index }
        return body.withUnsafeBufferPointer { body in
            var position = start
            while position + pattern.count <= body.count {
                var index = pattern.count - 1
                while index >= 0, body[position + index] == pattern[index] { index -= 1 }
                if index < 0 { return position }
                position += shifts[Int(body[position + pattern.count - 1])]
            }
            return nil
        }
    }
}
