import CWire
import JobModel

/// A job that the broker does not know has no state, and a number of the protocol.
private let unknownJob: UInt8 = 1

extension JobState? {
    init(_ field: String, _ state: Wire__JobState) throws(Flaw) {
        self = state.rawValue == UInt32(unknownJob) ? nil : try known(field, state.rawValue)
    }

    var wire: UInt8 { self?.rawValue ?? unknownJob }
}
