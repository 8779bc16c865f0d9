package import JobModel

/// Messages that wait for a connection, the oldest first. A message with the correlation of another takes its place, so
/// that requests which are made again and again while nobody is there do not pile up.
package struct Outbox: Sendable {
    private var messages: [Envelope] = []

    package init() {}

    package var first: Envelope? { messages.first }

    package mutating func put(_ envelope: Envelope) {
        if let place = messages.firstIndex(where: { $0.correlation == envelope.correlation }) {
            messages[place] = envelope
        } else {
            messages.append(envelope)
        }
    }

    package mutating func removeFirst() { messages.removeFirst() }
}
