import CWire
import JobModel

extension Failure: WireMessage {
    init(_ message: Wire__Failure) throws(Flaw) {
        self.init(try message.code.text("code"), try message.message.text("message"))
    }

    func write(to writer: inout MessageWriter) {
        writer.text(1, code)
        writer.text(2, message)
    }
}

extension Fault: WireMessage {
    init(_ message: Wire__Fault) throws(Flaw) {
        self.init(try known("code", message.code.rawValue), try message.message.text("message"))
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, code.rawValue)
        writer.text(2, message)
    }
}
