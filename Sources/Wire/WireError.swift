package import JobModel

/// A frame is not a message of the protocol, or one that breaks its rules.
package struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
    package var fault: Fault
    /// Of the request, as far as it could be read; so that the answer finds its way.
    package var correlation: [UInt8]
    /// Of a worker's answer that breaks a rule: the lease that it is for, where that could be read.
    package var lease: LeaseName?

    package init(_ code: Fault.Code, _ message: String, correlation: [UInt8] = []) {
        fault = Fault(code, message)
        self.correlation = correlation
    }

    /// What to send back.
    package var answer: Envelope { Envelope(.fault(fault), correlation: correlation) }

    package var description: String { fault.message }
}
