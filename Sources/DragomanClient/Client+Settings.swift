package import Addresses
import SettingValues

extension Client {
    /// Where the brokers are, who the client is, and how patient.
    public struct Settings: Sendable {
        /// Where jobs are submitted, one for each broker: `tcp://HOST:PORT` or `ipc:///PATH`.
        ///
        /// Of a broker that has standbys, the addresses of all, with commas between; or a name that has them all. The
        /// one that answers is used, and the next when it does not any more.
        public var jobsEndpoints = [BrokerSettings().jobsEndpoint]
        /// Where results are read, one for each broker, in the same way.
        public var resultsEndpoints = [BrokerSettings().resultsEndpoint]
        /// Where the brokers ask for keys.
        public var keys: Keys?
        /// How long jobs stay with a broker that does not answer before they are given to another. The silent one may
        /// have accepted them all the same; where brokers do not share a store, such jobs are translated twice.
        public var failover = Duration.milliseconds(ClientSettings().timeoutMs)
        /// How long a request goes unanswered before it is sent again; then ever longer.
        public var answerTimeout = Duration.seconds(2)
        /// The most jobs, and bytes, of a message; as the brokers are configured, or less.
        public var jobsPerMessage = LimitSettings().jobsPerSubmitMax
        public var bytesPerMessage = BrokerSettings().clientFrameBytesMax
        /// Told, on a thread of the client's, when a broker's address is left for the next: a line for a log.
        public var onMove: @Sendable (String) -> Void = { _ in }
        package var resolver = Resolver.system

        public init() {}

        package var submission: SubmissionSession.Settings {
            var settings = SubmissionSession.Settings(
                endpoints: jobsEndpoints.map { (try? BrokerAddresses($0))?.description ?? $0 })
            settings.failover = failover
            settings.answerTimeout = answerTimeout
            settings.jobsPerFrame = jobsPerMessage
            settings.bytesPerFrame = bytesPerMessage
            return settings
        }
    }

    /// CURVE keys, each 40 characters of Z85, as `dragoman` and `curve_keygen` write them.
    public struct Keys: Sendable {
        /// The client's own.
        public var secretKey: String
        /// That of the brokers, which they share; while it is being changed, the old one and the new one.
        public var serverKeys: [String]

        public init(secretKey: String, serverKey: String) {
            self.init(secretKey: secretKey, serverKeys: [serverKey])
        }

        public init(secretKey: String, serverKeys: [String]) {
            self.secretKey = secretKey
            self.serverKeys = serverKeys
        }
    }
}
