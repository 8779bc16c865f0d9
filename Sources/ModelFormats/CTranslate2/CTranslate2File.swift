internal import Foundation
internal import Tensors

/// A file of weights as CTranslate2's converters write it (`model.bin`), mapped into memory: its variables are views of the
/// file's pages.
///
/// It begins with the version of the format, the name of a specification (which variables there are, and what they mean)
/// and its revision; then variable after variable, each with its name, extents, number format and data; then aliases, names
/// of variables that another name holds already (`python/ctranslate2/specs/model_spec.py`, `src/models/model.cc`).
/// "CTranslate2" in this reader's comments is version 4.8, which reads all formats up to its own, 6.
struct CTranslate2File: Sendable {
    /// Where a variable lies.
    struct Variable: Sendable, Equatable {
        /// As the file has it: an alias leads to the same place as what it stands for.
        var name: String
        var shape: [Int]
        var format: Format
        var range: Range<Int>

        var isScalar: Bool { shape.isEmpty }
    }

    /// A number format; the raw values are those of the file since version 4 (`include/ctranslate2/types.h`).
    enum Format: UInt8, Sendable {
        case float32, int8, int16, int32, float16, bfloat16

        var byteCount: Int {
            switch self {
            case .float32, .int32: 4
            case .int16, .float16, .bfloat16: 2
            case .int8: 1
            }
        }

        /// For people.
        var words: String { String(describing: self) }

        /// Before version 4 a file told only the size of an element.
        init?(byteCount: UInt8) {
            switch byteCount {
            case 4: self = .float32
            case 2: self = .int16
            case 1: self = .int8
            default: return nil
            }
        }
    }

    static let name = "model.bin"
    /// What CTranslate2 4.8 writes is the last of them.
    static let versions = 1...6
    /// More than the largest model has, by far; and of one variable more than it can have.
    private static let variablesMax = 1 << 20
    private static let rankMax = 8

    let mapping: MappedFile
    let version: Int
    let specification: String
    let revision: Int
    /// By name, aliases among them.
    private(set) var variables: [ExactString: Variable] = [:]

    var path: String { mapping.path }
    var byteCount: Int { mapping.bytes.count }

    /// Maps the file at `path`, and reads what it says about its variables. None of them is read.
    init(path: String) throws(ModelError) {
        let mapping = try MappedFile(model: path)
        self.mapping = mapping
        var cursor = ByteCursor(mapping.bytes, file: path)
        let version = Int(try cursor.integer(UInt32.self))
        guard Self.versions.contains(version) else { throw Self.version("version", version, Self.versions, path) }
        self.version = version
        specification = version >= 2 ? try Self.string(&cursor) : ""
        revision = version >= 2 ? Int(try cursor.integer(UInt32.self)) : 1
        try readVariables(&cursor)
        if version >= 3 { try readAliases(&cursor) }
        guard cursor.position == mapping.bytes.count else {
            throw cursor.failure("\(mapping.bytes.count - cursor.position) bytes follow the last variable")
        }
    }

    /// An error about a version, or a specification's revision, that is not among those which are read.
    static func version(_ what: String, _ found: Int, _ known: ClosedRange<Int>, _ path: String) -> ModelError {
        let remedy =
            found > known.upperBound
            ? "a later CTranslate2 than 4.8 wrote it: convert the model with CTranslate2 4.8, or update dragoman"
            : "convert the model again with CTranslate2 4, if this is its format at all"
        return ModelError(
            .unsupported, file: path, "not a \(what) of CTranslate2's format that is read",
            expected: "\(known.lowerBound) to \(known.upperBound)", found: "\(found)", remedy: remedy)
    }

    private mutating func readVariables(_ cursor: inout ByteCursor) throws(ModelError) {
        let count = Int(try cursor.integer(UInt32.self))
        guard count <= Self.variablesMax else { throw cursor.failure("a file of \(count) variables") }
        for _ in 0..<count {
            let name = revision == 1 ? CTranslate2Names.modern(try Self.string(&cursor)) : try Self.string(&cursor)
            let rank = Int(try cursor.byte())
            guard rank <= Self.rankMax else {
                throw cursor.failure("variable \(ModelError.quoted(name)) has \(rank) extents", at: cursor.position - 1)
            }
            var shape: [Int] = []
            for _ in 0..<rank { shape.append(Int(try cursor.integer(UInt32.self))) }
            let type = try cursor.byte()
            guard let format = version >= 4 ? Format(rawValue: type) : Format(byteCount: type) else {
                throw ModelError(
                    .unsupported, file: path, tensor: name, "its number format is not known",
                    expected: version >= 4 ? "0 to 5" : "1, 2 or 4 bytes an element", found: "\(type)")
            }
            let stated = Int(try cursor.integer(UInt32.self)) * (version >= 4 ? 1 : format.byteCount)
            var elements = 1
            for extent in shape {
                let (product, overflow) = elements.multipliedReportingOverflow(by: extent)
                guard !overflow, product <= Int(UInt32.max) else {
                    throw ModelError(
                        .malformedFile, file: path, tensor: name, "its extents are impossible", found: "\(shape)")
                }
                elements = product
            }
            guard stated == elements * format.byteCount else {
                throw ModelError(
                    .malformedFile, file: path, tensor: name, "its size does not fit its extents \(shape)",
                    expected: "\(elements * format.byteCount) bytes of \(format.words)", found: "\(stated)")
            }
            let variable = Variable(name: name, shape: shape, format: format, range: try cursor.range(of: stated))
            guard variables.updateValue(variable, forKey: ExactString(name)) == nil else {
                throw ModelError(.malformedFile, file: path, tensor: name, "the file has it twice")
            }
        }
    }

