import CWire
import JobModel

/// Reading the fields of unpacked messages. An empty field name stands for an element of a list, whose name the list
/// adds.

extension ProtobufCBinaryData {
    private var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: data, count: len) }

    func text(_ field: String, atMost limit: Int = .max) throws(Flaw) -> String {
        guard len > 0 else { return "" }
        guard len <= limit else { throw Flaw(field, "has \(len) bytes; it may have at most \(limit)") }
        // `String(validating:as:)` takes three times as long as this and `String(decoding:as:)` together.
        guard wire_is_text(data, len) else {
            throw buffer.contains(0)
                ? Flaw(field, "has a NUL character; texts may have none")
                : Flaw(field, "is not UTF-8; encode texts as UTF-8")
        }
        return String(decoding: buffer, as: UTF8.self)
    }

    func optionalText(_ field: String, atMost limit: Int) throws(Flaw) -> String? {
        len == 0 ? nil : try text(field, atMost: limit)
    }

    func bytes(_ field: String, atMost limit: Int) throws(Flaw) -> [UInt8] {
        guard len <= limit else { throw Flaw(field, "has \(len) bytes; it may have at most \(limit)") }
        return [UInt8](buffer)
    }

    func jobID(_ field: String) throws(Flaw) -> JobID {
        guard len == 16 else { throw Flaw(field, "has \(len.counted("byte")); a job's id has 16") }
        let halves = UnsafeRawBufferPointer(buffer)
        return JobID(
            high: UInt64(bigEndian: halves.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: halves.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    func optionalLogID(_ field: String) throws(Flaw) -> LogID? {
        guard len > 0 else { return nil }
        guard let id = LogID(bytes: try bytes(field, atMost: 16)) else {
            throw Flaw(field, "has \(len.counted("byte")); a log's identity has 16")
        }
        return id
    }

    func optionalJobID(_ field: String) throws(Flaw) -> JobID? {
        len == 0 ? nil : try jobID(field)
    }
}

/// The body of an envelope.
func body<Message, Value>(
    _ field: String, _ message: UnsafeMutablePointer<Message>?, _ read: (Message) throws(Flaw) -> Value
) throws(Flaw) -> Value {
    guard let message else { throw Flaw(field, "is missing") }
    do {
        return try read(message.pointee)
    } catch {
        throw error.inside(field)
    }
}

/// A message within a message, which must be there. (See `Scripts/protos` for why it comes as a list.)
func message<Message, Value>(
    _ field: String, _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ read: (Message) throws(Flaw) -> Value
) throws(Flaw) -> Value {
    guard count <= 1 else { throw Flaw(field, "is given \(count) times") }
    return try body(field, count == 0 ? nil : elements?[0], read)
}

func optionalMessage<Message, Value>(
    _ field: String, _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ read: (Message) throws(Flaw) -> Value
) throws(Flaw) -> Value? {
    count == 0 ? nil : try message(field, elements, count, read)
}

func list<Element, Value>(
    _ field: String, _ elements: UnsafeMutablePointer<Element>?, _ count: Int, atMost limit: Int = .max,
    _ read: (Element) throws(Flaw) -> Value
) throws(Flaw) -> [Value] {
    guard let elements, count > 0 else { return [] }
    guard count <= limit else { throw Flaw(field, "has \(count) elements; it may have at most \(limit)") }
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
        do {
            values.append(try read(elements[index]))
        } catch {
            throw error.inside("\(field)[\(index)]")
        }
    }
    return values
}

func messages<Message, Value>(
    _ field: String, _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ read: (Message) throws(Flaw) -> Value
) throws(Flaw) -> [Value] {
    try list(field, elements, count) { (element) throws(Flaw) -> Value in
        guard let element else { throw Flaw("", "is missing") }
        return try read(element.pointee)
    }
}

func texts(
    _ field: String, _ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int, atMost limit: Int = .max
) throws(Flaw) -> [String] {
    try list(field, elements, count) { (element) throws(Flaw) in try element.text("", atMost: limit) }
}

func jobIDs(
    _ field: String, _ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int
) throws(Flaw) -> [JobID] {
    try list(field, elements, count, atMost: Limit.jobs) { (element) throws(Flaw) in try element.jobID("") }
}

func numbers<Number>(_ elements: UnsafeMutablePointer<Number>?, _ count: Int) -> [Number] {
    [Number](UnsafeBufferPointer(start: elements, count: elements == nil ? 0 : count))
}

/// An enum's case whose raw value is the protocol's number.
func known<Value: RawRepresentable<UInt8>>(_ field: String, _ number: UInt32) throws(Flaw) -> Value {
    guard let value = UInt8(exactly: number).flatMap(Value.init(rawValue:)) else { throw .unknown(field, number) }
    return value
}

extension Flaw {
    static func unknown(_ field: String, _ number: UInt32) -> Flaw {
        Flaw(field, "is \(Int32(bitPattern: number)), which this version of the protocol does not know")
    }
}
