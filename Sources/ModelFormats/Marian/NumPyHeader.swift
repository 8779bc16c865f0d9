/// What stands before the numbers of an array that NumPy saved (`.npy`; `numpy/lib/format.py`).
struct NumPyHeader: Equatable {
    /// As the file has it: `<f4`.
    private(set) var format = ""
    private(set) var shape: [Int] = []

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let lengthMax = 1 << 16
    private static let rankMax = 32

    /// Reads a header, and leaves the cursor where the numbers begin.
    init(_ cursor: inout ByteCursor) throws(ModelError) {
        let start = cursor.position
        let magic = try cursor.range(of: Self.magic.count)
        guard cursor.bytes[magic].elementsEqual(Self.magic) else {
            throw cursor.failure("not an array of NumPy", at: start)
        }
        let version = try cursor.byte()
        _ = try cursor.byte()
        guard (1...3).contains(version) else { throw cursor.failure("an array of NumPy's version \(version)") }
        let length = version == 1 ? Int(try cursor.integer(UInt16.self)) : Int(try cursor.integer(UInt32.self))
        guard length <= Self.lengthMax else { throw cursor.failure("a header of \(length) bytes") }
        let place = cursor.position
        var rest = Substring(try cursor.text(of: length))
        guard read(&rest) else { throw cursor.failure("the array's header is not as NumPy writes it", at: place) }
    }

    /// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`
    private mutating func read(_ rest: inout Substring) -> Bool {
        var keys: Set<String> = []
        guard Self.skip("{", &rest) else { return false }
        while !Self.skip("}", &rest) {
            guard let key = Self.quoted(&rest), keys.insert(key).inserted, Self.skip(":", &rest) else { return false }
            switch key {
            case "descr":
                guard let value = Self.quoted(&rest) else { return false }
                format = value
            case "fortran_order":
                // A list of lists in the other order; no tool of Marian's makes one.
                guard Self.skip("False", &rest) else { return false }
            case "shape":
                guard let value = Self.extents(&rest) else { return false }
                shape = value
            default: return false
            }
            if !Self.skip(",", &rest), rest.first != "}" { return false }
        }
        return keys.count == 3 && rest.allSatisfy { $0 == " " || $0 == "\n" }
    }

    private static func skip(_ word: String, _ rest: inout Substring) -> Bool {
        rest = rest.drop { $0 == " " }
        guard rest.hasPrefix(word) else { return false }
        rest = rest.dropFirst(word.count).drop { $0 == " " }
        return true
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        guard skip("'", &rest), let end = rest.firstIndex(of: "'") else { return nil }
        defer { rest = rest[rest.index(after: end)...] }
        return String(rest[..<end])
    }

    private static func extents(_ rest: inout Substring) -> [Int]? {
        guard skip("(", &rest) else { return nil }
        var extents: [Int] = []
        while !skip(")", &rest) {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let extent = Int(digits), extents.count < rankMax else { return nil }
            extents.append(extent)
            rest = rest[digits.endIndex...]
            if !skip(",", &rest), rest.first != ")" { return nil }
        }
        return extents
    }
}
