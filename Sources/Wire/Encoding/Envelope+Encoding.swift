package import JobModel

extension Envelope {
    /// Replaces what `frame` has, and keeps its memory.
    package func encode(into frame: inout [UInt8]) {
        frame.removeAll(keepingCapacity: true)
        var writer = MessageWriter()
        swap(&writer.bytes, &frame)
        writer.number(1, Envelope.version)
        writer.data(2, correlation)
        body.write(to: &writer)
        swap(&writer.bytes, &frame)
    }

    package func encoded() -> [UInt8] {
        var frame: [UInt8] = []
        encode(into: &frame)
        return frame
    }
}
