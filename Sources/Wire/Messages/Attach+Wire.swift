import CWire
import JobModel

extension Attached: WireMessage {
    init(_ message: Wire__Attached) throws(Flaw) {
        self.init(
            epoch: message.epoch, nextSequence: message.next_sequence, lastSequence: message.last_sequence,
            heartbeatMilliseconds: message.heartbeat_ms,
            logID: try message.log_id.optionalLogID("log_id"))
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, epoch)
        writer.number(2, nextSequence)
        writer.number(3, lastSequence)
        writer.number(4, heartbeatMilliseconds)
        writer.data(5, logID?.bytes ?? [])
    }
}

extension ResultCredit: WireMessage {
    init(_ message: Wire__ResultCredit) { self.init(records: message.records, bytes: message.bytes) }

    func write(to writer: inout MessageWriter) {
        writer.number(1, records)
        writer.number(2, bytes)
    }
}