    private mutating func readAliases(_ cursor: inout ByteCursor) throws(ModelError) {
        let count = Int(try cursor.integer(UInt32.self))
        guard count <= Self.variablesMax else { throw cursor.failure("a file of \(count) aliases") }
        for _ in 0..<count {
            let alias = try Self.string(&cursor)
            let name = try Self.string(&cursor)
            guard variables[ExactString(name)] != nil else {
                throw ModelError(
                    .malformedFile, file: path, tensor: alias,
                    "it stands for \(ModelError.quoted(name)), which is not there")
            }
            // What levels are worth goes with them.
            for suffix in ["", CTranslate2Names.scaleSuffix] {
                guard let variable = variables[ExactString(name + suffix)] else { continue }
                guard variables.updateValue(variable, forKey: ExactString(alias + suffix)) == nil else {
                    throw ModelError(.malformedFile, file: path, tensor: alias + suffix, "the file has it twice")
                }
            }
        }
    }

    /// Reads a text: its length, which counts the zero behind it, and its bytes.
    private static func string(_ cursor: inout ByteCursor) throws(ModelError) -> String {
        let start = cursor.position
        let length = Int(try cursor.integer(UInt16.self))
        guard length > 0 else { throw cursor.failure("a text without its end", at: start) }
        let text = try cursor.text(of: length - 1)
        guard try cursor.byte() == 0 else { throw cursor.failure("a text without its end", at: start) }
        return text
    }
}

extension CTranslate2File {
    subscript(name: String) -> Variable? { variables[ExactString(name)] }

    func bytes(_ variable: Variable) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: mapping.bytes[variable.range])
    }

    /// The number that a variable without extents holds; nil when the file has no such variable.
    ///
    /// CTranslate2 stores options so: flags and enumerations as int8, counts as int8 to int32, factors as floats.
    func number(_ name: String) throws(ModelError) -> Double? {
        guard let variable = self[name] else { return nil }
        guard variable.shape.reduce(1, *) == 1 else {
            throw ModelError(
                .wrongShape, file: path, tensor: name, "an option is one number", expected: "[]",
                found: "\(variable.shape)")
        }
        return withExtendedLifetime(mapping) { element(0, of: variable) }
    }

    /// The whole number that a variable without extents holds; nil when the file has no such variable.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
        guard let number = try number(name) else { return nil }
        guard let integer = Int(exactly: number), range.contains(integer) else {
            throw ModelError(
                .invalidValue, file: path, tensor: name, "it has a value that it cannot have",
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", found: "\(number)")
        }
        return integer
    }

    func flag(_ name: String, default value: Bool) throws(ModelError) -> Bool {
        try number(name).map { $0 != 0 } ?? value
    }

    /// The text that a variable holds as its bytes; nil when the file has no such variable.
    func text(_ name: String) throws(ModelError) -> String? {
        guard let variable = self[name] else { return nil }
        let text = withExtendedLifetime(mapping) { String(validating: bytes(variable), as: UTF8.self) }
        guard variable.format == .int8, let text else {
            throw ModelError(
                .invalidValue, file: path, tensor: name, "it is not a text", expected: "bytes of UTF-8",
                found: "\(variable.shape) of \(variable.format.words)")
        }
        return text
    }

    /// An element by its row-major index, as the file has it: levels are not scaled.
    func element(_ index: Int, of variable: Variable) -> Double {
        let bytes = bytes(variable)
        func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
            let offset = index * MemoryLayout<Number>.size
            return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
        switch variable.format {
        case .float32: return Double(Float(bitPattern: load(UInt32.self)))
        case .float16: return Double(Float16(bitPattern: load(UInt16.self)))
        case .bfloat16: return Double(Float(bitPattern: UInt32(load(UInt16.self)) << 16))
        case .int8: return Double(load(Int8.self))
        case .int16: return Double(load(Int16.self))
        case .int32: return Double(load(Int32.self))
        }
    }
}
