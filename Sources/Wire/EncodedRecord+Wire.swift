package import JobModel

extension EncodedRecord {
    package init(_ record: Record) {
        var writer = MessageWriter()
        record.write(to: &writer)
        self.init(sequence: record.sequence, bytes: writer.bytes)
    }

    /// As `Envelope.encode(into:)`, of the envelope that delivers it. The bytes are copied as they are.
    package func encode(epoch: UInt64, into frame: inout [UInt8]) {
        var tail = MessageWriter()
        Record.write(epoch: epoch, to: &tail)
        frame.removeAll(keepingCapacity: true)
        frame.reserveCapacity(frameByteCount)
        var writer = MessageWriter()
        swap(&writer.bytes, &frame)
        writer.number(1, Envelope.version)
        writer.message(61, bytes, tail.bytes)
        swap(&writer.bytes, &frame)
    }
}
