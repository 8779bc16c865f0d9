import CWire
import JobModel

extension NamesRequest: WireMessage {
    /// The two messages have the same fields and the same verbs.
    private static let (listVerb, removeVerb): (UInt32, UInt32) = (1, 2)

    init(_ message: Wire__ConsumerRequest) throws(Flaw) {
        try self.init(verb: UInt32(message.verb.rawValue), message.names, message.n_names)
    }

    init(_ message: Wire__ModelRequest) throws(Flaw) {
        try self.init(verb: UInt32(message.verb.rawValue), message.names, message.n_names)
    }

    private init(verb: UInt32, _ names: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int) throws(Flaw) {
        switch verb {
        case Self.listVerb: self = .list
        case Self.removeVerb: self = .remove(try texts("names", names, count, atMost: Limit.name))
        default: throw .unknown("verb", verb)
        }
    }

    func write(to writer: inout MessageWriter) {
        switch self {
        case .list: writer.number(1, Self.listVerb)
        case .remove(let names):
            writer.number(1, Self.removeVerb)
            writer.texts(2, names)
        }
    }
}
