import Foundation

/// Writes files of CTranslate2, right ones of every version and wrong ones.
struct CTranslate2Builder {
    struct Variable: Equatable {
        var name: String
        var shape: [UInt32]
        /// The number of its format since version 4: float32, int8, int16, int32, float16, bfloat16.
        var format: UInt8
        var data: [UInt8]
    }

    static let widths = [4, 1, 2, 4, 2, 2]

    var version: UInt32 = 6
    var specification = "TransformerSpec"
    var revision: UInt32 = 7
    var variables: [Variable] = []
    var aliases: [(alias: String, name: String)] = []

    init() {}

    /// Takes a whole, right file of version 6 apart.
    init(_ file: [UInt8]) {
        var rest = file[...]
        func number<Number: FixedWidthInteger>(_: Number.Type) -> Number {
            defer { rest = rest.dropFirst(MemoryLayout<Number>.size) }
            return rest.prefix(MemoryLayout<Number>.size).reversed().reduce(0) {
                $0 << 8 | Number(truncatingIfNeeded: $1)
            }
        }
        func text() -> String {
            let length = Int(number(UInt16.self))
            defer { rest = rest.dropFirst(length) }
            return String(decoding: rest.prefix(length - 1), as: UTF8.self)
        }
        version = number(UInt32.self)
        specification = text()
        revision = number(UInt32.self)
        for _ in 0..<number(UInt32.self) {
            let name = text()
            let rank = number(UInt8.self)
            let shape = (0..<rank).map { _ in number(UInt32.self) }
            let format = number(UInt8.self)
            let count = Int(number(UInt32.self))
            variables.append(Variable(name: name, shape: shape, format: format, data: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        for _ in 0..<number(UInt32.self) { aliases.append((text(), text())) }
    }

    subscript(name: String) -> Variable? {
        get { variables.first { $0.name == name } }
        set {
            variables.removeAll { $0.name == name }
            if let newValue { variables.append(newValue) }
        }
    }

    mutating func add(_ name: String, flag value: Int8) {
        self[name] = Variable(name: name, shape: [], format: 1, data: [UInt8(bitPattern: value)])
    }

    mutating func add(_ name: String, text: String) {
        self[name] = Variable(name: name, shape: [UInt32(text.utf8.count)], format: 1, data: Array(text.utf8))
    }

    mutating func add(_ name: String, _ shape: [UInt32], _ values: [Float]) {
        self[name] = Variable(
            name: name, shape: shape, format: 0, data: values.flatMap { Self.bytes($0.bitPattern) })
    }

    var bytes: [UInt8] {
        var bytes = Self.bytes(version)
        if version >= 2 { bytes += Self.text(specification) + Self.bytes(revision) }
        // Version 2 has no aliases: what they stand for is there twice.
        var variables = variables
        if version < 3 {
            for (alias, name) in aliases {
                for suffix in ["", "_scale"] {
                    guard var copy = self[name + suffix] else { continue }
                    copy.name = alias + suffix
                    variables.append(copy)
                }
            }
        }
        bytes += Self.bytes(UInt32(variables.count))
        for variable in variables {
            bytes += Self.text(variable.name) + [UInt8(variable.shape.count)] + variable.shape.flatMap(Self.bytes)
            let width = Self.widths[Int(variable.format)]
            let count = variable.data.count / (version >= 4 ? 1 : width)
            bytes += [version >= 4 ? variable.format : UInt8(width)] + Self.bytes(UInt32(count)) + variable.data
        }
        if version >= 3 {
            bytes += Self.bytes(UInt32(aliases.count))
            for (alias, name) in aliases { bytes += Self.text(alias) + Self.text(name) }
        }
        return bytes
    }

    static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.littleEndian, Array.init) }

    private static func text(_ text: String) -> [UInt8] {
        let length = UInt16(text.utf8.count + 1)
        return [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)] + Array(text.utf8) + [0]
    }
}
