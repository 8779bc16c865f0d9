import CWire
import JobModel

extension ConsumerRequest: WireMessage {
    init(_ message: Wire__ConsumerRequest) throws(Flaw) {
        switch message.verb {
        case WIRE__CONSUMER_REQUEST__VERB__LIST: self = .list
        case WIRE__CONSUMER_REQUEST__VERB__REMOVE:
            self = .remove(try texts("names", message.names, message.n_names, atMost: Limit.name))
        default: throw .unknown("verb", message.verb.rawValue)
        }
    }

    func write(to writer: inout MessageWriter) {
        switch self {
        case .list: writer.number(1, 1)
        case .remove(let names):
            writer.number(1, 2)
            writer.texts(2, names)
        }
    }
}

extension ModelRequest: WireMessage {
    init(_ message: Wire__ModelRequest) throws(Flaw) {
        switch message.verb {
        case WIRE__MODEL_REQUEST__VERB__LIST: self = .list
        case WIRE__MODEL_REQUEST__VERB__REMOVE:
            self = .remove(try texts("names", message.names, message.n_names, atMost: Limit.name))
        default: throw .unknown("verb", message.verb.rawValue)
        }
    }

    func write(to writer: inout MessageWriter) {
        switch self {
        case .list: writer.number(1, 1)
        case .remove(let names):
            writer.number(1, 2)
            writer.texts(2, names)
        }
    }
}
