import CWire
import JobModel

extension SearchOptions: WireMessage {
    /// Whether the values make sense is for `problem(named:)` to say.
    init(_ message: Wire__Options) throws(Flaw) {
        self.init()
        for field in OptionField.all { try field.read(message, into: &self) }
    }

    func write(to writer: inout MessageWriter) {
        for field in OptionField.all { field.write(self, to: &writer) }
    }
}

/// An option, and where protobuf-c's struct has it. The places are those that protobuf-c itself goes by: its descriptor
/// of the message.
///
/// Jobs and chunks are read and written by the thousand a second: a field holds no more than that takes, and one that is not
/// given costs a look at its place.
struct OptionField: Sendable {
    private let number: UInt32
    private let name: OptionName
    private let field: SearchOption.Field
    /// In bytes from the struct's start.
    private let offset: Int
    /// The place of the number of elements, or of the number of the field that is there of a oneof; nil for a field
    /// that is always there, and empty, false or unspecified when it is not given.
    private let quantifier: Int?

    static let all = SearchOption.table.map(OptionField.init)

    private init(_ option: SearchOption) {
        let fields = UnsafeBufferPointer(
            start: wire__options__descriptor.fields, count: Int(wire__options__descriptor.n_fields))
        guard let field = fields.first(where: { $0.id == UInt32(option.number) }) else {
            preconditionFailure("the protocol's Options have no field \(option.number), \(option.name.key)")
        }
        number = UInt32(option.number)
        name = option.name
        self.field = option.field
        offset = Int(field.offset)
        quantifier = field.quantifier_offset == 0 ? nil : Int(field.quantifier_offset)
    }

    /// - Parameter options: Has no value of the field yet.
    func read(_ message: Wire__Options, into options: inout SearchOptions) throws(Flaw) {
        switch field {
        case .integer(let path):
            if let value = given(message, UInt32.self) { options[keyPath: path] = Int(value) }
        case .number(let path):
            if let value = given(message, Float.self) { options[keyPath: path] = value }
        case .seed(let path):
            if let value = given(message, UInt64.self) { options[keyPath: path] = value }
        case .flag(let path):
            guard let value = given(message, protobuf_c_boolean.self) else { return }
            // Where false cannot be told from what is not given, it is the same.
            if quantifier != nil || value != 0 { options[keyPath: path] = value != 0 }
        case .rule(let path):
            if let rule = try EarlyStoppingRule?(wire: load(message, at: offset, UInt32.self)) {
                options[keyPath: path] = rule
            }
        case .split(let path):
            if let rule = try SplitRule?(wire: load(message, at: offset, UInt32.self)) { options[keyPath: path] = rule }
        case .markup(let path):
            if let language = try MarkupLanguage?(wire: load(message, at: offset, UInt32.self)) {
                options[keyPath: path] = language
            }
        case .text(let path):
            let text = load(message, at: offset, ProtobufCBinaryData.self)
            if text.len > 0 { options[keyPath: path] = try text.text(name.key) }
        case .texts(let path):
            let count = count(message)
            guard count > 0 else { return }
            let elements = load(message, at: offset, UnsafeMutablePointer<ProtobufCBinaryData>?.self)
            options[keyPath: path] = try texts(name.key, elements, count)
        case .source(let path):
            let count = count(message)
            guard count > 0 else { return }
            let elements = load(message, at: offset, UnsafeMutablePointer<UnsafeMutablePointer<Wire__Source>?>?.self)
            options[keyPath: path] = try optionalMessage(name.key, elements, count, Source.init(_:))
        }
    }

    func write(_ options: SearchOptions, to writer: inout MessageWriter) {
        let number = UInt64(number)
        switch field {
        case .integer(let path):
            if let value = options[keyPath: path] { writer.presentNumber(number, UInt32(clamping: value)) }
        case .number(let path):
            if let value = options[keyPath: path] { writer.presentFloat(number, value) }
        case .seed(let path):
            if let value = options[keyPath: path] { writer.presentNumber(number, value) }
        case .flag(let path):
            guard let value = options[keyPath: path] else { return }
            if quantifier == nil { writer.flag(number, value) } else { writer.presentNumber(number, value ? 1 : 0) }
        case .rule(let path): writer.number(number, options[keyPath: path]?.wire ?? 0)
        case .split(let path): writer.number(number, options[keyPath: path]?.wire ?? 0)
        case .markup(let path): writer.number(number, options[keyPath: path]?.wire ?? 0)
        case .text(let path): writer.text(number, options[keyPath: path] ?? "")
        case .texts(let path): writer.texts(number, options[keyPath: path] ?? [])
        case .source(let path):
            if let source = options[keyPath: path] { writer.message(number, source) }
        }
    }

    /// The value, if it is alone in a oneof and there, or in none.
    private func given<Value: BitwiseCopyable>(_ message: Wire__Options, _ type: Value.Type) -> Value? {
        if let quantifier, load(message, at: quantifier, UInt32.self) != number { return nil }
        return load(message, at: offset, type)
    }

    private func count(_ message: Wire__Options) -> Int {
        quantifier.map { load(message, at: $0, Int.self) } ?? 0
    }

    private func load<Value>(_ message: Wire__Options, at offset: Int, _ type: Value.Type) -> Value {
        withUnsafeBytes(of: message) { $0.load(fromByteOffset: offset, as: type) }
    }
}

extension EarlyStoppingRule {
    fileprivate var wire: UInt32 {
        switch self {
        case .full: 1
        case .heuristic: 2
        case .never: 3
        }
    }
}

extension EarlyStoppingRule? {
    fileprivate init(wire: UInt32) throws(Flaw) {
        switch wire {
        case 0: self = nil
        case 1: self = .full
        case 2: self = .heuristic
        case 3: self = .never
        default: throw .unknown("early_stopping", wire)
        }
    }
}

extension SplitRule {
    fileprivate var wire: UInt32 {
        switch self {
        case .nowhere: 1
        case .newlines: 2
        case .sentences: 3
        }
    }
}

extension SplitRule? {
    fileprivate init(wire: UInt32) throws(Flaw) {
        switch wire {
        case 0: self = nil
        case 1: self = .nowhere
        case 2: self = .newlines
        case 3: self = .sentences
        default: throw .unknown("split", wire)
        }
    }
}

extension MarkupLanguage {
    fileprivate var wire: UInt32 {
        switch self {
        case .html: 1
        case .xml: 2
        }
    }
}

extension MarkupLanguage? {
    fileprivate init(wire: UInt32) throws(Flaw) {
        switch wire {
        case 0: self = nil
        case 1: self = .html
        case 2: self = .xml
        default: throw .unknown("markup", wire)
        }
    }
}
